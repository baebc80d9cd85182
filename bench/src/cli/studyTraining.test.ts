import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { commanded } from "./commanded.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nonsmooth-study-"));
  vi.stubEnv("NONSMOOTH_DATA", "");
});
afterEach(() => {
  rmSync(root, { recursive: true });
  vi.unstubAllEnvs();
});

const small = ["--subset", "40", "--epochs", "1", "--batch", "20", "--format", "f32", "--threads", "1"];
const relu = (name: string, ...args: string[]) =>
  commanded("study", "relu", join(root, name), ...small, "--alpha", "0,1", "--rule", "assign", "--width", "4", ...args);

/** The bytes of all results and of the page. */
const bytesOf = (name: string): string[] =>
  ["results.jsonl", "report.html", ...readdirSync(join(root, name, "results")).map((file) => `results/${file}`)].map(
    (file) => readFileSync(join(root, name, file), "utf8"),
  );

test("a study runs, prints its table and claims, and writes its page", async () => {
  const { code, written, warned } = await relu("a");
  expect([code, warned]).toEqual([0, expect.stringContaining("sweep: 4 of 4 done")]);
  expect(written).toMatch(/^Training under ReLU'\(0\)\n/);
  expect(written).toMatch(/\n {2}mlp +digits +sgd +no +f32 +assign +- +0 +2 +0 +\d/);
  expect(written).toContain(
    "perceptron 4 wide on digits (40 images, 1 epoch), SGD, f32, assign: accuracy at ReLU'(0) = 1 is below that at 0.",
  );
  expect(written.trimEnd()).toMatch(/report\.html$/);
  expect(existsSync(join(root, "a/report-accuracy-0.svg"))).toBe(true);
});

test("a study that is stopped goes on with the same command, to the same bytes", async () => {
  const isReached = (): boolean =>
    existsSync(join(root, "cut/results")) && readdirSync(join(root, "cut/results")).length > 0;
  const poll = setInterval(() => isReached() && process.emit("SIGINT", "SIGINT"), 0);
  const { code, warned } = await relu("cut");
  clearInterval(poll);
  expect([code, warned]).toEqual([130, expect.stringContaining("relu: stopped; the same command goes on")]);
  expect(readdirSync(join(root, "cut/results")).length).toBeLessThan(4);
  expect((await relu("cut")).code).toBe(0);
  await relu("whole");
  expect(bytesOf("cut")).toHaveLength(6);
  expect(bytesOf("cut")).toEqual(bytesOf("whole"));
  expect((await relu("cut", "--seeds", "3")).warned).toContain("holds another sweep");
});

test("a network of one's own is trained under beta, and --json prints one object", async () => {
  const file = join(import.meta.dirname, "../../examples/small-network.ts");
  const args = ["--network", file, "--width", "2", "--beta", "0,10000", "--form", "coded", "--seeds", "1", "--json"];
  const { code, written } = await commanded("study", "maxpool", join(root, "a"), ...small, ...args);
  expect(code).toBe(0);
  const { schema, study, tables, claims, files } = JSON.parse(written);
  expect([schema, study, claims, files.length]).toEqual(["nonsmooth.study/1", "maxpool", [], 2]);
  expect(tables.accuracies).toMatchObject([
    { network: "small-network.ts", data: "digits", form: "coded", beta: 0, runs: 1, nan: 0 },
    { beta: 10000 },
  ]);
});

test.each([
  [["maxpool"], "maxpool: 48 jobs\n"],
  [["maxpool", "--form", "coded", "--beta", "0,1", "--format", "f16,mixed,bf16", "--seeds", "1"], "maxpool: 6 jobs\n"],
  [["maxpool", "--optimizer", "sgd,adam,innaprop", "--batch-norm", "both"], "maxpool: 288 jobs\n"],
  [["relu"], "relu: 56 jobs\n"],
  [["relu", "--network", "mlp,lenet5", "--rule", "multiply", "--epochs", "published"], "relu: 56 jobs\n"],
])("--plan-only says how many jobs there are, and makes none: %j", async (args, text) => {
  const [name = "", ...rest] = args;
  expect(await commanded("study", name, join(root, "a"), ...rest, "--plan-only")).toEqual({
    ...{ code: 0, written: text, warned: "" },
  });
  expect(existsSync(join(root, "a"))).toBe(false);
});

test("a study on the machine gpu has jobs of its own, and none without a device", async () => {
  vi.stubEnv("NONSMOOTH_GPU", "webgl2");
  const missing = await relu("a", "--machine", "gpu");
  expect([missing.code, missing.warned]).toEqual([3, expect.stringContaining("there is no such device here")]);
  expect(existsSync(join(root, "a"))).toBe(false);
  expect((await relu("a", "--machine", "gpu", "--plan-only")).written).toBe("relu: 4 jobs\n");
  vi.stubEnv("NONSMOOTH_GPU", "cpu");
  const { code, written } = await relu("a", "--machine", "gpu");
  expect([code, written]).toEqual([
    0,
    expect.stringContaining("mlp      digits  sgd        no         f32     assign"),
  ]);
  const results = readFileSync(join(root, "a/results.jsonl"), "utf8").trimEnd().split("\n");
  expect(results.map((line) => JSON.parse(line).parameters.machine)).toEqual(new Array(4).fill("gpu:cpu"));
  expect((await relu("a")).warned).toContain("holds another sweep");
  vi.stubEnv("NONSMOOTH_GPU", "webasm");
  expect((await relu("a", "--machine", "gpu")).warned).toContain("holds another sweep");
});

test.each([
  ["Expected numbers from 0", ["maxpool", "DIR", "--beta", "-1"]],
  ["Expected numbers, separated by commas", ["relu", "DIR", "--alpha", "0,one"]],
  ["Expected some of f64, f32, bf16, f16, mixed", ["maxpool", "DIR", "--format", "f8"]],
  ["Expected some of sgd, adam, innaprop", ["maxpool", "DIR", "--optimizer", "sgd,adamw"]],
  ["expected --format f32, got mixed", ["maxpool", "DIR", "--format", "f32,mixed", "--machine", "gpu"]],
  ["Allowed choices are wasm, gpu", ["relu", "DIR", "--machine", "reference"]],
  ["Allowed choices are coded, fused, both", ["maxpool", "DIR", "--form", "assign"]],
  ["Allowed choices are multiply, assign, both", ["relu", "DIR", "--rule", "coded"]],
  ["Expected names, separated by commas, each once", ["relu", "DIR", "--network", "mlp,mlp"]],
  ["Expected a number above 0", ["relu", "DIR", "--rate", "0"]],
  ["of at least 1", ["relu", "DIR", "--epochs", "0"]],
  ["Allowed choices are", ["relu", "DIR", "--data", "text"]],
  ["mlp has no pool", ["maxpool", "DIR", "--network", "mlp"]],
  ["missing required argument 'dir'", ["maxpool"]],
])("bad input is told, and nothing is made: %s", async (message, args) => {
  const { code, written, warned } = await commanded("study", ...args.map((arg) => arg.replace("DIR", join(root, "a"))));
  expect([code, written]).toEqual([2, ""]);
  expect(warned).toContain(message);
  expect(existsSync(join(root, "a"))).toBe(false);
});
