/**
 * An independent measure of the real functions: values to about 180 bits, in BigInt fixed point.
 *
 * Nothing here is shared with the code under test. Where a host function appears it is only a first guess,
 * and what the guess lacks is added back by a series, so the result does not depend on it.
 */

/** A real number `mantissa * 2^exponent`, exact or to about 180 significant bits. */
export interface Real {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const bits = 192;
const shift = BigInt(bits);
const one = 1n << shift;
const wideBits = 1400;

const word = new DataView(new ArrayBuffer(8));

/** The exact value of a finite double. */
export function realFromDouble(x: number): Real {
  word.setFloat64(0, x);
  const high = word.getUint32(0);
  const field = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(word.getUint32(4));
  const mantissa = field === 0 ? fraction : fraction | (1n << 52n);
  return { mantissa: high >>> 31 === 1 ? -mantissa : mantissa, exponent: Math.max(field, 1) - 1075 };
}

function shifted(value: bigint, by: number): bigint {
  return by >= 0 ? value << BigInt(by) : value >> BigInt(-by);
}

function fixedFromReal(x: Real, fractionBits: number = bits): bigint {
  return shifted(x.mantissa, x.exponent + fractionBits);
}

function realFromFixed(value: bigint): Real {
  return { mantissa: value, exponent: -bits };
}

/** Sum of two reals, exact. */
export function add(a: Real, b: Real): Real {
  const exponent = Math.min(a.exponent, b.exponent);
  return {
    mantissa: shifted(a.mantissa, a.exponent - exponent) + shifted(b.mantissa, b.exponent - exponent),
    exponent,
  };
}

/** Product of two reals, exact. */
export function multiply(a: Real, b: Real): Real {
  return { mantissa: a.mantissa * b.mantissa, exponent: a.exponent + b.exponent };
}

/** Quotient of two reals, to at least 200 bits. */
export function divide(a: Real, b: Real): Real {
  const extra = Math.max(0, 200 + bitLength(b.mantissa) - bitLength(a.mantissa));
  return { mantissa: (a.mantissa << BigInt(extra)) / b.mantissa, exponent: a.exponent - b.exponent - extra };
}

/** The opposite of a real. */
export function negate(a: Real): Real {
  return { mantissa: -a.mantissa, exponent: a.exponent };
}

function bitLength(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude >> 1000n !== 0n) return 1000 + bitLength(magnitude >> 1000n);
  const guess = Math.floor(Math.log2(Number(magnitude)));
  if (magnitude === 0n) return 0;
  for (let length = Math.max(0, guess - 1); ; length += 1) if (magnitude >> BigInt(length) === 0n) return length;
}

/** The double nearest to a real of normal size, ties to even. */
export function doubleFromReal(x: Real): number {
  const excess = Math.max(0, bitLength(x.mantissa) - 900);
  const exponent = x.exponent + excess;
  const half = Math.trunc(exponent / 2);
  return Number(x.mantissa >> BigInt(excess)) * 2 ** half * 2 ** (exponent - half);
}

/** Distance of a double from the exact value, in units of the last place of the exact value's binade. */
export function ulpError(actual: number, exact: Real): number {
  if (Number.isNaN(actual)) return Infinity;
  // From the midpoint above the greatest double on, Infinity is the rounded result.
  const limit: Real = { mantissa: (1n << 54n) - 1n, exponent: 970 };
  if (actual === Infinity && add(exact, negate(limit)).mantissa >= 0n) return 0;
  const bounded: Real = Number.isFinite(actual)
    ? realFromDouble(actual)
    : { mantissa: actual > 0 ? 1n : -1n, exponent: 1024 };
  const difference = add(bounded, negate(exact));
  const unit = Math.max(bitLength(exact.mantissa) - 1 + exact.exponent - 52, -1074);
  const excess = bitLength(difference.mantissa) - 60;
  if (difference.mantissa === 0n) return 0;
  return Math.abs(Number(shifted(difference.mantissa, -excess))) * 2 ** (difference.exponent + excess - unit);
}

/** `atanh(s) / s = sum over n of s^(2 n) / (2 n + 1)` from the square of s in fixed point. */
function areaSeries(square: bigint, fractionBits: bigint): bigint {
  let sum = 0n;
  let power = 1n << fractionBits;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = (power * square) >> fractionBits;
  }
  return sum;
}

/** `atan(1/n)` (sign -1) or `atanh(1/n)` (sign 1) in fixed point of the wide format. */
function inverseSeries(n: bigint, sign: bigint): bigint {
  let sum = 0n;
  let power = (1n << BigInt(wideBits)) / n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power = (sign * power) / (n * n);
  }
  return sum;
}

const widePi = 16n * inverseSeries(5n, -1n) - 4n * inverseSeries(239n, -1n);
const wideLn2 = 2n * inverseSeries(3n, 1n);
const ln2 = wideLn2 >> BigInt(wideBits - bits);

/** pi to 1390 bits. */
export const pi: Real = { mantissa: widePi, exponent: -wideBits };

/** log 2 to 1390 bits. */
export const logTwo: Real = { mantissa: wideLn2, exponent: -wideBits };

/** 2 / sqrt(pi) to 180 bits. */
export const twoOverRootPi: Real = realFromFixed(
  squareRoot((4n << (3n * shift)) / (widePi >> BigInt(wideBits - bits))),
);

