// Rounding of doubles to 16-bit formats: one rounding, to nearest, ties to even, subnormals kept.

/**
 * The nearest multiple of `quantum` (a power of two), ties to even.
 * Adding and subtracting 1.5 * 2^52 quanta leaves no bit below the quantum: the addition itself rounds to even.
 */
function toMultiple(x: number, quantum: number): number {
  const shift = 6755399441055744 * quantum;
  return x + shift - shift;
}

const bits = new Uint32Array(2);
const word = new Float64Array(bits.buffer);

/** The power of two at or below `|x|`, for normal doubles. */
function binade(x: number): number {
  word[0] = x;
  bits[1] = (bits[1] as number) & 0x7ff00000;
  bits[0] = 0;
  return word[0] as number;
}

/** Rounds to a format with `precision` significant bits, least quantum `least`, and overflow from `overflow` on. */
function roundToFormat(x: number, precision: number, least: number, overflow: number): number {
  if (x === 0 || x - x !== 0) return x; // zeros keep their sign; infinities and NaN pass
  const magnitude = Math.abs(x);
  if (magnitude >= overflow) return x > 0 ? Infinity : -Infinity;
  const quantum = Math.max(least, binade(magnitude) * precision);
  const rounded = toMultiple(magnitude, quantum);
  return x > 0 ? rounded : -rounded;
}

/**
 * Nearest IEEE 754 binary16 value: 11 significant bits, subnormals of 2^-24, infinity from 65520 on.
 *
 * @param x - any double
 */
export const roundToF16 = (x: number): number => roundToFormat(x, 2 ** -10, 2 ** -24, 65520);

/** The midpoint between the largest bfloat16 value and the next power of two: it rounds away. */
const bf16Overflow = (2 - 2 ** -8) * 2 ** 127;

/**
 * Nearest bfloat16 value: 8 significant bits, the exponents of a 32-bit float, subnormals of 2^-133.
 *
 * @param x - any double
 */
export const roundToBf16 = (x: number): number => roundToFormat(x, 2 ** -7, 2 ** -133, bf16Overflow);
