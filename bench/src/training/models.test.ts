import { summary } from "@nonsmooth/nets";
import { expect, test } from "vitest";
import { activationNames, type ModelPlan, modelNames, modelOf, poolNames, usualForm } from "./models.ts";

const planOf = (model: string, change: Partial<ModelPlan> = {}): ModelPlan => ({
  ...{ model, batchNorm: false, sizes: {}, activation: null, pool: null },
  ...change,
});
const rowsOf = (model: string, change: Partial<ModelPlan> = {}) =>
  summary(modelOf(planOf(model, change), usualForm(model))).rows;

test.each(modelNames)("%s fits its usual data", (name) => {
  const { outputShape } = summary(modelOf(planOf(name), usualForm(name)));
  expect(outputShape.at(-1)).toBe(name === "gpt" ? 65 : 10);
});

test("sizes, activations, poolings and batch norm are those of the plan", () => {
  const { parameters } = summary(modelOf(planOf("mlp", { sizes: { width: 10 } }), usualForm("mlp")));
  expect(parameters).toBe(784 * 10 + 10 + (10 * 5 + 5) + (5 * 10 + 10));
  for (const activation of activationNames)
    expect(rowsOf("lenet5", { activation }).map(({ kind }) => kind)).toContain(activation);
  const pools = poolNames.map(
    (pool) => rowsOf("vgg11", { pool }).filter(({ kind }) => kind.endsWith("Pool2d"))[0]?.kind,
  );
  expect(pools).toEqual(["maxPool2d", "avgPool2d", "normPool2d"]);
  expect(rowsOf("resnet18", { batchNorm: true }).some(({ kind }) => kind === "batchNorm2d")).toBe(true);
  expect(rowsOf("gpt", { sizes: { depth: 2 } }).filter(({ kind }) => kind === "attention")).toHaveLength(2);
});

test.each<[string, string, string, Partial<ModelPlan>]>([
  ["an unknown model", "missing", "lenet6", {}],
  ["an unknown activation", "missing", "lenet5", { activation: "rleu" }],
  ["a size that the model has not", "domain", "lenet5", { sizes: { width: 3 } }],
  ["a pooling where there is none", "domain", "mlp", { pool: "max" }],
  ["batch norm where there is none", "domain", "gpt", { batchNorm: true }],
  ["a size that is not whole", "domain", "vgg11", { sizes: { width: 1.5 } }],
])("refuses %s", (_says, code, model, change) => {
  expect(() => modelOf(planOf(model, change), usualForm(model))).toThrow(expect.objectContaining({ code }));
});

test("a model of texts is not for images, nor the other way round", () => {
  expect(() => modelOf(planOf("gpt"), usualForm("lenet5"))).toThrow("no such model of images");
  expect(() => modelOf(planOf("lenet5"), usualForm("gpt"))).toThrow("no such model of text");
});
