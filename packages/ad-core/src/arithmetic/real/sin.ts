import { sinOfTurns } from "./circularKernel.ts";
import { quarterTurns } from "./quarterTurns.ts";

/**
 * Sine, `sin(x)`, of an angle of any size.
 *
 * `sin(±0) = ±0`, `sin(±Infinity) = NaN`; exactly odd.
 * Cost: above 1.6e6 the reduction multiplies by 2/pi in digits, about four times the time of a small angle.
 * Error: at most 0.52 ulp on the samples of the law "sin errs by at most 0.52 units in the last place".
 *
 * @param x - radians
 * @returns from -1 to 1
 * @example
 * sin(1) // 0.8414709848078965
 * sin(1e22) // -0.8522008497671888
 */
export function sin(x: number): number {
  if (x === 0) return x;
  const magnitude = Math.abs(x);
  if (!(magnitude < Infinity)) return NaN;
  const y = sinOfTurns(quarterTurns(magnitude));
  return x < 0 ? -y : y;
}
