import { expect, test } from "vitest";
import { median, timed } from "./timing.ts";

test("the median", () => {
  expect(median([3])).toBe(3);
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test("jobs are warmed up once, then run in turn", async () => {
  const ran: string[] = [];
  const { repeats, medianMs } = await timed({ a: () => ran.push("a"), b: () => ran.push("b") }, { repeats: 2 });
  expect([repeats, ran.join("")]).toEqual([2, "ababab"]);
  expect(Object.keys(medianMs)).toEqual(["a", "b"]);
});

test("short jobs are run at most 50 times, long ones at least 3", async () => {
  expect((await timed({ a: () => {} })).repeats).toBe(50);
  expect((await timed({ a: () => {} }, { budgetMs: 0 })).repeats).toBe(3);
});
