import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { commanded } from "./commanded.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-train-"));
  vi.stubEnv("NONSMOOTH_DATA", "");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const small = [
  "--limit",
  "60",
  "--batch",
  "20",
  "--epochs",
  "2",
  "--dtype",
  "f32",
  "--set",
  "rate=0.01",
  "--threads",
  "1",
];
const train = (name: string, ...args: string[]) =>
  commanded("train", "mlp", "--size", "width=24", ...small, "--out", join(folder, name), ...args);
const file = (run: string, name: string): Buffer => readFileSync(join(folder, run, name));
const lines = (run: string) =>
  `${file(run, "log.jsonl")}`
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Stops the run after some steps, as Ctrl-C does: the signal comes between two steps. */
async function stoppedAfter(steps: number, name: string) {
  const log = join(folder, name, "log.jsonl");
  const isReached = (): boolean => existsSync(log) && readFileSync(log, "utf8").split("\n").length > steps;
  const poll = setInterval(() => isReached() && process.emit("SIGINT", "SIGINT"), 0);
  try {
    return await train(name);
  } finally {
    clearInterval(poll);
  }
}

describe("a run", () => {
  test("writes plan, log, checkpoint and result, and prints a table", async () => {
    const { code, written } = await train("a");
    expect([code, readdirSync(join(folder, "a")).toSorted()]).toEqual([
      0,
      ["checkpoint.safetensors", "events.out.tfevents.0000000000.nonsmooth", "log.jsonl", "plan.json", "result.json"],
    ]);
    expect(written).toContain("mlp on digits, adamw, f32: finished after 6 steps");
    expect(lines("a").map(({ step, testLoss }) => [step, testLoss !== undefined])).toEqual([
      ...[
        [1, false],
        [2, false],
        [3, false],
        [3, true],
      ],
      ...[
        [4, false],
        [5, false],
        [6, false],
        [6, true],
      ],
    ]);
    const { epochs, status, culprit } = JSON.parse(`${file("a", "result.json")}`);
    expect([status, culprit, epochs.length]).toEqual(["finished", null, 2]);
    expect(epochs[1].trainLoss).toBeLessThan(epochs[0].trainLoss);
  });

  test("repeats by its plan, and prints one object", async () => {
    const [one, two] = [await train("a", "--json"), await train("b", "--json")];
    expect(one.written).toBe(two.written);
    expect(JSON.parse(one.written)).toMatchObject({ schema: "nonsmooth.train/1", status: "finished", steps: 6 });
    expect(file("a", "checkpoint.safetensors")).toEqual(file("b", "checkpoint.safetensors"));
    await train("c", "--seed", "2");
    expect(file("c", "checkpoint.safetensors")).not.toEqual(file("a", "checkpoint.safetensors"));
  });

  test.each([2, 3])("that is stopped after %i steps goes on bit for bit", async (steps) => {
    await train("whole");
    const { code, warned } = await stoppedAfter(steps, "cut");
    expect(code).toBe(130);
    expect(warned).toContain("go on with --resume");
    expect(existsSync(join(folder, "cut", "result.json"))).toBe(false);
    expect((await train("cut", "--resume")).code).toBe(0);
    for (const name of ["checkpoint.safetensors", "log.jsonl", "result.json"])
      expect(file("cut", name)).toEqual(file("whole", name));
  });

  test("that was killed in the middle of a line goes on from its checkpoint", async () => {
    await train("whole");
    await train("cut", "--checkpoint-every", "2");
    await train("same", "--checkpoint-every", "2");
    // As if it had been killed after step 4, while it wrote a line.
    const log = lines("cut").filter(({ step }) => step <= 5);
    writeFileSync(
      join(folder, "cut", "log.jsonl"),
      `${log.map((line) => JSON.stringify(line)).join("\n")}\n{"step":6,"lo`,
    );
    expect((await train("cut", "--checkpoint-every", "2", "--resume")).code).toBe(0);
    expect(file("cut", "checkpoint.safetensors")).toEqual(file("same", "checkpoint.safetensors"));
  });

  test("that diverges says where", async () => {
    const { code, warned } = await train("a", "--optimizer", "sgd", "--set", "rate=1e30");
    expect(code).toBe(1);
    expect(warned).toMatch(/diverged in step \d+: \w+( at [\w/]+)? is the first that is not finite/);
    expect(JSON.parse(`${file("a", "result.json")}`).status).toBe("diverged");
  });

  test("whose parameters become too large says which layer was the first", async () => {
    const { code, warned } = await train("a", "--optimizer", "sgd", "--set", "rate=3e38");
    expect([code, warned]).toEqual([1, expect.stringContaining("diverged in step 2: matmul at linear1 is the first")]);
  });

  test("has a schedule, clipped gradients and layers in 16 bits", async () => {
    const more = ["--schedule", "cosine", "--warmup", "0.5", "--clip-norm", "1", "--mixed", "f16", "--crop", "2"];
    const { code, written } = await train("a", ...more, "--size", "width=128", "--label-smoothing", "0.1");
    expect([code, written]).toEqual([0, expect.stringContaining("adamw cosine, f32 with layers in f16: finished")]);
    const rates = lines("a").flatMap(({ rate }) => rate ?? []);
    expect(rates[0]).toBeCloseTo(0.01 / 3, 12);
    expect(rates[5]).toBeLessThan(0.003);
    expect(lines("a").at(-1).scale).toBe(32768);
  });

  test("may be one of a text", async () => {
    writeFileSync(join(folder, "input.txt"), "a kink is a place where a function lacks a derivative. ".repeat(40));
    const gpt = [
      "train",
      "gpt",
      "--data-folder",
      folder,
      "--size",
      "context=8",
      "--size",
      "width=16",
      "--size",
      "depth=1",
    ];
    const { code, written, warned } = await commanded(
      ...[
        ...gpt,
        "--size",
        "heads=2",
        "--batch",
        "16",
        "--rate",
        "0.02",
        "--out",
        join(folder, "text"),
        "--dtype",
        "f32",
      ],
    );
    expect([code, warned]).toEqual([0, expect.stringContaining("a second")]);
    expect(written).toMatch(/perplexity/);
    const { epochs, plan } = JSON.parse(`${file("text", "result.json")}`);
    expect([plan.data, epochs[0].count]).toEqual(["text", 216]);
    expect(epochs[2].loss).toBeLessThan(epochs[0].loss);
  });

  test("has the same bits on every machine, and with any number of threads", async () => {
    await train("a", "--batch-norm", "--threads", "1");
    await train("b", "--batch-norm", "--threads", "2");
    for (const name of ["checkpoint.safetensors", "log.jsonl", "result.json"])
      expect(file("b", name)).toEqual(file("a", name));
    await train("c", "--batch-norm", "--machine", "reference");
    for (const name of ["checkpoint.safetensors", "log.jsonl"]) expect(file("c", name)).toEqual(file("a", name));
    const { code, warned } = await train("c", "--batch-norm", "--resume");
    expect([code, warned]).toEqual([2, expect.stringContaining('machine "reference"')]);
  });

  test("adds in another order when a seed of its plan says so: other bits, the same on every machine", async () => {
    await train("stated");
    const { code, written } = await train("a", "--shuffled", "5");
    expect([code, written]).toEqual([0, expect.stringContaining("f32, sums shuffled by 5: finished")]);
    await train("b", "--shuffled", "5", "--machine", "reference");
    await train("c", "--shuffled", "6");
    expect(JSON.parse(`${file("a", "plan.json")}`).shuffled).toBe(5);
    expect(file("b", "checkpoint.safetensors")).toEqual(file("a", "checkpoint.safetensors"));
    for (const other of ["stated", "c"])
      expect(file(other, "checkpoint.safetensors")).not.toEqual(file("a", "checkpoint.safetensors"));
    const { warned } = await train("a", "--shuffled", "6", "--resume");
    expect(warned).toContain("shuffled 5");
  });

  test("records a published choice, and goes on with the same one only", async () => {
    const { code, written } = await train("a", "--activation", "relu-assign:0.5");
    expect([code, written]).toEqual([0, expect.stringContaining("f32, relu-assign:0.5: finished")]);
    await train("plain");
    expect(JSON.parse(`${file("a", "plan.json")}`).activation).toBe("relu-assign:0.5");
    const { warned } = await train("a", "--activation", "relu-assign:1", "--resume");
    expect(warned).toContain('activation "relu-assign:0.5"');
  });

  test("with beta-MaxPool as coded has the same bits on both machines, and others than fused", async () => {
    const lenet = async (name: string, pool: string, machine: string) => {
      const args = ["--pool", pool, "--machine", machine, "--out", join(folder, name)];
      const { code } = await commanded(
        ...["train", "lenet5", "--limit", "4", "--batch", "2", "--epochs", "1", "--dtype", "f32", ...args],
      );
      expect(code).toBe(0);
      return file(name, "checkpoint.safetensors");
    };
    const coded = await lenet("coded", "beta-coded:1000", "wasm");
    expect(await lenet("reference", "beta-coded:1000", "reference")).toEqual(coded);
    expect(await lenet("fused", "beta:1000", "wasm")).not.toEqual(coded);
  });

  test("follows its selection", async () => {
    const { written } = await train("a", "--select", "relu=last", "--json");
    expect(JSON.parse(written).plan.select).toEqual(["relu=last"]);
  });
});