/** Integer square root by Newton's iteration from above. */
function squareRoot(value: bigint): bigint {
  let root = 1n << BigInt((bitLength(value) >> 1) + 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** `exp` of a fixed point number: reduce by log 2, divide by 256, Taylor, square eight times. */
export function expReal(x: Real): Real {
  const value = fixedFromReal(x);
  const k = (value + (ln2 >> 1n)) / ln2 - (value + (ln2 >> 1n) < 0n ? 1n : 0n);
  const r = (value - k * ln2) >> 8n;
  let sum = one;
  let term = one;
  for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
    term = ((term * r) >> shift) / n;
    sum += term;
  }
  for (let n = 0; n < 8; n += 1) sum = (sum * sum) >> shift;
  return { mantissa: sum, exponent: Number(k) - bits };
}

function isBelow(x: Real, exponent: number): boolean {
  return bitLength(x.mantissa) + x.exponent <= exponent;
}

/** `exp(x) - 1`, by its own series below 1/4 so that nothing cancels. */
export function expm1Real(x: Real): Real {
  if (!isBelow(x, -2)) return add(expReal(x), { mantissa: -1n, exponent: 0 });
  const r = fixedFromReal(x);
  let sum = one;
  let term = one;
  for (let n = 2n; term !== 0n && term !== -1n; n += 1n) {
    term = ((term * r) >> shift) / n;
    sum += term;
  }
  return multiply(x, realFromFixed(sum));
}

/** `log(1 + x)`; the guess may be any double near the result. */
export function log1pReal(x: Real, guess: number): Real {
  const unit: Real = { mantissa: 1n, exponent: 0 };
  if (isBelow(x, -10)) {
    const factor = divide(unit, add(x, { mantissa: 2n, exponent: 0 }));
    const s = fixedFromReal(multiply(x, factor));
    return multiply(multiply(x, factor), realFromFixed(2n * areaSeries((s * s) >> shift, shift)));
  }
  const d = fixedFromReal(multiply(add(x, unit), expReal(realFromDouble(-guess)))) - one;
  let sum = 0n;
  let power = d;
  for (let n = 1n; power !== 0n && power !== -1n; n += 1n) {
    sum += n % 2n === 1n ? power / n : -power / n;
    power = (power * d) >> shift;
  }
  return add(realFromDouble(guess), realFromFixed(sum));
}

/** `log(x)` for a positive double. */
export function logReal(x: number): Real {
  return log1pReal(add(realFromDouble(x), { mantissa: -1n, exponent: 0 }), Math.log(x));
}

/** The series of `sin(r) / r` (first = 2) or `cos(r)` (first = 1) in u = r^2. */
function circularSeries(u: bigint, first: bigint): bigint {
  let sum = one;
  let term = one;
  for (let n = first; term !== 0n && term !== -1n; n += 2n) {
    term = ((-term * u) >> shift) / (n * (n + 1n));
    sum += term;
  }
  return sum;
}

/** `sin` (turns = 0) or `cos` (turns = 1), reduced by as many digits of pi as the size of x asks for. */
function circular(x: Real, turns: bigint): Real {
  const width = isBelow(x, 30) ? 320 : wideBits;
  const halfPi = widePi >> BigInt(wideBits - width + 1);
  const isSmall = isBelow(x, -1);
  const value = isSmall ? 0n : fixedFromReal(x, width);
  const doubled = 2n * value + halfPi;
  const n = doubled / (2n * halfPi) - (doubled < 0n ? 1n : 0n);
  const r: Real = isSmall ? x : { mantissa: value - n * halfPi, exponent: -width };
  const quarter = (((n + turns) % 4n) + 4n) % 4n;
  const u = fixedFromReal(multiply(r, r));
  const result =
    quarter % 2n === 0n ? multiply(r, realFromFixed(circularSeries(u, 2n))) : realFromFixed(circularSeries(u, 1n));
  return quarter >= 2n ? negate(result) : result;
}

/** `sin(x)`. */
export function sinReal(x: Real): Real {
  return circular(x, 0n);
}

/** `cos(x)`. */
export function cosReal(x: Real): Real {
  return circular(x, 1n);
}

/** `tanh(x) = E / (E + 2)` with `E = exp(2 x) - 1`. */
export function tanhReal(x: Real): Real {
  const e = expm1Real({ mantissa: x.mantissa, exponent: x.exponent + 1 });
  return divide(e, add(e, { mantissa: 2n, exponent: 0 }));
}

/** `erf(x) = 2/sqrt(pi) x sum (-x^2)^n / (n! (2 n + 1))`, for |x| up to about 7. */
export function erfReal(x: Real): Real {
  const u = fixedFromReal(multiply(x, x));
  let sum = 0n;
  let term = one;
  for (let n = 0n; term !== 0n && term !== -1n; n += 1n) {
    sum += term / (2n * n + 1n);
    term = ((-term * u) >> shift) / (n + 1n);
  }
  return multiply(multiply(x, twoOverRootPi), realFromFixed(sum));
}

/** `x^y = exp(y log x)` for a positive double x. */
export function powReal(x: number, y: number): Real {
  return expReal(multiply(realFromDouble(y), logReal(x)));
}
