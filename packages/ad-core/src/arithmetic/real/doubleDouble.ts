/**
 * Sums of two doubles: `hi + lo` carries about 106 bits.
 *
 * A kernel returns the high part and leaves the low part in `tail[0]`, read at once by its caller: so no call
 * allocates. Without a fused multiply-add, the error of a product comes from splitting the factors.
 */

/** The low part of the last kernel's result. */
export const tail: Float64Array = new Float64Array(1);

/**
 * What rounding took from a sum: `a + b = sum + error`, exactly.
 *
 * @param a - any double
 * @param b - any double
 * @param sum - the rounded `a + b`
 * @returns the error
 */
export function sumError(a: number, b: number, sum: number): number {
  const part = sum - a;
  return a - (sum - part) + (b - part);
}

/**
 * What rounding took from a product: `a * b = product + error`, exactly while nothing over- or underflows.
 *
 * @param a - a double below 2^996
 * @param b - a double below 2^996
 * @param product - the rounded `a * b`
 * @returns the error
 */
export function productError(a: number, b: number, product: number): number {
  const scaledA = 134217729 * a;
  const highA = scaledA - (scaledA - a);
  const lowA = a - highA;
  const scaledB = 134217729 * b;
  const highB = scaledB - (scaledB - b);
  const lowB = b - highB;
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}
