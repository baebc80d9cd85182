// Draws without state: a number from numbers.

/** Mixes 32 bits so that every input bit reaches every output bit: xor-shifts between odd multiplications. */
function mix(x: number): number {
  let h = x >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0xb504f333);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32 well-mixed bits from three whole numbers. */
export const hash = (a: number, b: number, c: number): number => mix(mix(mix(a | 0) ^ (b | 0)) + (c | 0) + 0x6a09e667);

/** A whole number below `n` from 32 bits. */
export const pick = (bits: number, n: number): number => Math.floor((bits / 4294967296) * n);
