// A generator that counts: words from a key and a counter.

/** The two words of a key and the third one that belongs to them. */
export const scheduleOf = (first: number, second: number): Int32Array =>
  Int32Array.of(first, second, 0x1bd11bda ^ first ^ second);

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/**
 * Threefry-2x32 with 20 rounds: from a key and a counter of two words, two words. For each key a bijection.
 *
 * @param schedule - of the key
 * @param low - first word of the counter
 * @param high - second word of the counter
 * @param words - two words, which are written
 * @see [SMDS11] the rounds, rotations and key schedule
 * @example
 * const words = new Int32Array(2);
 * threefry(scheduleOf(0, 0), 0, 0, words);
 * Array.from(words, (word) => (word >>> 0).toString(16)) // ["6b200159", "99ba4efe"]
 */
export function threefry(schedule: Int32Array, low: number, high: number, words: Int32Array): void {
  let x = (low + (schedule[0] as number)) | 0;
  let y = (high + (schedule[1] as number)) | 0;
  for (let group = 1; group <= 5; group++) {
    const isOdd = group % 2 === 1;
    x = (x + y) | 0;
    y = rotated(y, isOdd ? 13 : 17) ^ x;
    x = (x + y) | 0;
    y = rotated(y, isOdd ? 15 : 29) ^ x;
    x = (x + y) | 0;
    y = rotated(y, isOdd ? 26 : 16) ^ x;
    x = (x + y) | 0;
    y = rotated(y, isOdd ? 6 : 24) ^ x;
    x = (x + (schedule[group % 3] as number)) | 0;
    y = (y + (schedule[(group + 1) % 3] as number) + group) | 0;
  }
  words[0] = x;
  words[1] = y;
}
