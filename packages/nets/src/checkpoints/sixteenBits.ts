// The bits of 16-bit numbers that are held as 32-bit ones.

const word = new DataView(new ArrayBuffer(4));

function bitsOf(value: number): number {
  word.setFloat32(0, value);
  return word.getUint32(0);
}

function fromBits(bits: number): number {
  word.setUint32(0, bits);
  return word.getFloat32(0);
}

/** The upper half of the 32 bits: nothing is lost for a number of the format. */
export const bf16Bits = (value: number): number => bitsOf(value) >>> 16;

export const fromBf16Bits = (bits: number): number => fromBits((bits << 16) >>> 0);

/** The bits of a number that half precision represents. NaN keeps its sign and is quiet. */
export function f16Bits(value: number): number {
  const bits = bitsOf(value);
  const sign = (bits >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const magnitude = Math.abs(value);
  if (magnitude === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  // Below 2^-14 numbers are whole multiples of 2^-24.
  if (magnitude < 2 ** -14) return sign | (magnitude * 2 ** 24);
  return sign | ((((bits >>> 23) & 0xff) - 112) << 10) | ((bits >>> 13) & 0x3ff);
}

export function fromF16Bits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >>> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return fromBits((((bits & 0x8000) << 16) | ((exponent + 112) << 23) | (fraction << 13)) >>> 0);
}
