// Whether one operation on doubles was rounded, by transformations that find its error exactly.

/** Products below it may have errors that underflow. */
const smallest = 2 ** -960;
/** Factors above it overflow when they are split. */
const largest = 2 ** 995;
const splitter = 2 ** 27 + 1;

/**
 * Whether `a + b` is exactly `sum`.
 *
 * @see [Knuth98] TwoSum
 */
export function isExactSum(a: number, b: number, sum: number): boolean {
  if (!Number.isFinite(sum) || a + b !== sum) return false;
  const second = sum - a;
  return a - (sum - second) + (b - second) === 0;
}

/** The upper half of the digits. */
function upper(a: number): number {
  const scaled = splitter * a;
  return scaled - (scaled - a);
}

/**
 * Whether `a * b` is exactly `product`. Near the ends of the range the answer is no, whatever is true.
 *
 * @see [Dekker71] TwoProduct
 */
export function isExactProduct(a: number, b: number, product: number): boolean {
  if (a === 0 || b === 0) return product === 0;
  if (a * b !== product || !(Math.abs(product) > smallest && Math.abs(product) < largest)) return false;
  if (Math.abs(a) > largest || Math.abs(b) > largest) return false;
  const [aHigh, bHigh] = [upper(a), upper(b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow) === 0;
}

/** Whether `a / b` is exactly `quotient`. */
export const isExactQuotient = (a: number, b: number, quotient: number): boolean =>
  Number.isFinite(quotient) && b !== 0 && isExactProduct(quotient, b, a);
