import { last } from "@nonsmooth/ad-core";
import { summary } from "@nonsmooth/nets";
import { expect, test } from "vitest";
import { activationNames, poolNames } from "./choices.ts";
import type { ModelPlan } from "./modelPlan.ts";
import { modelNames, modelOf, selectOf, usualForm } from "./models.ts";

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
  expect(pools).toEqual(["maxPool2d", "avgPool2d", "normPool2d", "minimalPool2d"]);
  expect(rowsOf("resnet18", { batchNorm: true }).some(({ kind }) => kind === "batchNorm2d")).toBe(true);
  expect(rowsOf("gpt", { sizes: { depth: 2 } }).filter(({ kind }) => kind === "attention")).toHaveLength(2);
});

test.each<[string, string, string, Partial<ModelPlan>]>([
  ["an unknown model", "missing", "lenet6", {}],
  ["an unknown activation", "missing", "lenet5", { activation: "rleu" }],
  ["a choice without its number", "domain", "lenet5", { pool: "beta-coded" }],
  ["a choice that is no number", "domain", "lenet5", { pool: "beta:ten" }],
  ["a choice with too few numbers", "domain", "lenet5", { activation: "relu6:1" }],
  ["a third norm-pooling", "domain", "lenet5", { pool: "norm:3" }],
  ["an unknown choice", "missing", "lenet5", { pool: "gamma:3" }],
  ["a size that the model has not", "domain", "lenet5", { sizes: { width: 3 } }],
  ["a pooling where there is none", "domain", "mlp", { pool: "max" }],
  ["batch norm where there is none", "domain", "gpt", { batchNorm: true }],
  ["a size that is not whole", "domain", "vgg11", { sizes: { width: 1.5 } }],
])("refuses %s", (_says, code, model, change) => {
  expect(() => modelOf(planOf(model, change), usualForm(model))).toThrow(expect.objectContaining({ code }));
});

test.each<[Partial<ModelPlan>, string, Record<string, string>]>([
  [{ pool: "beta:10" }, "maxPool2d", { maxPool2d: "blend(first, uniform, 10)" }],
  [{ pool: "beta-coded:10" }, "betaPool2d", {}],
  [{ pool: "norm:1" }, "normPool2d", { normPool2d: "atZero(zero)" }],
  [{ pool: "norm:2" }, "normPool2d", { normPool2d: "atZero(ones)" }],
  [{ activation: "relu:0.5" }, "relu", { relu: "atKink(0.5)" }],
  [{ activation: "relu-assign:-1" }, "assignedRelu", {}],
  [{ activation: "relu6:1,0.5" }, "relu6", { "relu6.low": "atKink(1)", "relu6.high": "atKink(0.5)" }],
  [{ activation: "relu6-assign:1,0.5" }, "assignedRelu6", {}],
])("a published choice is a layer and a selection: %j", (change, kind, names) => {
  expect(rowsOf("lenet5", change).map((row) => row.kind)).toContain(kind);
  const select = selectOf(planOf("lenet5", change), {});
  expect(Object.fromEntries(Object.entries(select).map(([key, { name }]) => [key, name]))).toEqual(names);
});

test("what the user selects joins the choices of layers, and does not overrule them in silence", () => {
  const plan = planOf("lenet5", { pool: "beta:10" });
  expect(Object.keys(selectOf(plan, { "maxPool2d@pool1": last, relu: last }))).toEqual([
    ...["maxPool2d", "maxPool2d@pool1", "relu"],
  ]);
  expect(() => selectOf(plan, { maxPool2d: last })).toThrow("maxPool2d of a layer and of --select");
});

test("a model of texts is not for images, nor the other way round", () => {
  expect(() => modelOf(planOf("gpt"), usualForm("lenet5"))).toThrow("no such model of images");
  expect(() => modelOf(planOf("lenet5"), usualForm("gpt"))).toThrow("no such model of text");
});
