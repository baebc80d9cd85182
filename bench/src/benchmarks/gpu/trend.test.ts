import { expect, test } from "vitest";
import { trendOf } from "./trend.ts";

const repeated = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

test("the first and the last hundred of a thousand steps are compared", () => {
  const times = [...repeated(100, 1), ...repeated(800, 5), ...repeated(100, 1.1)];
  expect(trendOf(times)).toEqual({ first: 1, last: 1.1, median: 5, isFlat: true });
  expect(trendOf([...repeated(100, 1), ...repeated(900, 1.2)]).isFlat).toBe(false);
});

test("of few steps single ones are compared, of none nothing", () => {
  expect(trendOf([4, 3, 2])).toEqual({ first: 4, last: 2, median: 3, isFlat: true });
  expect(() => trendOf([])).toThrow(expect.objectContaining({ code: "domain" }));
});
