// `exp(x) - 1` of two doubles, operation by operation as that of one number.
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { abs, less } from "../formula.ts";
import { type Both, chosen, constantsOf } from "./lanes.ts";
import { expm1Pair } from "./steps.ts";

/** Writes `exp(x) - 1` of two doubles. */
export function expm1(module: ModuleBuilder, f: FunctionBuilder, x: Local): Both {
  const [least, most] = constantsOf(module, "vector expm1", [1e-17, 50]);
  const size = f.let(abs(x));
  const { hi } = expm1Pair(module, f, x);
  return { y: chosen(less(size, least), x, hi), isSure: less(size, most) };
}
