import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { commanded } from "./commanded.ts";

let root = "";
const at = (name: string): string => join(root, name);
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "nonsmooth-zones-"));
});
beforeEach(() => void vi.stubEnv("NONSMOOTH_DATA", ""));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const perceptron = ["--network", "mlp", "--width", "16", "--depth", "1,2", "--pair", "relu", "--threads", "1"];
const small = ["--network", new URL("../../examples/small-network.ts", import.meta.url).pathname, "--width", "4"];
const few = ["--images", "96", "--batch", "32", "--draws", "2", "--format", "f64,f16"];

test("volumes: results, a page, tables and claims; running again makes nothing and prints the same", async () => {
  const run = () => commanded("zones", "volume", at("volume"), ...perceptron, ...few, "--until-first");
  const first = await run();
  expect(first.code).toBe(0);
  expect(first.written).toContain("mlp 2 x 16");
  expect(first.written).toMatch(/undecided at this size: With 64 bits ReLU'\(0\) does not show/);
  expect(readdirSync(at("volume/results"))).toHaveLength(4);
  expect(readFileSync(at("volume/report.html"), "utf8")).toContain("draws of weights with such a mini-batch");
  const lines = readFileSync(at("volume/results.jsonl"), "utf8");
  const again = await run();
  expect(again.written).toBe(first.written);
  expect(readFileSync(at("volume/results.jsonl"), "utf8")).toBe(lines);
});

test("a census names each layer and each cause", async () => {
  const leNet = ["--network", "lenet5", "--images", "16", "--batch", "16", "--draws", "1", "--format", "f32"];
  const { written } = await commanded("zones", "volume", at("census"), ...leNet, "--census", "1", "--json");
  const { schema, study, tables } = JSON.parse(written);
  expect([schema, study]).toEqual(["nonsmooth.study/1", "zones-volume"]);
  expect(tables.ties.map(({ layer, elements }: Record<string, unknown>) => [layer, elements])).toEqual([
    ["pool1", 13824],
    ["pool2", 4096],
  ]);
  expect(tables.causes).toMatchObject([{ batches: 1, rounding: 1, candidate: 0, undecided: 0 }]);
});

test("thresholds: the choice next to the order of sums", async () => {
  const short = ["--images", "16", "--batch", "16", "--draws", "1", "--format", "f32,f16", "--threads", "1"];
  const { written } = await commanded("zones", "threshold", at("threshold"), ...small, ...short, "--json");
  const { tables } = JSON.parse(written);
  const d1 = tables.thresholds.filter(({ norm }: { norm: string }) => norm === "d1");
  expect(d1.map(({ pair, format }: Record<string, string>) => `${pair}; ${format}`)).toEqual([
    ...["native, minimal; f32", "order of sums; f32", "native, minimal; f16", "order of sums; f16"],
  ]);
  for (const { format, smallest, largest, threshold } of d1)
    expect(threshold).toBe(format === "f16" ? smallest : largest);
});

test("diverging runs: one program twice stays equal", async () => {
  const short = ["--images", "32", "--batch", "16", "--epochs", "1", "--format", "f32", "--threads", "1"];
  const { written } = await commanded("zones", "divergence", at("divergence"), ...small, ...short, "--json");
  const { claims, tables } = JSON.parse(written);
  const distances = tables.ends.map(({ distance }: { distance: number }) => distance);
  expect(distances).toHaveLength(5);
  expect(distances[0]).toBe(0);
  expect(distances[1]).toBeGreaterThan(0);
  expect(claims.map(({ verdict }: { verdict: string }) => verdict)).toContain("confirmed");
});

test("a plan alone makes nothing", async () => {
  const { written } = await commanded("zones", "volume", at("plan"), "--plan-only");
  expect(written).toMatch(/^zones-volume: \d+ jobs\n$/);
  expect(existsSync(at("plan"))).toBe(false);
});

test.each<[string, string[], string]>([
  ["a format that there is not", ["--format", "f8"], "Expected formats among"],
  ["two comparisons", ["--pair", "relu", "--one", "pool=max"], "two comparisons at once"],
  ["a side that is none", ["--one", "pool="], "not a side of a comparison"],
  ["a file that is not there", ["--network", "./no-network.ts"], "not there"],
  ["no images", ["--images", "0"], "at least 1"],
  ["too few images for a mini-batch", ["--images", "100"], "no whole mini-batch"],
  ["a pooling where there is none", ["--network", "mlp", "--pair", "maxpool"], "has no pool"],
  ["a size that the network has not", ["--network", "lenet5", "--width", "4"], "has no width"],
  ["a kink that there is not", ["--network", "lenet5", "--one", "rleu=last"], "no kink has this name"],
  ["a choice of another kind", ["--network", "lenet5", "--one", "relu=zero"], "another kind of kink"],
  ["a data set whose files are nowhere", ["--data", "svhn"], "no folder of data"],
  ["a data set of texts", ["--data", "text"], "Allowed choices"],
])("%s is refused, and nothing is made", async (_says, options, message) => {
  const { code, warned } = await commanded("zones", "volume", at("bad"), ...options);
  expect(code).toBe(2);
  expect(warned).toContain(message);
  expect(existsSync(at("bad"))).toBe(false);
});

describe("--machine gpu", () => {
  const leNet = ["--network", "lenet5", "--images", "16", "--batch", "16", "--draws", "1", "--machine", "gpu"];
  beforeEach(() => void vi.stubEnv("NONSMOOTH_GPU", "webasm"));

  test("is named in the tables, and needs --format f32", async () => {
    const { code, written } = await commanded("zones", "volume", at("gpu"), ...leNet, "--format", "f32", "--json");
    const { tables } = JSON.parse(written);
    expect([code, tables.volumes[0].network]).toEqual([0, "lenet5 on gpu:webasm, batch 16"]);
    expect(Object.keys(tables)).not.toContain("causes");
  });

  test.each<[string, number, string[], string]>([
    ["other formats", 2, ["--format", "f32,f16"], "pass --format f32"],
    ["a census", 2, ["--format", "f32", "--census", "1"], "leave --census out, or take --machine wasm"],
    ["a device that is not there", 3, ["--format", "f32"], "there is no such device here"],
  ])("%s: exit code %i, and nothing is made", async (says, exit, options, message) => {
    if (says.startsWith("a device")) vi.stubEnv("NONSMOOTH_GPU", "webgl2");
    for (const sub of ["volume", "threshold"]) {
      const { code, warned } = await commanded("zones", sub, at("gpu-bad"), ...leNet, ...options);
      expect([code, warned]).toEqual([exit, expect.stringContaining(message)]);
    }
    expect(existsSync(at("gpu-bad"))).toBe(false);
  });

  test("the usual questions are those in 32 bits, and a plan needs no device", async () => {
    vi.stubEnv("NONSMOOTH_GPU", "webgl2");
    const plan = ["volume", at("gpu-plan"), "--format", "f32", "--machine", "gpu", "--plan-only", "--json"];
    const { jobs } = JSON.parse((await commanded("zones", ...plan)).written);
    const distinct = new Set(jobs.map(({ parameters: { format, machine } }: never) => `${format} ${machine}`));
    expect([...distinct]).toEqual(["f32 gpu:webgl2"]);
  });
});

test("jobs that fail are told, such as those of a choice at a place that the network has not", async () => {
  const nowhere = ["--network", "mlp", "--one", "relu@nowhere=last", "--threads", "1"];
  const { code, warned } = await commanded("zones", "volume", at("failed"), ...nowhere, ...few);
  expect(code).toBe(1);
  expect(warned).toContain("nonsmooth sweep status");
});

test("a user's program is compared at points around its own", async () => {
  const file = new URL("../../examples/khan-barton.ts", import.meta.url).pathname;
  const program = ["--program", file, "--one", "maximum=first", "--other", "maximum=last", "--threads", "1", "--json"];
  const run = async (name: string, ...more: string[]) => {
    const { code, written } = await commanded("zones", "volume", at(name), ...program, "--draws", "30", ...more);
    expect(code).toBe(0);
    return JSON.parse(written).tables.volumes.map(({ format, differing }: Record<string, unknown>) => [
      format,
      differing,
    ]);
  };
  expect(await run("near", "--radius", "0", "--format", "f64,f16")).toEqual([
    ["f64", 30],
    ["f16", 30],
  ]);
  const [[, wide], [, narrow]] = await run("around", "--radius", "9e-8", "--format", "f64,f16");
  expect(wide).toBe(0);
  expect(narrow).toBeGreaterThan(0);
});

test.each<[string, string[], string]>([
  ["layers of a program", ["--one", "pool=max"], "no layers"],
  ["a published pair of layers", ["--pair", "relu"], "no layers"],
  ["a network beside a program", ["--network", "mlp"], "no layers"],
])("%s are refused", async (_says, options, message) => {
  const { code, warned } = await commanded("zones", "volume", at("bad"), "--program", "rosenbrock", ...options);
  expect([code, warned]).toEqual([2, expect.stringContaining(message)]);
});
