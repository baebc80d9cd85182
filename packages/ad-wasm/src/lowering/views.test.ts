import { expect, test } from "vitest";
import { viewOf } from "./views.ts";

test.each([
  ["a scalar", [], [3, 5], { kind: "splat" }],
  ["one element", [1, 1], [3, 5], { kind: "splat" }],
  ["the same elements", [3, 2], [1, 3, 2], { kind: "direct" }],
  ["a row", [8], [3, 8], { kind: "repeat", inner: 1, period: 8 }],
  ["a row that is no multiple of 4", [6], [3, 6], null],
  ["channels of an image", [1, 6, 1, 1], [2, 6, 4, 4], { kind: "repeat", inner: 16, period: 6 }],
  ["channels of an odd image", [1, 6, 1, 1], [2, 6, 3, 3], null],
  ["a column", [5, 1], [5, 8], { kind: "repeat", inner: 8, period: 5 }],
  ["rows and columns", [2, 1, 3, 1], [2, 4, 3, 4], null],
  ["nothing", [1], [0], null],
] as const)("%s", (_says, from, to, view) => {
  expect(viewOf(from, to)).toEqual(view);
});
