// `log(1 + x)` of two doubles, operation by operation as that of one number.
import { type Expression, op } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { sumError } from "../doubleDouble.ts";
import { abs, add, greater, less, mul, sub } from "../formula.ts";
import { logSum } from "../logKernel.ts";
import { type Both, chosen, constantsOf } from "./lanes.ts";
import { logPlaceOf } from "./logPlace.ts";

/** Writes `log(1 + x)` of two doubles. */
export function log1p(module: ModuleBuilder, f: FunctionBuilder, x: Local): Both {
  const [lower, upper, least, limit] = constantsOf(module, "vector log1p", [-0.0019, 0.0039, 1e-17, 2 ** 1000]);
  const sum = f.let(add(1, x));
  const { base, lowBase, r, c, scale } = logPlaceOf(module, f, sum);
  const shift = f.let(mul(sumError(f, 1, x, sum), c, scale));
  // Near 0 the sum is the series in x alone.
  const isNear = f.let(op("v128.and", greater(x, lower), less(x, upper)));
  const far = (value: Expression): Local => f.let(op("v128.andnot", value, isNear));
  const { hi } = logSum(f, far(base), far(lowBase), f.let(chosen(isNear, x, r)), far(sub(shift, mul(shift, r))));
  const isSure = op("v128.and", greater(x, -1), less(x, limit));
  return { y: chosen(less(abs(x), least), x, hi), isSure };
}
