// `log` of two doubles, operation by operation as that of one number.
import { op } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { less } from "../formula.ts";
import { logSum } from "../logKernel.ts";
import { type Both, constantsOf } from "./lanes.ts";
import { logPlaceOf } from "./logPlace.ts";

/** Writes `log` of two doubles. */
export function log(module: ModuleBuilder, f: FunctionBuilder, x: Local): Both {
  const [least, limit] = constantsOf(module, "vector log", [2.2250738585072014e-308, Infinity]);
  const { base, lowBase, r } = logPlaceOf(module, f, x);
  const isNormal = op("v128.and", op("f64x2.ge", x, least), less(x, limit));
  return { y: logSum(f, base, lowBase, r, 0).hi, isSure: isNormal };
}
