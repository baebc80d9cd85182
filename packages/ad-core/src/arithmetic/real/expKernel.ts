/** `exp` of a sum of two doubles: 2^(n/128) from a table times a Taylor polynomial on |r| < 0.0028. */
import { powerOfTwo } from "./bits.ts";
import { productError, sumError, tail } from "./doubleDouble.ts";
import { expTable } from "./expTable.generated.ts";
import { atLeastScale } from "./leastScale.ts";

const stepsPerUnit = 184.6649652337873;
// log(2)/128 in two parts; the first is a multiple of 2^-42, so that n times it is exact.
const stepHigh = 0.0054152123482253955;
const stepLow = -1.0082281460997769e-13;
// Adding and subtracting 1.5 * 2^52 rounds to the nearest integer.
const rounder = 6755399441055744;

/** `exp(r) - 1 - r` for |r| < 0.0028, cut after r^6. */
function expTail(r: number): number {
  return r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))));
}

/**
 * `exp(hi + lo)`, rounded once from about 62 bits, over and underflowing as it should.
 *
 * @param hi - any double but NaN
 * @param lo - at most an ulp of hi
 * @returns the rounded exponential, 0.51 ulp
 */
export function expOfSum(hi: number, lo: number): number {
  if (hi > 710) return Infinity;
  if (hi < -746) return 0;
  const n = hi * stepsPerUnit + rounder - rounder;
  const index = n & 127;
  const power = (n - index) / 128;
  const first = hi - n * stepHigh;
  const second = n * stepLow - lo;
  const r = first - second;
  const rest = first - r - second;
  const factor = expTable[2 * index] as number;
  const small = (expTable[2 * index + 1] as number) + factor * (r + (rest + expTail(r)));
  if (power < -1021 || power > 1022) return scaleExtreme(factor, small, power);
  return (factor + small) * powerOfTwo(power);
}

/** `(factor + small) 2^power` where the result may be subnormal or too large. */
function scaleExtreme(factor: number, small: number, power: number): number {
  if (power > 0) return (factor + small) * 2 * powerOfTwo(power - 1);
  return atLeastScale(factor * powerOfTwo(power + 1022), small * powerOfTwo(power + 1022));
}

/**
 * `exp(x) - 1` as a double-double: the high part is returned, the low part left in `tail[0]`.
 *
 * @param x - from -50 to 700
 * @returns the high part; with the tail, a relative error below 2^-61
 */
export function expm1Pair(x: number): number {
  const n = x * stepsPerUnit + rounder - rounder;
  const index = n & 127;
  const first = x - n * stepHigh;
  const r = first - n * stepLow;
  const rest = first - r - n * stepLow;
  const curve = expTail(r);
  const p = r + curve;
  const lowP = r - p + curve + rest;
  if (n === 0) {
    tail[0] = lowP;
    return p;
  }
  const scale = powerOfTwo((n - index) / 128);
  const factor = (expTable[2 * index] as number) * scale;
  const lowFactor = (expTable[2 * index + 1] as number) * scale;
  const product = factor * p;
  const base = factor - 1;
  const sum = base + product;
  const lowProduct = productError(factor, p, product) + factor * lowP + lowFactor * (1 + p);
  const low = sumError(factor, -1, base) + sumError(base, product, sum) + lowProduct;
  const y = sum + low;
  tail[0] = sum - y + low;
  return y;
}
