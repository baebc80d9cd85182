// Functions of two doubles in a vector, with the bits of the functions of one.
import { type Expression, lane, op, withLane } from "../../encoding/expression.ts";
import { call, type FunctionBuilder, type FunctionRef, type Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { type RealName, realFunction } from "../index.ts";
import { erf } from "./erf.ts";
import { exp } from "./exp.ts";
import { expm1 } from "./expm1.ts";
import type { Both } from "./lanes.ts";
import { log } from "./log.ts";
import { log1p } from "./log1p.ts";
import { tanh } from "./tanh.ts";

type Write = (module: ModuleBuilder, f: FunctionBuilder, x: Local) => Both;

const writers: Readonly<Partial<Record<RealName, Write>>> = { erf, exp, expm1, log, log1p, tanh };

/** The function of that name of two doubles, made once: from v128 to v128; null where there is only that of one. */
export function realVector(module: ModuleBuilder, name: RealName): FunctionRef | null {
  const write = writers[name];
  if (!write) return null;
  const one = realFunction(module, name);
  return module.function(`vector ${name}`, ["v128"], "v128", (f, ...params) => {
    const [x] = params as [Local];
    const { y, isSure } = write(module, f, x);
    if (!isSure) return f.result(y);
    const result = f.let(y);
    f.if(op("i64x2.all_true", isSure), () => f.return(result));
    const [low, high] = [0, 1].map((i) => call(one, lane("f64x2", x, i))) as [Expression, Expression];
    f.result(withLane("f64x2", op("f64x2.splat", low), 1, high));
  });
}
