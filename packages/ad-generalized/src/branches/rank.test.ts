import type { Order } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { pick, type Row } from "./rank.ts";

const row = (keys: number[][], present?: number[]): Row => ({
  keys: keys.map((key) => Float64Array.from(key)),
  present: present ?? (keys[0] as number[]).map((_, i) => i),
});

describe("what a place takes", () => {
  test.each<[string, Order, number[][], number[], number, number]>([
    ["the largest", "max", [[1, 3, 2]], [1], 1, 1],
    ["the smallest", "min", [[1, 3, 2]], [0], 1, 1],
    [
      "the fastest of those that tie",
      "max",
      [
        [3, 3, 2],
        [1, 2, 9],
      ],
      [1],
      2,
      1,
    ],
    [
      "the slowest of those that tie",
      "min",
      [
        [3, 3, 4],
        [2, 1, 0],
      ],
      [1],
      2,
      1,
    ],
    [
      "the second direction",
      "max",
      [
        [0, 0, 0],
        [1, 1, 0],
        [0, 5, 9],
      ],
      [1],
      3,
      1,
    ],
    [
      "the first in written order",
      "max",
      [
        [0, 0, 0],
        [1, 0, 1],
        [4, 9, 4],
      ],
      [0],
      3,
      2,
    ],
    [
      "all in order",
      "sort",
      [
        [2, 1, 2, 1],
        [0, 5, -1, 5],
      ],
      [1, 3, 2, 0],
      2,
      2,
    ],
    [
      "the middle",
      "median",
      [
        [7, 7, 7],
        [3, 1, 2],
      ],
      [2, 2],
      3,
      1,
    ],
    [
      "a middle without rivals",
      "median",
      [
        [1, 5, 9, 9],
        [0, 0, 1, 2],
      ],
      [1, 2],
      2,
      1,
    ],
    ["two that have the middle for themselves", "median", [[0, 5, 5, 9]], [1, 2], 1, 1],
    ["three for two places", "median", [[5, 5, 5, 9]], [1, 2], 3, 3],
  ])("%s", (_, order, keys, branches, tied, undecided) => {
    expect(pick(row(keys), order, 0)).toEqual({ branches, tied, undecided });
  });

  test("places that are no branches are not seen", () => {
    expect(
      pick(
        row(
          [
            [9, 1, 1],
            [0, 3, 4],
          ],
          [1, 2],
        ),
        "max",
        0,
      ),
    ).toEqual({ branches: [2], tied: 2, undecided: 1 });
  });

  test("-0 ties with 0, NaN with NaN, and NaN stands last", () => {
    expect(
      pick(
        row([
          [0, -0],
          [1, 2],
        ]),
        "max",
        0,
      ).branches,
    ).toEqual([1]);
    expect(
      pick(
        row([
          [NaN, 3, NaN],
          [1, 9, 2],
        ]),
        "max",
        0,
      ),
    ).toEqual({ branches: [2], tied: 2, undecided: 1 });
    expect(pick(row([[NaN, 3, 1]]), "sort", 0).branches).toEqual([2, 1, 0]);
  });

  test("a tolerance makes near numbers tie, in each key", () => {
    const near = row([
      [1, 1.001, 0],
      [5, 5.001, 9],
      [2, 1, 0],
    ]);
    expect(pick(near, "max", 0).branches).toEqual([1]);
    expect(pick(near, "max", 0.01)).toEqual({ branches: [0], tied: 2, undecided: 1 });
    expect(pick(near, "sort", 0.01).branches).toEqual([2, 1, 0]);
  });
});

const digits = fc.integer({ min: 0, max: 2 });
const rows = fc
  .integer({ min: 1, max: 6 })
  .chain((width) => fc.array(fc.array(digits, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 3 }));

/** The number that the keys spell, so that comparing along keys is comparing numbers. */
const spelled = (keys: readonly (readonly number[])[], branch: number): number =>
  keys.reduce((total, key) => 10 * total + (key[branch] as number), 0);

test("keys are compared as the digits of a number are", () => {
  fc.assert(
    fc.property(rows, (keys) => {
      const numbers = (keys[0] as number[]).map((_, i) => spelled(keys, i));
      const sorted = pick(row(keys), "sort", 0).branches;
      expect(sorted.map((i) => numbers[i])).toEqual(numbers.toSorted((a, b) => a - b));
      expect(numbers[pick(row(keys), "max", 0).branches[0] as number]).toBe(Math.max(...numbers));
      const least = pick(row(keys), "min", 0);
      expect(least.branches[0]).toBe(numbers.indexOf(Math.min(...numbers)));
      expect(least.undecided).toBe(numbers.filter((n) => n === Math.min(...numbers)).length);
      const middle = pick(row(keys), "median", 0).branches;
      expect(middle).toEqual([sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]]);
    }),
  );
});
