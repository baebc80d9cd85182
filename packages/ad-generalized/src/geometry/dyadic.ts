// Doubles as whole numbers times powers of two.

const view = new DataView(new ArrayBuffer(8));

/** The odd whole number and the exponent of a finite double: `x = digits * 2^exponent`. Both are 0 for 0. */
export function oddPart(x: number): readonly [digits: number, exponent: number] {
  if (x === 0) return [0, 0];
  view.setFloat64(0, x);
  const [high, low] = [view.getUint32(0), view.getUint32(4)];
  const biased = (high >>> 20) & 2047;
  const upper = (high & 0xfffff) | (biased === 0 ? 0 : 0x100000);
  const zeros = low !== 0 ? 31 - Math.clz32(low & -low) : 63 - Math.clz32(upper & -upper);
  const odd = (upper * 2 ** 32 + low) / 2 ** zeros;
  return [x < 0 ? -odd : odd, Math.max(biased, 1) - 1075 + zeros];
}

/** The whole numbers that a list of finite doubles is, times one power of two: the largest with which all are whole. */
export function integersOf(values: Float64Array): bigint[] {
  const parts = Array.from(values, oddPart);
  const least = parts.reduce((sofar, [digits, exponent]) => (digits === 0 ? sofar : Math.min(sofar, exponent)), 1100);
  return parts.map(([digits, exponent]) => (digits === 0 ? 0n : BigInt(digits) << BigInt(exponent - least)));
}

/** The sum of products. */
export function integerDot(a: readonly bigint[], b: readonly bigint[]): bigint {
  let total = 0n;
  for (let i = 0; i < a.length; i++) if (a[i] !== 0n && b[i] !== 0n) total += (a[i] as bigint) * (b[i] as bigint);
  return total;
}

const magnitude = (a: bigint): bigint => (a < 0n ? -a : a);

function commonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [magnitude(a), magnitude(b)];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

/** The shortest whole vector along this one, its first entry that is not 0 positive. */
export function primitiveVector(vector: readonly bigint[]): readonly bigint[] {
  let divisor = 0n;
  for (const v of vector) if (divisor !== 1n) divisor = commonDivisor(divisor, v);
  const first = vector.find((v) => v !== 0n) ?? 1n;
  const signed = first < 0n ? -divisor : divisor;
  return divisor === 0n ? vector : vector.map((v) => v / signed);
}

/** The double next to a fraction with a positive denominator. */
export function quotientOf(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n) return -quotientOf(-numerator, denominator);
  const length = (a: bigint): number => a.toString(16).length * 4;
  const shift = 72 + length(denominator) - length(numerator);
  const [above, below] = [numerator << BigInt(Math.max(0, shift)), denominator << BigInt(Math.max(0, -shift))];
  // an odd last digit stands for all that follow, so that the fraction is rounded only once
  const digits = above % below === 0n ? above / below : (above / below) | 1n;
  const half = Math.trunc(shift / 2);
  return numerator === 0n ? 0 : Number(digits) * 2 ** -half * 2 ** (half - shift);
}
