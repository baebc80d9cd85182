// `exp` of two doubles, operation by operation as that of one number.
import { op } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { stepHigh, stepLow, tailFactors } from "../expKernel.ts";
import { abs, add, less, mul, series, sub } from "../formula.ts";
import { type Both, constantsOf } from "./lanes.ts";
import { stepsOf } from "./steps.ts";

/** Up to this size no result over- or underflows, and powers of two are normal doubles. */
const ordinary = 700;

/** Writes `exp` of two doubles. */
export function exp(module: ModuleBuilder, f: FunctionBuilder, x: Local): Both {
  const [high, rest, limit, least] = constantsOf(module, "vector exp", [stepHigh, stepLow, ordinary, -746]);
  const { n, factor, low, power } = stepsOf(module, f, x);
  const first = f.let(sub(x, mul(n, high)));
  const second = f.let(mul(n, rest));
  const r = f.let(sub(first, second));
  const tail = mul(r, r, series(r, ...constantsOf(module, "vector exp tail", tailFactors)));
  const small = add(low, mul(factor, add(r, add(sub(sub(first, r), second), tail))));
  const isZero = f.let(less(x, least));
  const y = op("v128.andnot", mul(add(factor, small), power), isZero);
  return { y, isSure: op("v128.or", less(abs(x), limit), isZero) };
}
