import { abs, grad, key, max, mul, randomNormal, square, sum, type Tensor, tensor, zeros } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { batchNorm1d, batchNorm2d } from "./batchNorm.ts";

type Statistics = { mean: Tensor; variance: Tensor };
const training = { training: true, key: null };
const evaluation = { training: false, key: null };

/** Channels with mean 2 and 10, and unbiased variances 4/3 and 12. */
const x = tensor([
  [[[1, 1]], [[7, 7]]],
  [[[3, 3]], [[13, 13]]],
]);

describe("running statistics", () => {
  const layer = batchNorm2d();
  const first = layer.init(key(1), [2, 1, 2]);
  const second = layer.apply(first, x, training).state as Statistics;

  test("move to those of the batch by the momentum, with the unbiased variance", () => {
    expect(Array.from(second.mean.data)).toEqual([0.2, 1]);
    expect(second.variance.data[0]).toBeCloseTo(0.9 + 0.1 * (4 / 3), 15);
    expect(second.variance.data[1]).toBeCloseTo(0.9 + 0.1 * 12, 15);
    const third = layer.apply({ params: first.params, state: second }, x, training).state as Statistics;
    expect(third.mean.data[0]).toBeCloseTo(0.9 * 0.2 + 0.1 * 2, 15);
  });

  test("are what evaluation normalizes by, and do not change then", () => {
    const { y, state } = layer.apply({ params: first.params, state: second }, x, evaluation);
    expect(state).toBe(second);
    expect(y.data[2]).toBeCloseTo((7 - 1) / Math.sqrt((second.variance.data[1] as number) + 1e-5), 12);
  });

  test("carry no derivative", () => {
    const statistics = (at: Tensor): Tensor => sum((layer.apply(first, at, training).state as Statistics).variance);
    expect(grad(statistics)(x)).toEqual(zeros(x.shape));
  });

  test("with momentum 1 are those of the last batch", () => {
    const { state } = batchNorm2d({ momentum: 1 }).apply(first, x, training);
    expect((state as Statistics).variance.data[1]).toBeCloseTo(12, 13);
  });
});

test("the derivative passes through the statistics of the batch: those of each channel sum to 0", () => {
  const layer = batchNorm1d();
  const variables = layer.init(key(1), [2]);
  const f = (at: Tensor): Tensor => {
    const { y } = layer.apply(variables, at, training);
    return sum(mul(y, square(y)));
  };
  const gradient = grad(f)(randomNormal(key(2), [5, 2]));
  expect(Math.abs(sum(gradient, { axes: 0 }).data[0] as number)).toBeLessThan(1e-12);
  expect(max(abs(gradient)).data[0]).toBeGreaterThan(1e-2);
});

test("a single number in each channel is refused in training, as in PyTorch", () => {
  const layer = batchNorm1d();
  const variables = layer.init(key(1), [2]);
  expect(() => layer.apply(variables, zeros([1, 2]), training)).toThrowErrorMatchingInlineSnapshot(
    `[AdError: batchNorm1d: the input does not fit: expected at least two numbers for each channel in training, got [1,2]; use larger batches, or leave out the last one]`,
  );
  expect(layer.apply(variables, zeros([1, 2]), evaluation).y.shape).toEqual([1, 2]);
});
