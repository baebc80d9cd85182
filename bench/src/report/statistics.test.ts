import { expect, test } from "vitest";
import { decadeOf, powerText, zeroLogAxis } from "./decades.ts";
import { deviationOf, distinct, extentOf, grouped, meanOf, wilson } from "./statistics.ts";

test("Wilson's interval, at the values of its formula", () => {
  const [low, high] = wilson(5, 10);
  expect([low, high].map((value) => Number(value.toFixed(4)))).toEqual([0.2366, 0.7634]);
  // At 0 successes the upper end is z² / (n + z²).
  expect(wilson(0, 10)[0]).toBe(0);
  expect(wilson(0, 10)[1]).toBeCloseTo(3.8416 / 13.8416, 12);
  expect(wilson(10, 10)[1]).toBe(1);
});

test.each([
  [1, 0],
  [-1, 4],
  [5, 4],
  [Number.NaN, 4],
])("%d of %d is no share", (successes, trials) => {
  expect(() => wilson(successes, trials)).toThrowError(expect.objectContaining({ code: "domain" }));
});

test("means, deviations with n - 1, and what has none", () => {
  expect([meanOf([1, 2, 6]), meanOf([])]).toEqual([3, null]);
  expect([deviationOf([1, 3]), deviationOf([1])]).toEqual([Math.SQRT2, null]);
  expect([extentOf([2, -1, 5]), extentOf([])]).toEqual([[-1, 5], null]);
  expect(extentOf(Array.from({ length: 300_000 }, (_, i) => i))).toEqual([0, 299_999]);
});

test("groups and values in the order of their first coming", () => {
  expect(grouped([3, 1, 5, 2], (x) => x % 2)).toEqual([
    [1, [3, 1, 5]],
    [0, [2]],
  ]);
  expect(distinct(["b", "a", "b"])).toEqual(["b", "a"]);
});

test("decades are exact at their ends", () => {
  expect([0.0999, 0.1, 0.999, 1, 9.99, 10, 1e-7, 5e-324].map(decadeOf)).toEqual([-1, 0, 0, 1, 1, 2, -6, -323]);
});

test("powers of ten in print", () => {
  expect([-12, -3, -2, 0, 3, 4].map(powerText)).toEqual(["10⁻¹²", "10⁻³", "0.01", "1", "1000", "10⁴"]);
});

test("an axis with 0 has a place for it below the least", () => {
  const axis = zeroLogAxis([0, 0.01, 10]);
  expect(axis.ticks.map(({ label }) => label)).toEqual(["0", "0.01", "0.1", "1", "10"]);
  expect([axis.at(0), axis.at(0.01), axis.domain, axis.gap]).toEqual([-3, -2, [-3, 1], -2.5]);
  expect(zeroLogAxis([1]).gap).toBeNull();
  expect(zeroLogAxis([0]).ticks).toEqual([{ at: -1, label: "0" }]);
  expect(zeroLogAxis([1e-30, 1]).ticks.length).toBeLessThanOrEqual(9);
});
