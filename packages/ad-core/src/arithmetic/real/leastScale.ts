import { powerOfTwo } from "./bits.ts";
import { sumError } from "./doubleDouble.ts";

/**
 * `(head + low) 2^-1022`, rounded once, also where the result is subnormal.
 *
 * Adding 1 puts the last bit of the sum where the last subnormal bit is.
 *
 * @param head - not negative
 * @param low - small against head
 * @returns the rounded product
 */
export function atLeastScale(head: number, low: number): number {
  if (head + low >= 1) return (head + low) * powerOfTwo(-1022);
  const shifted = 1 + head;
  return (shifted + (sumError(1, head, shifted) + low) - 1) * powerOfTwo(-1022);
}
