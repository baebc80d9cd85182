import { expect, test } from "vitest";
import { rowsOfFirstSteps } from "./firstStepRows.ts";
import { differenceOf } from "./leNetRows.ts";
import { gigaflops } from "./products.ts";
import { verdictOf } from "./row.ts";
import { inTurns, middleOf, ratioOf, samplesOf } from "./turns.ts";

test("systems take turns, and a round is its median", async () => {
  const seen: string[] = [];
  let round = 0;
  const ours = (): number[] => {
    seen.push("ours");
    round++;
    return [round, 100, 0];
  };
  const theirs = async (): Promise<number[]> => {
    seen.push("theirs");
    return [10];
  };
  expect(await inTurns(3, ours, theirs)).toEqual({ ours: [1, 2, 3], theirs: [10, 10, 10] });
  expect(seen.join(" ")).toBe("ours theirs ours theirs ours theirs");
  expect(await inTurns(1, ours, null)).toEqual({ ours: [4], theirs: [] });
});

test("a ratio is the median of the ratios, which is not the ratio of the medians", () => {
  const [ours, theirs] = [
    [1, 2, 9],
    [10, 4, 6],
  ];
  expect(ratioOf(ours, theirs)).toBe(0.5);
  expect(ratioOf(theirs, ours)).toBe(2);
  expect(middleOf(ours)).toBe(2);
  expect([ratioOf(ours, []), ratioOf([], theirs), middleOf([])]).toEqual([null, null, null]);
});

test("as many steps are timed as are asked for", async () => {
  let steps = 0;
  expect(await samplesOf(() => steps++, { leastMs: 0, leastSteps: 4 })).toHaveLength(4);
  expect(steps).toBe(4);
});

test("losses agree to a ten-thousandth, or the first that does not is said", () => {
  expect(differenceOf([2, 1], [2.00009, 0.99995])).toBeNull();
  expect(differenceOf([2, 1, 1], [2, 1.1, 1.2])).toBe("loss 1.1 instead of 1 in step 2");
  expect(differenceOf([2, 1], [2])).toContain("undefined instead of 1 in step 2");
  expect(differenceOf([2], [Number.NaN])).toContain("NaN");
});

test("a product of n by n is 2 n^3 operations", () => {
  expect(gigaflops({ dtype: "f32", size: 1000 }, 1000)).toBe(2);
});

test("first steps are medians part by part, and the goal is for loading and compiling", () => {
  const parts = { load: 100, model: 1, trace: 2, compile: 40, run: 3 };
  const rows = rowsOfFirstSteps([parts, { ...parts, load: 120 }, { ...parts, load: 90, compile: 70 }]);
  expect(rows.map(({ ours }) => ours)).toEqual([100, 1, 2, 40, 3, 160, 166]);
  expect(rows.map(verdictOf)).toEqual([null, null, null, null, null, "missed", null]);
});
