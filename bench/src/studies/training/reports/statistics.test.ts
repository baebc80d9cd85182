import { expect, test } from "vitest";
import { blocksOf, differenceOf, fallsApart } from "./blocks.ts";
import { studentBound } from "./student.ts";

test.each([
  [0.95, 1, 12.706],
  [0.95, 2, 4.303],
  [0.95, 5, 2.571],
  [0.99, 5, 4.032],
  [0.99, 10, 3.169],
  [0.95, 30, 2.042],
  [0.5, 1, 1],
])("the bound of %f with %i degrees of freedom is that of the tables", (level, degrees, t) => {
  expect(studentBound(level, degrees)).toBeCloseTo(t, 3);
});

const runsOf = (table: Readonly<Record<number, readonly (number | null)[]>>) =>
  Object.entries(table).flatMap(([value, accuracies]) =>
    accuracies.map((accuracy, seed) => ({ value: Number(value), seed, accuracy })),
  );

test("what a seed adds to all runs is no deviation", () => {
  const blocks = blocksOf(runsOf({ 0: [0.5, 0.7, 0.9], 1: [0.4, 0.6, 0.8] }));
  expect(blocks).toMatchObject({ seeds: 3, degrees: 2 });
  expect(blocks?.deviation).toBeCloseTo(0, 12);
  expect(differenceOf(blocks as never, 0, 1)).toEqual({
    difference: 10,
    interval: [10, 10],
  });
});

test("the interval is that of paired differences when there are two numbers", () => {
  const blocks = blocksOf(runsOf({ 0: [0.5, 0.6], 1: [0.4, 0.54] }));
  // The differences 0.1 and 0.06 have mean 0.08 and standard error 0.02; the bound with one degree is 12.706.
  const { difference, interval } = differenceOf(blocks as never, 0, 1);
  expect(difference).toBe(8);
  expect(interval[1]).toBeCloseTo(100 * (0.08 + 12.706 * 0.02), 2);
  const flat = blocksOf(runsOf({ 0: [0.5, 0.6], 1: [0.5, 0.6] }));
  expect(fallsApart(blocks as never, flat as never, 1)).toEqual({ difference: 8, interval });
});

test("numbers with runs that ended in NaN or are missing are left out, and too few are no table", () => {
  const blocks = blocksOf([
    ...runsOf({ 0: [0.5, 0.6], 1: [0.4, 0.5], 10: [0.4, null] }),
    { value: 100, seed: 1, accuracy: 0.4 },
  ]);
  expect([...(blocks?.means.keys() ?? [])]).toEqual([0, 1]);
  expect(blocksOf(runsOf({ 0: [0.5], 1: [0.4] }))).toBe(null);
  expect(blocksOf(runsOf({ 0: [0.5, 0.6], 1: [null, 0.5] }))).toBe(null);
});
