import { sinOfTurns } from "./circularKernel.ts";
import { quarterTurns } from "./quarterTurns.ts";

/**
 * Cosine, `cos(x)`, of an angle of any size.
 *
 * `cos(±0) = 1`, `cos(±Infinity) = NaN`; exactly even.
 * Cost: above 1.6e6 the reduction multiplies by 2/pi in digits, about four times the time of a small angle.
 * Error: at most 0.52 ulp on the samples of the law "cos errs by at most 0.52 units in the last place".
 *
 * @param x - radians
 * @returns from -1 to 1
 * @example
 * cos(1) // 0.5403023058681398
 */
export function cos(x: number): number {
  const magnitude = Math.abs(x);
  return magnitude < Infinity ? sinOfTurns(quarterTurns(magnitude) + 1) : NaN;
}
