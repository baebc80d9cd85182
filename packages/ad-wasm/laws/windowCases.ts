// Windows over images: apart, side by side and overlapping, in one of many planes, at the edge and beyond it.

/** `[batch, channels, height, width]`, and along rows and columns how large windows are, how they step, what is around. */
export type WindowCase = readonly [
  image: [number, number, number, number],
  window: [number, number],
  stride: [number, number],
  padding: [number, number],
];

const texts = [
  "1 1 2 2 by 2 2, step 2 2, padding 0 0",
  "2 3 8 8 by 2 2, step 2 2, padding 0 0",
  "2 3 28 28 by 2 2, step 2 2, padding 0 0",
  "2 2 9 7 by 2 2, step 2 2, padding 0 0",
  "1 2 9 7 by 3 2, step 1 2, padding 0 0",
  "2 2 9 9 by 3 3, step 2 2, padding 1 1",
  "2 1 5 6 by 3 3, step 1 1, padding 1 0",
  "1 2 8 12 by 4 4, step 4 4, padding 0 0",
  "1 2 8 12 by 1 8, step 1 4, padding 0 0",
  "0 2 4 4 by 2 2, step 2 2, padding 0 0",
  "1 1 4 4 by 4 4, step 2 2, padding 2 2",
  "2 2 28 28 by 2 2, step 2 2, padding 0 0",
  "1 2 9 11 by 2 2, step 2 2, padding 0 0",
  "1 2 9 12 by 2 4, step 2 2, padding 0 0",
  "2 2 9 19 by 3 3, step 2 2, padding 0 0",
  "2 2 9 19 by 3 3, step 2 2, padding 1 1",
  "1 1 32 32 by 3 3, step 2 2, padding 1 1",
  "1 1 7 13 by 3 5, step 1 1, padding 1 2",
  "1 1 7 13 by 3 1, step 1 1, padding 0 0",
  "1 1 7 16 by 2 3, step 3 3, padding 0 0",
  "1 1 7 16 by 1 1, step 2 2, padding 0 0",
  "1 1 7 16 by 1 1, step 1 4, padding 0 0",
  "1 2 8 8 by 8 8, step 8 8, padding 0 0",
  "1 1 1 1 by 2 2, step 1 1, padding 1 1",
  "2 2 9 17 by 2 3, step 3 4, padding 0 0",
  "2 2 9 17 by 1 1, step 2 2, padding 0 0",
  "1 1 32 64 by 4 4, step 4 4, padding 0 0",
  "2 1 6 6 by 2 2, step 2 2, padding 1 1",
  "1 2 10 12 by 3 3, step 4 5, padding 1 1",
  "1 1 12 12 by 5 5, step 1 1, padding 2 2",
  "2 1 0 17 by 2 1, step 1 2, padding 1 0",
  "1 3 2 0 by 3 2, step 1 2, padding 1 1",
];

const numbersIn = (text: string): number[] => text.match(/\d+/g)?.map(Number) ?? [];

/** All of them, for every kernel that sees windows. */
export const windowCases: readonly WindowCase[] = texts.map((text) => {
  const [n = 0, c = 0, h = 0, w = 0, ...pairs] = numbersIn(text);
  const pair = (i: number): [number, number] => [pairs[2 * i] ?? 0, pairs[2 * i + 1] ?? 0];
  return [[n, c, h, w], pair(0), pair(1), pair(2)];
});
