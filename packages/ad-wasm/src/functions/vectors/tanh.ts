// `tanh` of two doubles, operation by operation as that of one number.
import { op } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { abs, add } from "../formula.ts";
import { tanhOfExpm1 } from "../tanh.ts";
import { type Both, chosen, constantsOf, withSign } from "./lanes.ts";
import { expm1Pair } from "./steps.ts";

/** Writes `tanh` of two doubles. */
export function tanh(module: ModuleBuilder, f: FunctionBuilder, x: Local): Both {
  // From 20 on the result is that of 20.
  const [most, least] = constantsOf(module, "vector tanh", [20, 1e-9]);
  const size = f.let(abs(x));
  const limited = f.let(op("f64x2.pmin", most, size));
  const y = tanhOfExpm1(f, expm1Pair(module, f, f.let(add(limited, limited))));
  return { y: chosen(op("f64x2.ge", size, least), withSign(y, x), x), isSure: null };
}
