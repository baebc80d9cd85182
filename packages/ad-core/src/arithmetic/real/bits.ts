/** Exponents of doubles: the upper word through one scratch cell, and powers of two from a table. */

const cell = new Float64Array(1);
const words = new Uint32Array(cell.buffer);
cell[0] = 1;
const upper = words[1] === 0 ? 0 : 1;

const leastExponent = -1074;
const powers = new Float64Array(1024 - leastExponent);
for (let k = 0, power = 5e-324; k < powers.length; k += 1, power *= 2) powers[k] = power;

/**
 * Upper word of a double: sign, 11 exponent bits, 20 fraction bits.
 *
 * @param x - any double
 * @returns an integer from -2^31 to 2^31 - 1
 */
export function highWord(x: number): number {
  cell[0] = x;
  return (words[upper] as number) | 0;
}

/**
 * `2^k`, from a table: assembling a double from two words would wait for the memory.
 *
 * @param k - an integer from -1074 to 1023
 * @returns the power, exact
 */
export function powerOfTwo(k: number): number {
  return powers[k - leastExponent] as number;
}
