import { cast, grad, jvp, kinks, last, ones, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { accuracy, hinge, meanAbsoluteError, meanSquaredError, perplexity, softCrossEntropy } from "./losses.ts";

const labels = (...list: number[]): Tensor => tensor(list, { dtype: "i32" });
const numberOf = (x: Tensor): number => x.data[0] as number;
const scores = tensor([
  [1, 2, 0.5],
  [0, -1, 3],
]);

describe("cross-entropy with smoothing", () => {
  /** The definition, number by number. */
  const expected = (smoothing: number, truth: readonly number[]): number => {
    const rows = [Array.from(scores.data).slice(0, 3), Array.from(scores.data).slice(3)];
    const losses = rows.map((row, b) => {
      const total = Math.log(row.reduce((sum, v) => sum + Math.exp(v), 0));
      const target = row.map((_, c) => (c === truth[b] ? 1 - smoothing : 0) + smoothing / 3);
      return -row.reduce((sum, v, c) => sum + (target[c] as number) * (v - total), 0);
    });
    return ((losses[0] as number) + (losses[1] as number)) / 2;
  };

  test.each([0, 0.1, 0.9])("is its definition for %d", (smoothing) => {
    expect(numberOf(softCrossEntropy(scores, labels(1, 2), { smoothing }))).toBeCloseTo(
      expected(smoothing, [1, 2]),
      13,
    );
  });

  test("refuses a share that is none", () => {
    for (const smoothing of [-0.1, 1, NaN])
      expect(() => softCrossEntropy(scores, labels(1, 2), { smoothing })).toThrow("smoothing out of range");
  });
});

describe("the hinge loss", () => {
  test("looks at the largest other score", () => {
    // Row 1: 1 + 1 - 2 = 0; row 2: 1 + 3 - 0 = 4.
    expect(numberOf(hinge(scores, labels(1, 0)))).toBe(2);
    expect(numberOf(hinge(scores, labels(2, 2)))).toBe((2.5 + 0) / 2);
  });

  test("has a kink at margin 1, where the selection decides", () => {
    const x = tensor([[2, 1]]);
    const loss = (s: Tensor): Tensor => hinge(s, labels(0));
    expect(kinks(loss, [x]).kinks.map(({ name }) => name)).toEqual(["relu"]);
    expect(Array.from(grad(loss)(x).data)).toEqual([0, 0]);
    expect(Array.from(grad(loss, { select: { relu: last } })(x).data)).toEqual([-1, 1]);
    expect(kinks(loss, [tensor([[2.5, 1]])]).status).toBe(3);
  });
});

test("errors of regression", () => {
  const [y, target] = [tensor([1, 2, 6]), tensor([1, 4, 3])];
  expect(numberOf(meanSquaredError(y, target))).toBe((4 + 9) / 3);
  expect(numberOf(meanAbsoluteError(y, target))).toBe((2 + 3) / 3);
  expect(Array.from(grad(meanAbsoluteError)(y, target).data)).toEqual([0, -1 / 3, 1 / 3]);
});

test("accuracy counts, in every format, and the first of scores that tie", () => {
  for (const dtype of ["f64", "f32", "f16", "bf16"] as const)
    expect(accuracy(cast(scores, dtype), labels(1, 0))).toMatchObject({ dtype: "f64", data: Float64Array.of(0.5) });
  expect(numberOf(accuracy(tensor([[1, 1]]), labels(0)))).toBe(1);
  expect(numberOf(accuracy(tensor([[1, 1]]), labels(1)))).toBe(0);
});

test("perplexity of an even guess is the number of classes", () => {
  const even = softCrossEntropy(ones([1, 7]), labels(3));
  expect(numberOf(perplexity(even))).toBeCloseTo(7, 12);
});

test("losses are differentiable in both modes alike", () => {
  const loss = (s: Tensor): Tensor => softCrossEntropy(s, labels(1, 2), { smoothing: 0.2 });
  const direction = tensor([
    [1, -1, 2],
    [0.5, 0, -1],
  ]);
  const gradient = grad(loss)(scores);
  const inner = Array.from(gradient.data, (v, i) => v * (direction.data[i] as number)).reduce((a, b) => a + b, 0);
  expect(numberOf(jvp(loss, [scores], [direction])[1])).toBeCloseTo(inner, 13);
});
