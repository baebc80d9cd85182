import { type Tensor, type Tree, tensor } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { type OptimizerPlan, optimizerNames, optimizerOf } from "./optimizers.ts";

const planOf = (change: Partial<OptimizerPlan>): OptimizerPlan => ({
  ...{ optimizer: "sgd", settings: {}, schedule: "constant", warmup: 0, clipNorm: null, clipValue: null },
  ...change,
});
const length = { epochs: 4, stepsPerEpoch: 10 };
const ratesOf = (change: Partial<OptimizerPlan>, steps: readonly number[]): number[] =>
  steps.map((step) => Number(optimizerOf(planOf(change), length).rateAt(step).toPrecision(12)));

test.each(optimizerNames)("%s moves against the gradient", (name) => {
  const { optimizer, rateAt } = optimizerOf(planOf({ optimizer: name }), length);
  const params = { w: tensor([1, -1]) };
  const [updates] = optimizer.update({ w: tensor([2, -2]) }, optimizer.init(params), params);
  const [up, down] = (updates as { w: Tensor }).w.data as unknown as [number, number];
  expect([Math.sign(up), Math.sign(down), rateAt(0) > 0]).toEqual([-1, 1, true]);
});

test("rates follow the schedule", () => {
  const settings = { rate: 0.2 };
  expect(ratesOf({ settings }, [0, 39])).toEqual([0.2, 0.2]);
  expect(ratesOf({ settings, schedule: "cosine" }, [0, 20, 40])).toEqual([0.2, 0.1, 0]);
  expect(ratesOf({ settings, schedule: "cosine:0.5" }, [0, 40])).toEqual([0.2, 0.1]);
  expect(ratesOf({ settings, schedule: "cosine-epochs" }, [0, 9, 20, 29])).toEqual([0.2, 0.2, 0.1, 0.1]);
  expect(ratesOf({ settings, schedule: "step:2" }, [0, 19, 20])).toEqual([0.2, 0.2, 0.02]);
  expect(ratesOf({ settings, schedule: "step:1:0.5" }, [9, 10, 20])).toEqual([0.2, 0.1, 0.05]);
  expect(ratesOf({ settings, schedule: "power:1" }, [0, 1])).toEqual([0.2, 0.1]);
  expect(ratesOf({ settings, warmup: 0.4 }, [0, 1, 3, 4])).toEqual([0.04, 0.08, 0.16, 0.2]);
  expect(ratesOf({ settings, warmup: 1, schedule: "cosine" }, [10, 25, 40])).toEqual([0.2, 0.1, 0]);
});

test("gradients are clipped before the optimizer sees them", () => {
  const moved = (change: Partial<OptimizerPlan>): Tree => {
    const { optimizer } = optimizerOf(planOf({ settings: { rate: 1 }, ...change }), length);
    const params = tensor([0, 0]);
    return optimizer.update(tensor([30, 40]), optimizer.init(params), params)[0];
  };
  const data = (tree: Tree): number[] => Array.from((tree as Tensor).data as Float64Array);
  expect(data(moved({ clipNorm: 5 }))).toEqual([-3, -4]);
  expect(data(moved({ clipValue: 35 }))).toEqual([-30, -35]);
  expect(data(moved({ clipValue: 30, clipNorm: Math.hypot(3, 3) })).map((v) => Math.round(v * 1e9) / 1e9)).toEqual([
    -3, -3,
  ]);
});

test.each<[string, string, Partial<OptimizerPlan>]>([
  ["an unknown optimizer", "missing", { optimizer: "adamx" }],
  ["an unknown schedule", "parse", { schedule: "cosin" }],
  ["a schedule with a text for a number", "parse", { schedule: "step:two" }],
  ["a schedule with too many numbers", "parse", { schedule: "step:1:2:3" }],
  ["an unknown setting", "domain", { settings: { rat: 1 } }],
  ["a rate of 0", "domain", { settings: { rate: 0 } }],
  ["a rate that is not below beta", "domain", { optimizer: "innaprop", settings: { rate: 0.9, beta: 0.9 } }],
  ["a floor above the rate, by epochs", "domain", { schedule: "cosine-epochs:2" }],
  ["a floor above the rate", "domain", { schedule: "cosine:2" }],
  ["steps of part of a step", "domain", { schedule: "step:0.33" }],
  ["a length that is negative", "domain", { clipNorm: -1 }],
  ["a negative warm-up", "domain", { warmup: -1 }],
])("refuses %s", (_says, code, change) => {
  expect(() => optimizerOf(planOf(change), length)).toThrow(expect.objectContaining({ code }));
});
