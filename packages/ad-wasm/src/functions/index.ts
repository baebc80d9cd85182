// The elementary functions of the engine, operation by operation as in the reference: so the bits are the same.
import type { FunctionBuilder, FunctionRef, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { cos } from "./cos.ts";
import { erf } from "./erf.ts";
import { exp } from "./exp.ts";
import { expm1 } from "./expm1.ts";
import { log } from "./log.ts";
import { log1p } from "./log1p.ts";
import { pow } from "./pow.ts";
import { sin } from "./sin.ts";
import { tanh } from "./tanh.ts";

/** The functions of one real number, and the power. */
export type RealName = "exp" | "expm1" | "log" | "log1p" | "sin" | "cos" | "tanh" | "erf" | "pow";

const unary = { exp, expm1, log, log1p, sin, cos, tanh, erf } as const;

/** The function of that name in a module, made once: from f64 to f64; the power takes two. */
export function realFunction(module: ModuleBuilder, name: RealName): FunctionRef {
  if (name === "pow") {
    return module.function("real pow", ["f64", "f64"], "f64", (f, x, y) => pow(module, f, x as Local, y as Local));
  }
  const write: (module: ModuleBuilder, f: FunctionBuilder, x: Local) => void = unary[name];
  return module.function(`real ${name}`, ["f64"], "f64", (f, x) => write(module, f, x as Local));
}

/** Whether something is the name of a function of one real number. */
export const isReal = (name: string): name is Exclude<RealName, "pow"> => Object.hasOwn(unary, name);
