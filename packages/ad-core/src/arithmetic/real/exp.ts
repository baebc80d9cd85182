import { expOfSum } from "./expKernel.ts";

/**
 * Exponential, `exp(x) = e^x`.
 *
 * `exp(±0) = 1`, `exp(-Infinity) = 0`; overflows above 709.78, and is rounded once where the result is subnormal.
 * Error: at most 0.51 ulp on the samples of the law "exp errs by at most 0.52 units in the last place".
 *
 * @param x - any double
 * @returns not negative
 * @example
 * exp(1) // 2.718281828459045
 * exp(-745) // 5e-324
 */
export function exp(x: number): number {
  return Number.isNaN(x) ? NaN : expOfSum(x, 0);
}
