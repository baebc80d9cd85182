/** Reduction of an angle: `x = n pi/2 + r` with |r| at most pi/4, to about 120 bits. */
import { highWord, powerOfTwo } from "./bits.ts";
import { productError, sumError, tail } from "./doubleDouble.ts";
import { twoOverPiTable } from "./twoOverPiTable.generated.ts";

// pi/2 in four parts: three of 33 bits, so that n < 2^20 times each is exact, and the rest.
const part1 = 1.5707963267341256;
const part2 = 6.077100506303966e-11;
const part3 = 2.0222662487111665e-21;
const part4 = 8.4784276603689e-32;
const halfPiHigh = 1.5707963267948966;
const halfPiLow = 6.123233995736766e-17;
const twoOverPi = 0.6366197723675814;
// Adding and subtracting 1.5 * 2^52 rounds to the nearest integer.
const rounder = 6755399441055744;
// Powers of the base 2^24 in which 2/pi is tabulated.
const radix = 16777216;
const radix2 = radix * radix;
const radix3 = radix2 * radix;
const radix4 = radix2 * radix2;
const radix6 = radix4 * radix2;

/** The angle left over; its low part is in `tail[0]`. */
export const remainder: Float64Array = new Float64Array(1);
const columns = new Float64Array(7);

/**
 * The number of quarter turns nearest to x, modulo 4; the angle left over is put in `remainder[0]` and `tail[0]`.
 *
 * @param x - a finite double, not negative
 * @returns an integer whose last two bits are those of n
 */
export function quarterTurns(x: number): number {
  if (x <= 0.7853981633974483) {
    remainder[0] = x;
    tail[0] = 0;
    return 0;
  }
  return x < 1600000 ? smallTurns(x) : largeTurns(x);
}

/** Subtracts n pi/2 part by part. */
function smallTurns(x: number): number {
  const n = x * twoOverPi + rounder - rounder;
  const first = x - n * part1;
  const product2 = n * part2;
  const second = first - product2;
  const product3 = n * part3;
  const third = second - product3;
  const low = sumError(first, -product2, second) + (sumError(second, -product3, third) - n * part4);
  const r = third + low;
  remainder[0] = r;
  tail[0] = third - r + low;
  return n;
}

/** Multiplies x by those digits of 2/pi that are neither multiples of 4 turns nor below 2^-140 turns. */
function largeTurns(x: number): number {
  const exponent = (highWord(x) >>> 20) - 1075;
  // x = digits 2^(24 q), where digits has at most 77 bits.
  const q = Math.floor(exponent / 24);
  const digits = x * powerOfTwo(-24 * q);
  const d3 = Math.floor(digits / radix3);
  const rest3 = digits - d3 * radix3;
  const d2 = Math.floor(rest3 / radix2);
  const rest2 = rest3 - d2 * radix2;
  const d1 = Math.floor(rest2 / radix);
  const d0 = rest2 - d1 * radix;
  for (let t = 0; t < 7; t += 1) {
    const i = q + t + 3;
    columns[t] =
      d0 * (twoOverPiTable[i] as number) +
      d1 * (twoOverPiTable[i + 1] as number) +
      d2 * (twoOverPiTable[i + 2] as number) +
      d3 * (twoOverPiTable[i + 3] as number);
  }
  for (let t = 6; t > 0; t -= 1) {
    const carry = Math.floor((columns[t] as number) / radix);
    columns[t] = (columns[t] as number) - carry * radix;
    columns[t - 1] = (columns[t - 1] as number) + carry;
  }
  return turnsFromColumns();
}

/** Splits the columns into the nearest integer and a signed fraction, and turns the fraction into an angle. */
function turnsFromColumns(): number {
  const fraction1 = pairOfDigits(1) / radix2;
  const roundUp = fraction1 >= 0.5 ? 1 : 0;
  const first = fraction1 - roundUp;
  const second = pairOfDigits(3) / radix4;
  const third = pairOfDigits(5) / radix6;
  const sum = first + second;
  const low = sumError(first, second, sum) + third;
  const hi = sum + low;
  const lo = sum - hi + low;
  const product = hi * halfPiHigh;
  const productLow = productError(hi, halfPiHigh, product) + (hi * halfPiLow + lo * halfPiHigh);
  const r = product + productLow;
  remainder[0] = r;
  tail[0] = product - r + productLow;
  // The column of the units is below 2^53; only its last two bits matter.
  const units = columns[0] as number;
  return units - Math.floor(units / 4) * 4 + roundUp;
}

function pairOfDigits(t: number): number {
  return (columns[t] as number) * radix + (columns[t + 1] as number);
}
