/** `log` as a double-double: `x = 2^k m`, a short reciprocal c of m from a table, and a series in `r = c m - 1`. */
import { highWord, powerOfTwo } from "./bits.ts";
import { productError, sumError, tail } from "./doubleDouble.ts";
import { logTable } from "./logTable.generated.ts";

// log(2) in two parts; the first is a multiple of 2^-42, so that k times it is exact.
const ln2High = 0.6931471805598903;
const ln2Low = 5.497923018708371e-14;
/** Upper word of 0.703125, where the table starts. */
const start = 0x3fe68000;

/** `log(1 + r) - r + r^2/2` for |r| < 0.004, cut after r^9. */
function logTail(r: number): number {
  const upper = 1 / 6 - r * (1 / 7 - r * (1 / 8 - r * (1 / 9)));
  return r * r * r * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * upper)));
}

/**
 * `log(x + rest)` as a double-double: the high part is returned, the low part left in `tail[0]`.
 *
 * @param x - positive and finite
 * @param rest - at most half an ulp of x
 * @returns the high part; with the tail, a relative error below 2^-68
 */
export function logPair(x: number, rest: number): number {
  const isSubnormal = x < 2.2250738585072014e-308;
  const normal = isSubnormal ? x * 18014398509481984 : x;
  const offset = highWord(normal) - start;
  const exponent = offset >> 20;
  const k = isSubnormal ? exponent - 54 : exponent;
  const m = normal * powerOfTwo(-exponent);
  const row = 3 * ((offset >> 12) & 255);
  const c = logTable[row] as number;
  // Each half of m times c is exact, c being short, and so is their sum less 1.
  const scaled = 134217729 * m;
  const half = scaled - (scaled - m);
  const r = c * half - 1 + c * (m - half);
  const shift = rest === 0 ? 0 : rest * c * powerOfTwo(-k);
  const base = k * ln2High + (logTable[row + 1] as number);
  const lowBase = k * ln2Low + (logTable[row + 2] as number);
  return logSum(base, lowBase, r, shift - shift * r);
}

/** `base + lowBase + log(1 + r) + shift`. */
function logSum(base: number, lowBase: number, r: number, shift: number): number {
  const half = 0.5 * r;
  const square = r * half;
  const sum = base + r;
  const head = sum - square;
  const low =
    sum - head - square + (sumError(base, r, sum) + (lowBase - productError(r, half, square) + (shift + logTail(r))));
  const y = head + low;
  tail[0] = head - y + low;
  return y;
}

/**
 * `log(1 + r)` as a double-double for small r, which needs no table.
 *
 * @param r - from -0.0019 to 0.0039
 * @returns the high part; the low part is in `tail[0]`
 */
export function logNearOne(r: number): number {
  return logSum(0, 0, r, 0);
}
