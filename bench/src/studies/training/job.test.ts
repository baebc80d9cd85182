import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { commanded } from "../../cli/commanded.ts";
import { digitCounts } from "../../data/load.ts";
import { execute } from "../../sweeps/execute.ts";
import { idOf, type Parameters } from "../../sweeps/job.ts";
import type { TrainingPlan } from "../../training/plan.ts";
import { pinned } from "../../training/userNetwork.ts";
import { kinds } from "../jobs.ts";
import { type TrainingOutcome, training } from "./job.ts";
import { parametersOf, plannedRun } from "./parameters.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "nonsmooth-training-"));
  vi.stubEnv("NONSMOOTH_DATA", "");
});
afterAll(() => {
  rmSync(root, { recursive: true });
  vi.unstubAllEnvs();
});

const plan: TrainingPlan = {
  ...{ model: "mlp", batchNorm: false, sizes: { width: 8 }, activation: "relu:0.5", pool: null },
  ...{ data: "digits", limit: 60, crop: 0, flip: false, epochs: 2, batch: 20, seed: 1, dtype: "f32", mixed: null },
  ...{ optimizer: "momentum", settings: { rate: 0.05, weightDecay: 5e-4 }, schedule: "cosine" },
  ...{ warmup: 0, clipNorm: null, clipValue: null, labelSmoothing: 0, shuffled: null },
  ...{ machine: "wasm", checkpointEvery: 1, select: [] },
};
const parametersFor = (change: Partial<TrainingPlan> = {}): Parameters =>
  parametersOf({ plan: { ...plan, ...change }, counts: digitCounts });

async function outcome(parameters: Parameters, told: (done: number, total: number) => void = () => {}) {
  const context = { signal: new AbortController().signal, progress: told };
  return (await training.run(parameters, context)) as TrainingOutcome;
}

test.each<[string, Partial<TrainingPlan>]>([
  ["as above", {}],
  ["in 16 bits", { mixed: { dtype: "f16", scale: 1024 }, shuffled: 3 }],
  ["with another scale", { mixed: { dtype: "bf16" }, sizes: {}, limit: null, clipNorm: 1 }],
  ["with choices at sites", { select: ["relu=last", "maxPool2d@pool1=uniform"], weights: "volume" }],
  ["of a file", { model: "/a/b.ts", modelSha256: "00ff", pool: "beta-coded:10" }],
])("a plan %s is flat parameters, and these are the plan", (_says, change) => {
  const parameters = parametersFor(change);
  expect(Object.values(parameters).every((value) => value === null || typeof value !== "object")).toBe(true);
  expect(plannedRun(parameters)).toEqual({ plan: { ...plan, ...change }, counts: digitCounts });
});

test("a machine whose bits are its own is a parameter, others are none", () => {
  expect("machine" in parametersFor()).toBe(false);
  const parameters = parametersFor({ machine: "gpu:cpu" });
  expect(parameters.machine).toBe("gpu:cpu");
  expect(plannedRun(parameters).plan).toEqual({ ...plan, machine: "gpu:cpu" });
  expect(idOf({ kind: "training", parameters })).not.toBe(idOf({ kind: "training", parameters: parametersFor() }));
});

test("the name of a job stays what it was", () => {
  expect(idOf({ kind: "training", parameters: parametersFor() })).toMatchInlineSnapshot(`"7488e8df78c99770"`);
});

