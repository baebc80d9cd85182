import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdError, type Executable, reference } from "@nonsmooth/ad-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isMissingDevice } from "./gpuMachine.ts";
import type { OpenMachine } from "./machines.ts";
import type { TrainingPlan } from "./plan.ts";
import { runTraining } from "./run.ts";
import { RunFolder } from "./runFolder.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nonsmooth-run-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const plan: TrainingPlan = {
  ...{ model: "mlp", batchNorm: false, sizes: { width: 8 }, activation: null, pool: null },
  ...{ data: "digits", limit: 60, crop: 0, flip: false, epochs: 2, batch: 20, seed: 1, dtype: "f32", mixed: null },
  ...{ optimizer: "momentum", settings: { rate: 0.05 }, schedule: "constant", warmup: 0, clipNorm: null },
  ...{ clipValue: null, labelSmoothing: 0, shuffled: null, machine: "gpu:cpu", checkpointEvery: 2, select: [] },
};

/** A device that is lost in its run number `last`, if there is one; it answers with promises, and says when it is freed. */
function losing(last: number, freed: string[] = []): () => Promise<OpenMachine> {
  const machine = reference();
  let runs = 0;
  const later = (running: Executable): Executable => ({
    describe: () => running.describe(),
    write: (name, tree) => running.write(name, tree),
    read: async (name) => running.read(name),
    run: async (args) => {
      if (++runs >= last) throw lost();
      return running.run(args);
    },
    dispose: () => void freed.push("program"),
  });
  return async () => ({
    ...{ name: "gpu", dtypes: ["f32"], dispose: () => void freed.push("machine") },
    compile: (program, options) => later(machine.compile(program, options)),
  });
}

const lost = (): AdError =>
  new AdError({
    ...{ code: "missing", where: "gpu", problem: "the device was lost", expected: "a device" },
    ...{ got: "none", remedy: "go on from the last checkpoint" },
  });

const run = (name: string, open: () => Promise<OpenMachine>, resume = false) =>
  runTraining(plan, {
    ...{ folder: new RunFolder(join(root, name)), dataFolder: undefined, select: {}, threads: 1, open, resume },
    ...{ listener: { tell: () => {}, isStopped: () => false }, now: () => 0 },
  });
const bytes = (name: string, file: string): Buffer => readFileSync(join(root, name, file));

// An epoch is three steps, and three runs of its evaluation.
test.each([
  [3, 2],
  [5, 2],
  [7, 3],
  [9, 4],
])(
  "a device that is lost in run %i leaves the checkpoint of step %i, and the run goes on from there",
  async (last, kept) => {
    const freed: string[] = [];
    await expect(run("cut", losing(last, freed))).rejects.toSatisfy(isMissingDevice);
    expect(freed.at(-1)).toBe("machine");
    const folder = new RunFolder(join(root, "cut"));
    expect([folder.resume(plan)?.metadata.steps, folder.has("result")]).toEqual([`${kept}`, false]);
    await run("cut", losing(Number.POSITIVE_INFINITY), true);
    await run("whole", losing(Number.POSITIVE_INFINITY));
    for (const file of ["checkpoint.safetensors", "log.jsonl", "result.json"])
      expect(bytes("cut", file)).toEqual(bytes("whole", file));
  },
);

test("a device that is lost before the first checkpoint leaves a run that begins again", async () => {
  await expect(run("cut", losing(1))).rejects.toThrow("the device was lost");
  expect(new RunFolder(join(root, "cut")).has("checkpoint")).toBe(false);
  expect((await run("cut", losing(Number.POSITIVE_INFINITY), true)).status).toBe("finished");
});

test("other formats are refused before the machine is opened", async () => {
  const never = (): never => {
    throw new Error("it was opened");
  };
  const around = { dataFolder: undefined, select: {}, threads: 1, open: never, resume: false };
  const quiet = { listener: { tell: () => {}, isStopped: () => false }, now: () => 0 };
  for (const change of [{ dtype: "f64" }, { mixed: { dtype: "f16" } }] as const) {
    const folder = new RunFolder(join(root, "new"));
    const refused = runTraining({ ...plan, ...change }, { ...around, ...quiet, folder });
    await expect(refused).rejects.toThrow("the machine gpu computes in 32 bits");
    expect(folder.has("plan")).toBe(false);
  }
});
