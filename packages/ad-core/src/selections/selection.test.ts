import { describe, expect, test } from "vitest";
import {
  atKink,
  atZero,
  blend,
  drawAt,
  first,
  last,
  random,
  shareOf,
  type TieSelection,
  uniform,
  weights,
} from "./selection.ts";

/** Shares of all of `ties` tied branches under one draw. */
const sharesOf = (selection: TieSelection, ties: number, draw = 0): number[] =>
  Array.from({ length: ties }, (_, rank) => shareOf(selection, rank, ties, draw));

const halves = weights((ties) => Array.from({ length: ties }, (_, i) => 2 ** -Math.min(i + 1, ties - 1)), "halves");

describe("shares of tied branches", () => {
  const cases: readonly (readonly [TieSelection, number[], number[]])[] = [
    [first, [1, 0], [1, 0, 0, 0]],
    [last, [0, 1], [0, 0, 0, 1]],
    [uniform, [0.5, 0.5], [0.25, 0.25, 0.25, 0.25]],
    [atKink(0.25), [0.75, 0.25], [0.75, 0, 0, 0.25]],
    [atKink(-1), [2, -1], [2, 0, 0, -1]],
    [blend(first, last, 0.25), [0.75, 0.25], [0.75, 0, 0, 0.25]],
    [blend(first, uniform, 0), [1, 0], [1, 0, 0, 0]],
    [blend(first, uniform, 1), [0.5, 0.5], [0.25, 0.25, 0.25, 0.25]],
    [blend(first, uniform, 10), [-4, 5], [-6.5, 2.5, 2.5, 2.5]],
    [blend(blend(first, last, 0.5), uniform, 0.5), [0.5, 0.5], [0.375, 0.125, 0.125, 0.375]],
    [halves, [0.5, 0.5], [0.5, 0.25, 0.125, 0.125]],
    [blend(halves, last, 0.5), [0.25, 0.75], [0.25, 0.125, 0.0625, 0.5625]],
    [blend(first, halves, 2), [0, 1], [0, 0.5, 0.25, 0.25]],
  ];
  test.each(cases.map(([selection, ofTwo, ofFour]) => [selection.name, selection, ofTwo, ofFour] as const))(
    "%s",
    (_name, selection, ofTwo, ofFour) => {
      expect(sharesOf(selection, 2)).toEqual(ofTwo);
      expect(sharesOf(selection, 4)).toEqual(ofFour);
    },
  );

  test("of one branch are exactly 1, whatever is selected", () => {
    for (const [selection] of cases) expect(sharesOf(selection, 1)).toEqual([1]);
    expect(sharesOf(random(3), 1)).toEqual([1]);
  });

  test("sum to 1 for every number of ties that a rule is tabulated for", () => {
    for (const [selection] of cases) {
      for (let ties = 1; ties <= 64; ties++)
        expect(sharesOf(selection, ties).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
  });
});

describe("random", () => {
  test("gives everything to one branch, which the draw names", () => {
    const top = 2 ** 32 - 1;
    expect([0, 2 ** 30, 2 ** 31, top].map((draw) => sharesOf(random(1), 4, draw).indexOf(1))).toEqual([0, 1, 2, 3]);
    expect(sharesOf(random(1), 3, top)).toEqual([0, 0, 1]);
  });

  test("draws from seed, kink and position, and the same again", () => {
    const draws = [drawAt(random(1), 0, 0), drawAt(random(2), 0, 0), drawAt(random(1), 1, 0), drawAt(random(1), 0, 1)];
    expect(new Set(draws).size).toBe(4);
    expect(drawAt(random(1), 0, 0)).toBe(draws[0]);
    for (const draw of draws) expect(draw >= 0 && draw < 2 ** 32 && Number.isInteger(draw)).toBe(true);
  });

  test("takes every branch about equally often", () => {
    const counts = [0, 0, 0, 0];
    for (let at = 0; at < 4000; at++) {
      const winner = sharesOf(random(7), 4, drawAt(random(7), 0, at)).indexOf(1);
      counts[winner] = (counts[winner] as number) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test("may be blended with a named selection and with itself", () => {
    expect(sharesOf(blend(random(1), uniform, 0.5), 2, 0)).toEqual([0.75, 0.25]);
    expect(sharesOf(blend(random(1), random(1), 0.5), 2, 0)).toEqual([1, 0]);
    expect(blend(first, random(5), 0.5).seed).toBe(5);
  });
});

describe("weights", () => {
  test("asks the rule once for each number of ties from 2 to 64, and keeps copies", () => {
    const asked: number[] = [];
    const kept: number[][] = [];
    const selection = weights((ties) => {
      asked.push(ties);
      const list = Array<number>(ties).fill(1 / ties);
      kept.push(list);
      return list;
    });
    expect(asked).toEqual(Array.from({ length: 63 }, (_, i) => i + 2));
    for (const list of kept) list.fill(9);
    expect(sharesOf(selection, 2)).toEqual([0.5, 0.5]);
    expect(asked.length).toBe(63);
  });

  test("allows any finite weights that sum to 1 within 1e-9", () => {
    expect(
      sharesOf(
        weights((ties) => [5, -4, ...Array<number>(ties - 2).fill(0)]),
        3,
      ),
    ).toEqual([5, -4, 0]);
    expect(() => weights((ties) => Array<number>(ties).fill((1 + 1e-10) / ties))).not.toThrow();
    expect(() => weights((ties) => Array<number>(ties).fill((1 + 1e-8) / ties))).toThrow();
  });
});

describe("selections are plain data", () => {
  test("named after how they were made", () => {
    const names = [
      first,
      last,
      uniform,
      atKink(0.5),
      blend(first, uniform, 10),
      random(7),
      halves,
      atZero("ones"),
      atZero(() => []),
    ];
    expect(names.map((selection) => selection.name)).toEqual([
      "first",
      "last",
      "uniform",
      "atKink(0.5)",
      "blend(first, uniform, 10)",
      "random(7)",
      "halves",
      "atZero(ones)",
      "atZero(fn)",
    ]);
  });

  test("that cannot be changed", () => {
    for (const selection of [first, last, uniform, atKink(0.5), random(1)])
      expect(Object.isFrozen(selection)).toBe(true);
  });

  test("that say whether they speak of two branches only", () => {
    expect(
      [atKink(0.5), blend(first, atKink(0), 0.5), blend(first, last, 0.5)].map((selection) => selection.branches),
    ).toEqual([2, 2, undefined]);
  });
});

test("a vector at 0 has the length that it is asked for", () => {
  expect([0, 1, 3].map((n) => atZero("zero").vector(n))).toEqual([[], [0], [0, 0, 0]]);
  expect(atZero("ones").vector(2)).toEqual([1, 1]);
  expect(atZero((n) => Array<number>(n).fill(n)).vector(2)).toEqual([2, 2]);
});