test("a job trains as the command does, to the same numbers each time, and tells each step", async () => {
  const told: string[] = [];
  const found = await outcome(parametersFor(), (done, total) => void told.push(`${done}/${total}`));
  expect(told).toEqual(["1/6", "2/6", "3/6", "4/6", "5/6", "6/6"]);
  expect(await outcome(parametersFor())).toEqual(found);
  const { written } = await commanded(
    ...[
      "train",
      "mlp",
      "--size",
      "width=8",
      "--activation",
      "relu:0.5",
      "--limit",
      "60",
      "--epochs",
      "2",
      "--batch",
      "20",
    ],
    ...[
      "--dtype",
      "f32",
      "--optimizer",
      "momentum",
      "--rate",
      "0.05",
      "--weight-decay",
      "5e-4",
      "--schedule",
      "cosine",
    ],
    ...["--out", join(root, "run"), "--json"],
  );
  const { steps, epochs } = JSON.parse(written);
  const numbers = epochs.map(({ count, ...rest }: { count: number }) => rest);
  expect(found).toEqual({ status: "finished", steps, epochs: numbers, accuracy: epochs[1].accuracy, nan: null });
  expect((await outcome(parametersFor({ seed: 2 }))).epochs).not.toEqual(found.epochs);
  expect(await outcome(parametersFor({ activation: null, select: ["relu=kink:0.5"] }))).toEqual(found);
});

test("a run that ends in NaN has no accuracy, and says where it began", async () => {
  const { status, accuracy, nan, steps } = await outcome(parametersFor({ settings: { rate: 3e38 } }));
  expect([status, accuracy, steps]).toEqual(["diverged", null, 2]);
  expect(nan).toEqual({ epoch: 0, step: 2, operation: "matmul", site: "linear1" });
});

test("a run whose last update spoils the parameters ended in NaN too", async () => {
  const { status, accuracy, nan, epochs } = await outcome(
    parametersFor({ settings: { rate: 3e38 }, batch: 60, epochs: 1, schedule: "constant" }),
  );
  expect([status, accuracy, epochs[0]?.loss]).toEqual(["diverged", null, null]);
  expect(nan).toEqual({ epoch: 0, step: 1, operation: null, site: null });
});

test("a stop is heard at the next step", async () => {
  const stopping = new AbortController();
  const steps: number[] = [];
  const progress = (step: number): void => {
    steps.push(step);
    stopping.abort();
  };
  const job = { kind: "training", parameters: parametersFor() };
  expect(await execute(job, { signal: stopping.signal, progress }, kinds)).toEqual({ status: "aborted" });
  expect(steps).toEqual([1]);
});

test("a network of a file is trained, unless its contents changed", async () => {
  const path = join(root, "net.ts");
  const text = `import { flatten, linear, sequential } from "@nonsmooth/nets/layers";
    export const network = ({ classes }) => sequential({ flatten: flatten(), scores: linear(classes) });\n`;
  writeFileSync(path, text);
  const { model, modelSha256 = "" } = await pinned({ ...plan, model: path });
  const parameters = parametersFor({ model, modelSha256, activation: null, sizes: {}, epochs: 1 });
  expect((await outcome(parameters)).status).toBe("finished");
  writeFileSync(path, `${text}\n`);
  await expect(outcome(parameters)).rejects.toThrow("the file has other contents now");
});

test.each<[string, string, Parameters]>([
  ["another number of images", "digits is not the set that the job was planned with", { dataTrain: 60_000 }],
  ["a setting that is no number", "bad parameter set.rate", { "set.rate": "fast" }],
  ["a parameter that is unknown", "bad parameter colour", { colour: "red" }],
  ["a format that is unknown", "bad parameter dtype", { dtype: "f8" }],
  ["a condition that is none", "bad parameter flip: expected true or false", { flip: 1 }],
  [
    "a machine that changes no bit",
    "bad parameter machine: expected one of gpu:webgpu, gpu:webgpu-software, gpu:webgl2, gpu:headlessgl, gpu:webasm, gpu:cpu, or null",
    { machine: "reference" },
  ],
  ["an empty name", "bad parameter model: expected a text", { model: "" }],
  ["what may be null", "bad parameter limit: expected a whole number of at least 1, or null", { limit: 0 }],
  ["a setting that the optimizer has not", "momentum: ", { "set.speed": 1 }],
])("refuses %s", async (_says, message, change) => {
  await expect(outcome({ ...parametersFor(), ...change })).rejects.toThrow(message);
});
