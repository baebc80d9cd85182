import { logPair } from "./logKernel.ts";

/**
 * Natural logarithm, `log(x)`.
 *
 * `log(1) = 0`, `log(±0) = -Infinity`, `log(Infinity) = Infinity`; NaN below 0.
 * Error: at most 0.51 ulp on the samples of the law "log errs by at most 0.52 units in the last place".
 *
 * @param x - not negative
 * @returns the logarithm
 * @example
 * log(10) // 2.302585092994046
 */
export function log(x: number): number {
  if (x > 0 && x < Infinity) return logPair(x, 0);
  if (x === 0) return -Infinity;
  return x < 0 ? NaN : x;
}
