import { productError, tail } from "./doubleDouble.ts";
import { expm1Pair } from "./expKernel.ts";

/**
 * Hyperbolic tangent, `tanh(x) = E / (E + 2)` with `E = e^(2 x) - 1`.
 *
 * `tanh(±0) = ±0`, `tanh(±Infinity) = ±1`; exactly odd.
 * Error: at most 0.51 ulp on the samples of the law "tanh errs by at most 0.52 units in the last place".
 *
 * @param x - any double
 * @returns from -1 to 1
 * @example
 * tanh(1) // 0.7615941559557649
 */
export function tanh(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude >= 1e-9)) return x;
  const y = magnitude > 20 ? 1 : tanhOfPositive(magnitude);
  return x < 0 ? -y : y;
}

/** `E / (E + 2)` with `E = expm1(2 x)` as a double-double, and one correction of the quotient. */
function tanhOfPositive(x: number): number {
  const e = expm1Pair(2 * x);
  const low = tail[0] as number;
  const sum = e + 2;
  const lowSum = (e > 2 ? e - sum + 2 : 2 - sum + e) + low;
  const quotient = e / sum;
  const product = quotient * sum;
  const missing = e - product - productError(quotient, sum, product) + (low - quotient * lowSum);
  return quotient + missing / sum;
}