describe("what is refused changes nothing", () => {
  test.each<[string, string[]]>([
    ["no such model", ["train", "lenet6", "--out", "NEW"]],
    ["Allowed choices are", ["train", "mlp", "--data", "mnits", "--out", "NEW"]],
    ["Allowed choices are", ["train", "mlp", "--optimizer", "adamx", "--out", "NEW"]],
    ["Expected NAME=NUMBER", ["train", "mlp", "--set", "rate", "--out", "NEW"]],
    ["rate", ["train", "mlp", "--set", "rate=-1", "--out", "NEW"]],
    ["--rate and --set rate", ["train", "mlp", "--rate", "1", "--set", "rate=1", "--out", "NEW"]],
    ["--mixed f16 with --loss-scale", ["train", "mlp", "--loss-scale", "8", "--out", "NEW"]],
    ["constant|cosine", ["train", "mlp", "--schedule", "linear", "--out", "NEW"]],
    ["smoothing out of range", ["train", "mlp", "--label-smoothing", "2", "--limit", "20", "--out", "NEW"]],
    ["no such pooling", ["train", "lenet5", "--pool", "maximal", "--out", "NEW"]],
    ["expected beta:B, got beta:ten", ["train", "lenet5", "--pool", "beta:ten", "--out", "NEW"]],
    [
      "relu of a layer and of --select",
      ["train", "mlp", "--activation", "relu:1", "--select", "relu=last", "--limit", "20", "--out", "NEW"],
    ],
    ["lenet5 has no width", ["train", "lenet5", "--size", "width=3", "--out", "NEW"]],
    ["layers in f16 or bf16", ["train", "mlp", "--dtype", "f16", "--mixed", "f16", "--out", "NEW"]],
    ["Allowed choices are wasm, reference, gpu", ["train", "mlp", "--machine", "metal", "--out", "NEW"]],
    ["of at least 1", ["train", "mlp", "--batch", "0", "--out", "NEW"]],
    ["from 0 to 2^53", ["train", "mlp", "--shuffled", "-1", "--out", "NEW"]],
    ["required option '--out <dir>'", ["train", "mlp"]],
    ["nothing to go on with", ["train", "mlp", "--out", "NEW", "--resume"]],
    ["no folder", ["train", "mlp", "--data", "mnist", "--data-folder", "nowhere", "--out", "NEW"]],
    ["no kink has this name", ["train", "mlp", "--select", "reluu=last", "--out", "NEW", "--limit", "20"]],
  ])("%s", async (message, args) => {
    const { code, written, warned } = await commanded(
      ...args.map((arg) => (arg === "NEW" ? join(folder, "new") : arg)),
    );
    expect([code, written]).toEqual([2, ""]);
    expect(warned).toContain(message);
    expect(existsSync(join(folder, "new"))).toBe(false);
  });

  test("a folder that holds a run, and another plan", async () => {
    await train("a");
    const before = file("a", "checkpoint.safetensors");
    expect((await train("a")).warned).toContain("holds a run");
    const { code, warned } = await train("a", "--resume", "--seed", "9");
    expect([code, warned]).toEqual([2, expect.stringContaining("expected seed 1, got seed 9")]);
    expect(file("a", "checkpoint.safetensors")).toEqual(before);
  });
});
