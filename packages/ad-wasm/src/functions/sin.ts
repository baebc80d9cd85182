import { constant, select } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { sinOfTurns } from "./circularKernel.ts";
import { abs, equal, less, neg, not } from "./formula.ts";
import { quarterTurns } from "./quarterTurns.ts";

/** Writes the function `sin(x)`. */
export function sin(module: ModuleBuilder, f: FunctionBuilder, x: Local): void {
  f.if(equal(x, 0), () => f.return(x));
  const magnitude = f.let(abs(x));
  f.if(not(less(magnitude, Infinity)), () => f.return(constant("f64", NaN)));
  const y = sinOfTurns(module, f, quarterTurns(module, f, magnitude));
  f.result(select(less(x, 0), neg(y), y));
}
