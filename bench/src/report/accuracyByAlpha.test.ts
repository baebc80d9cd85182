import { expect, test } from "vitest";
import { accuracyByAlpha } from "./accuracyByAlpha.ts";
import { stepAxis } from "./stepAxis.ts";

const texts = { id: "a", title: "t", caption: "c" };

test("numbers of either sign stand side by side, each at its tick", () => {
  const axis = stepAxis([1, -50, 0, 0, 0.1]);
  expect(axis.ticks).toEqual([
    { at: 0, label: "−50" },
    { at: 1, label: "0" },
    { at: 2, label: "0.1" },
    { at: 3, label: "1" },
  ]);
  expect([axis.at(0.1), axis.domain, stepAxis([5]).domain]).toEqual([2, [0, 3], [0, 1]]);
});

test("the figure has means by ReLU'(0), and NaN runs counted apart", () => {
  const rows = [-1, 0, 0, 1].map((alpha, i) => ({ series: "f32", alpha, accuracy: i === 3 ? null : 0.5 + i / 8 }));
  const { svg, data } = accuracyByAlpha(rows, texts);
  expect(data).toEqual([
    { series: "f32", alpha: -1, runs: 1, nanRuns: 0, mean: 0.5, deviation: null },
    { series: "f32", alpha: 0, runs: 2, nanRuns: 0, mean: 0.6875, deviation: expect.closeTo(0.0884, 4) },
    { series: "f32", alpha: 1, runs: 1, nanRuns: 1, mean: null, deviation: null },
  ]);
  for (const label of ["−1", "ReLU'(0)", "1/1", "NaN"]) expect(svg).toContain(`>${label}<`);
});

test("no rows and numbers without a place are refused", () => {
  expect(() => accuracyByAlpha([], texts)).toThrow("nothing to draw");
  expect(() => accuracyByAlpha([{ series: "a", alpha: Number.NaN, accuracy: 1 }], texts)).toThrow("has no place");
  expect(() => accuracyByAlpha([{ series: "a", alpha: 1, accuracy: -1 }], texts)).toThrow("has no place");
});
