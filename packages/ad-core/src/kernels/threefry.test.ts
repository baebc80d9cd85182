import { expect, test } from "vitest";
import { scheduleOf, threefry } from "./threefry.ts";

// Known answers that the authors of [SMDS11] publish with their own programs: key, counter, words.
const ones = 0xffffffff;
test.each([
  { key: [0, 0], counter: [0, 0], words: [0x6b200159, 0x99ba4efe] },
  { key: [ones, ones], counter: [ones, ones], words: [0x1cb996fc, 0xbb002be7] },
  { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], words: [0xc4923a9c, 0x483df7a0] },
] as const)("threefry of key $key at counter $counter gives $words", ({ key: [a, b], counter: [low, high], words }) => {
  const found = new Int32Array(2);
  threefry(scheduleOf(a, b), low, high, found);
  expect(Array.from(found, (word) => word >>> 0)).toEqual([...words]);
});
