import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { idOf } from "../../sweeps/job.ts";
import { runSettingOf } from "./choice.ts";
import { plannedRun } from "./parameters.ts";
import { trainingStudy } from "./plan.ts";
import { augmentationOf, optimizerPlan, publishedAlphas, publishedBetas, publishedEpochs, rateOf } from "./protocol.ts";
import { publishedFor, publishedPoint } from "./publishedAccuracies.ts";
import type { StudyRequest, TrainingSetting } from "./request.ts";

beforeEach(() => void vi.stubEnv("NONSMOOTH_DATA", ""));

const usual: StudyRequest = {
  ...{ study: "maxpool", networks: ["lenet5"], data: null, values: null, forms: ["coded", "fused"] },
  ...{ formats: ["f16", "f32"], optimizers: ["sgd"], batchNorms: [false], epochs: 8, subset: null },
  ...{ width: null, weights: "default" as const, rate: null, batch: 128, seeds: 2 },
};
const planned = (change: Partial<StudyRequest>) => trainingStudy({ ...usual, ...change }, undefined);

describe("the sweep", () => {
  test("has a job for each number, seed, form, format, optimizer, batch norm and network", async () => {
    expect((await planned({})).jobs).toHaveLength(6 * 2 * 2 * 2);
    const { jobs } = await planned({
      ...{ study: "relu", forms: ["assign"], formats: ["f64", "mixed", "bf16"], optimizers: ["sgd", "innaprop"] },
      ...{ batchNorms: [false, true], seeds: 3, networks: ["mlp", "lenet5"], values: [0, 0.5] },
    });
    expect(jobs).toHaveLength(2 * 3 * 2 * 2 * 3 * 2);
    expect(new Set(jobs.map(idOf)).size).toBe(jobs.length);
  });

  test("is the same each time, by name", async () => {
    const [one, two] = [await planned({}), await planned({})];
    expect(one).toEqual(two);
    expect(idOf(one.jobs[0] as (typeof one.jobs)[0])).toMatchInlineSnapshot(`"dc9dc569d7795fe1"`);
  });

  test("begins with the first seed of everything, and its settings can be read off its jobs", async () => {
    const { jobs, settings } = await planned({});
    const runs = jobs.map(({ parameters }) => runSettingOf(parameters));
    expect(runs.map((run) => run?.seed)).toEqual([...new Array(24).fill(1), ...new Array(24).fill(2)]);
    expect(runs.slice(0, 6).map((run) => run?.value)).toEqual([0, 1, 10, 100, 1000, 10000]);
    expect(runs[6]).toEqual({
      ...{ network: "lenet5", data: "digits", optimizer: "sgd", batchNorm: false, format: "f16" },
      ...{ form: "fused", value: 0, seed: 1 },
    });
    expect(settings).toEqual(usual);
    expect(runSettingOf({ pool: "max", activation: null })).toBe(null);
  });

  test("makes plans as published", async () => {
    const { jobs } = await planned({ formats: ["mixed"], forms: ["coded"], epochs: null, values: [10] });
    const { plan, counts } = plannedRun(jobs[0]?.parameters ?? {});
    expect(counts).toEqual({ train: 8000, test: 2000 });
    expect(plan).toMatchObject({
      ...{ pool: "beta-coded:10", activation: null, dtype: "f32", mixed: { dtype: "f16" }, epochs: 100, batch: 128 },
      ...{ optimizer: "momentum", settings: { rate: 0.00925, momentum: 0.9, weightDecay: 5e-4 } },
      ...{ schedule: "cosine-epochs", crop: 0, flip: false },
    });
  });

  test("may begin as the study of volumes did", async () => {
    const { jobs } = await planned({ weights: "volume", values: [0] });
    expect(jobs.map(({ parameters }) => plannedRun(parameters).plan.weights)).toEqual(new Array(8).fill("volume"));
  });

  test("may be of a file, whose contents are part of each job", async () => {
    const path = join(import.meta.dirname, "../../../examples/small-network.ts");
    const { jobs } = await planned({ networks: [path], width: 2, values: [0] });
    const { plan } = plannedRun(jobs[0]?.parameters ?? {});
    expect([plan.model, plan.sizes]).toEqual([path, { width: 2 }]);
    expect(plan.modelSha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

test.each<[string, string, Partial<StudyRequest>]>([
  ["a network without a pooling", "mlp has no pool", { networks: ["mlp"] }],
  ["a network without a width", "lenet5 has no width", { width: 3 }],
  ["a network that is unknown", "no such model of images", { networks: ["lenet6"], data: "digits" }],
  ["a network for texts", "no such model of images", { networks: ["gpt"], data: "digits" }],
  ["a file that is not there", "a file is not there", { networks: ["./none.ts"] }],
  ["data that are not there", "there is no folder of data", { networks: ["vgg11"] }],
  ["images that do not fit", "does not fit", { networks: ["vgg11"], data: "digits" }],
  ["a number that comes twice", "a job comes twice", { values: [1, 1] }],
  ["formats that a GPU has not", "expected --format f32, got f16", { machine: "gpu:cpu" }],
  ["a rate that the optimizer refuses", "rate", { optimizers: ["innaprop"], rate: 0.95 }],
])("refuses %s, before a job is made", async (_says, message, change) => {
  await expect(planned(change)).rejects.toThrow(message);
});

const setting: TrainingSetting = {
  ...{ network: "lenet5", data: "mnist", optimizer: "sgd", batchNorm: false, format: "f16", form: "coded" },
};

test.each<[Partial<TrainingSetting>, number, string]>([
  [{}, 0.02326, "published"],
  [{ batchNorm: true }, 0.02105, "published"],
  [{ format: "mixed" }, 0.00925, "published"],
  [{ format: "f32", batchNorm: true }, 0.01317, "published"],
  [{ format: "f64" }, 0.03528, "published for other data or another format"],
  [{ format: "bf16" }, 0.02326, "published for other data or another format"],
  [{ data: "digits" }, 0.02326, "published for other data or another format"],
  [{ optimizer: "adam", format: "f32" }, 0.003898, "published"],
  [{ network: "vgg11", data: "cifar10", format: "f32" }, 0.0382, "published"],
  [{ network: "vgg11", data: "svhn-extra", format: "f32", batchNorm: true }, 0.01866, "published"],
  [{ network: "resnet18", data: "cifar10", batchNorm: true }, 0.0298, "published"],
  [{ network: "densenet121", data: "cifar10", format: "f32" }, 0.02029, "published for other data or another format"],
  [{ network: "mlp" }, 0.02, "ours"],
  [{ optimizer: "innaprop" }, 1e-3, "ours"],
])("the rate of %j is %f, %s", (change, rate, source) => {
  expect(rateOf({ ...setting, ...change })).toEqual({ rate, source });
});

test("epochs, augmentation, optimizers and grids are the published ones", () => {
  expect([publishedEpochs("mnist", "sgd"), publishedEpochs("digits", "adam")]).toEqual([100, 80]);
  expect([publishedEpochs("cifar10", "adam"), publishedEpochs("svhn-extra", "sgd")]).toEqual([200, 100]);
  expect([augmentationOf("cifar10").crop, augmentationOf("svhn").flip]).toEqual([4, false]);
  expect(optimizerPlan("adam", "f16", 1).settings).toEqual({ rate: 1, epsilon: 1e-4 });
  expect(optimizerPlan("adam", "f32", 1).settings).toEqual({ rate: 1 });
  expect(publishedBetas).toEqual([0, 1, 10, 100, 1000, 10000]);
  expect(publishedAlphas("resnet18", "sgd")).toHaveLength(11);
  expect(publishedAlphas("vgg11", "sgd")).toContain(-0.1);
  expect(publishedAlphas("vgg11", "adam")).toEqual([0, 2, 4, 5, 6, 8, 10, 50]);
  expect(publishedAlphas("mlp", "sgd")).toContain(-50);
});

test("published accuracies are those of the same setting", () => {
  expect(publishedPoint(setting, 100)).toEqual({ value: 100, mean: 99.26, deviation: 0.05 });
  expect(publishedPoint(setting, 1000)).toEqual({ value: 1000, mean: null, deviation: null });
  expect(publishedPoint(setting, 7)).toBe(null);
  expect(publishedPoint({ ...setting, data: "digits" }, 100)).toBe(null);
  expect(publishedPoint({ ...setting, format: "f64" }, 100)).toBe(null);
  expect(publishedFor({ ...setting, data: "digits", format: "f64" })).toMatchObject({ data: "mnist", format: "f32" });
  const vgg = { ...setting, network: "vgg11", format: "f32" } as const;
  expect(publishedPoint({ ...vgg, data: "svhn-extra", batchNorm: true }, 0)?.mean).toBe(97.64);
  expect(publishedPoint({ ...vgg, data: "cifar10", form: "assign" }, 1)).toMatchObject({ mean: 86.8, deviation: null });
  expect(publishedFor({ ...setting, format: "bf16" })).toBe(null);
});
