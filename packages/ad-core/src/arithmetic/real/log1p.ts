import { sumError } from "./doubleDouble.ts";
import { logNearOne, logPair } from "./logKernel.ts";

/**
 * Natural logarithm of one more, `log1p(x) = log(1 + x)`, accurate where x is small.
 *
 * `log1p(±0) = ±0`, `log1p(-1) = -Infinity`, `log1p(Infinity) = Infinity`; NaN below -1.
 * Error: at most 0.51 ulp on the samples of the law "log1p errs by at most 0.52 units in the last place".
 *
 * @param x - not below -1
 * @returns the logarithm
 * @example
 * log1p(1e-10) // 9.999999999500001e-11
 */
export function log1p(x: number): number {
  if (x > -0.0019 && x < 0.0039) return x < 1e-17 && x > -1e-17 ? x : logNearOne(x);
  if (x > -1 && x < Infinity) {
    const sum = 1 + x;
    return logPair(sum, sumError(1, x, sum));
  }
  if (x === -1) return -Infinity;
  return x < -1 ? NaN : x;
}
