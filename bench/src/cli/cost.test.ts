import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { commanded } from "./commanded.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-cost-"));
  // The tests use the generated digits, wherever they run.
  vi.stubEnv("NONSMOOTH_DATA", "");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const json = async (...args: string[]) => JSON.parse((await commanded("cost", ...args, "--json")).written);

test("LeNet-5 stays within its bounds in both counts", async () => {
  const found = await json("lenet5");
  expect(Object.keys(found)).toEqual([
    "schema",
    "program",
    "description",
    "parameters",
    "prices",
    "directions",
    "model",
    "engine",
    "time",
  ]);
  expect(found).toMatchObject({ schema: "nonsmooth.cost/1", program: "lenet5", directions: 44_426 });
  const { model, engine, time } = found;
  expect([model.omegaB, model.omegaF]).toEqual([5, 4]);
  for (const { backwardRatio, forwardRatio } of [model, engine]) {
    expect(backwardRatio).toBeLessThanOrEqual(model.omegaB);
    expect(forwardRatio).toBeLessThanOrEqual(model.omegaF);
    expect(backwardRatio).toBeGreaterThan(1);
  }
  expect(model.forwardFull.ratio).toBeLessThanOrEqual(model.forwardFull.bound);
  expect(model.backward / model.evaluate).toBe(model.backwardRatio);
  for (const count of [engine.evaluate, engine.backward, engine.forward])
    expect(count.mul + count.add + count.div + count.cmp + count.nonlinear).toBe(count.total);
  expect(time.backwardMs / time.evaluateMs).toBe(time.backwardRatio);
  expect(time.repeats).toBeGreaterThanOrEqual(3);
});

test("the front page shows the counts of LeNet-5", async () => {
  const page = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  const shown = /```text\n(.*?)\n```/s.exec(page)?.[1]?.split("\n") ?? [];
  const printed = (await commanded("cost", "lenet5", "--repeats", "0")).written.split("\n");
  expect(shown).toHaveLength(5);
  expect(shown.filter((line) => !printed.some((full) => full.startsWith(line)))).toEqual([]);
});

test("a random program: backward is flat and full forward linear, from 10 to 10,000 inputs", async () => {
  const sizes = [10, 100, 1000, 10_000];
  const { points, backwardSpread, ...sweep } = await json("random", "--inputs", sizes.join(), "--repeats", "0");
  expect(sweep).toMatchObject({ schema: "nonsmooth.costSweep/1", program: "random" });
  expect(backwardSpread.model).toBeLessThan(0.05);
  expect(backwardSpread.engine).toBeLessThan(0.05);
  expect(points.map(({ inputs }: { inputs: number }) => inputs)).toEqual(sizes);
  // What the full gradient costs beyond the values and slopes that all tangents share is in proportion.
  const perTangent = points.map(({ inputs, model }: typeof points) => {
    const shared = model.forward - (model.forwardFull.cost - model.forward) / (inputs - 1);
    return (model.forwardFull.cost - shared) / model.evaluate / inputs;
  });
  expect(Math.max(...perTangent) / Math.min(...perTangent)).toBeLessThan(1.01);
  expect(sweep.forwardFullPower).toBeGreaterThan(0.95);
});

describe("times", () => {
  test.each([
    [2, "expected --dtype f32, got f64; pass --dtype f32", "cpu", []],
    [3, "gpu: there is no such device here", "webgl2", ["--dtype", "f32"]],
  ])("on the machine gpu end with exit code %i: %s", async (exit, message, mode, args) => {
    vi.stubEnv("NONSMOOTH_GPU", mode);
    const { code, written, warned } = await commanded("cost", "matmul", "--machine", "gpu", ...args);
    expect([code, written, warned]).toEqual([exit, "", expect.stringContaining(message)]);
    expect((await commanded("cost", "matmul", "--machine", "gpu", "--repeats", "0")).code).toBe(0);
  });

  test("are those of the machine that is asked for", async () => {
    expect((await json("matmul", "--inputs", "4", "--repeats", "1")).time.machine).toBe("wasm");
    const { time } = await json("matmul", "--inputs", "4", "--repeats", "1", "--machine", "reference");
    expect(time).toMatchObject({ machine: "reference", repeats: 1 });
    vi.stubEnv("NONSMOOTH_GPU", "cpu");
    const onGpu = await json("matmul", "--inputs", "4", "--repeats", "1", "--machine", "gpu", "--dtype", "f32");
    expect(onGpu.time).toMatchObject({ machine: "gpu", repeats: 1 });
    const { written } = await commanded("cost", "matmul", "--inputs", "4", "--threads", "1");
    expect(written).toMatch(/rounds on the machine wasm$/m);
  });

  test("of a gradient by forward mode are there when it is short", async () => {
    const { time, directions } = await json("speelpenning", "--inputs", "7", "--repeats", "1");
    expect(directions).toBe(7);
    expect(time.forwardFullMs).toBeGreaterThan(0);
    expect(
      (await json("lenet5", "--batch", "1", "--repeats", "1", "--machine", "reference")).time.forwardFullMs,
    ).toBeNull();
  });
});

describe("a report", () => {
  test("can be counted only", async () => {
    expect((await json("mlp", "--repeats", "0")).time).toBeNull();
    const { written } = await commanded("cost", "mlp", "--repeats", "0");
    expect(written).toContain("not timed");
    expect(written).toMatch(/^ {2}one evaluation +[\d,]+ +1\.00 +1\.00 +[\d,]+ +1\.00 +- +-$/m);
  });

  test("is timed as often as asked", async () => {
    expect((await json("speelpenning", "--repeats", "4")).time).toMatchObject({ repeats: 4 });
  });

  test("measures the full gradient by forward mode where it is short", async () => {
    expect((await json("speelpenning", "--inputs", "10", "--repeats", "1")).time.forwardFullMs).toBeGreaterThan(0);
    expect((await json("lenet5", "--batch", "1", "--repeats", "1")).time.forwardFullMs).toBeNull();
  });

  test("follows the price of nonlinear operations", async () => {
    const { prices, model } = await json("random", "--repeats", "0", "--price", "10");
    expect(prices).toEqual({ add: 1, mul: 1, nonlinear: 10 });
    expect(model.evaluate).toBeGreaterThan((await json("random", "--repeats", "0")).model.evaluate);
  });

  test("repeats by its seed", async () => {
    const report = (seed: string) => commanded("cost", "random", "--repeats", "0", "--seed", seed);
    expect(await report("5")).toEqual(await report("5"));
    expect((await report("6")).written).not.toBe((await report("5")).written);
  });
});

describe("the shares", () => {
  test.each(["op", "site"])("by %s add up", async (by) => {
    const { shares, model, engine } = await json("lenet5", "--batch", "1", "--repeats", "0", "--by", by);
    const total = (read: (share: typeof shares) => number): number =>
      shares.reduce((sofar: number, share: typeof shares) => sofar + read(share), 0);
    expect(total((share) => share.model.backward)).toBe(model.backward);
    expect(total((share) => share.engine.evaluate)).toBe(engine.evaluate.total);
    expect(total((share) => share.engine.backward)).toBe(engine.backward.total);
    const groups = shares.map(({ group }: { group: string }) => group);
    expect(groups).toEqual(expect.arrayContaining(by === "op" ? ["conv2d", "maxPool2d"] : ["conv1", "pool2", "loss"]));
  });

  test("are a table, the largest first", async () => {
    const { written } = await commanded("cost", "lenet5", "--batch", "1", "--repeats", "0", "--by", "site");
    const rows = written.slice(written.indexOf("site  ")).trim().split("\n");
    expect(rows[0]).toMatch(/^site +model f +backward +engine f +share +backward +share$/);
    expect(rows[1]).toMatch(/^ *conv2 /);
    expect(rows.at(-1)).toMatch(/^ *in all /);
  });
});

describe("the pictures of a sweep", () => {
  const sweep = ["cost", "speelpenning", "--inputs", "2,20,200", "--repeats", "0"];

  test("are written whole, and nothing besides", async () => {
    const [svg, html] = [join(folder, "new/sweep.svg"), join(folder, "sweep.html")];
    const { code, warned, written } = await commanded(...sweep, "--svg", svg, "--html", html);
    expect([code, warned.trim().split("\n").length]).toEqual([0, 3]);
    expect(readdirSync(folder).toSorted()).toEqual(["new", "sweep.html"]);
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg xmlns=[\s\S]*<polyline[\s\S]*backward, model[\s\S]*<\/svg>\n$/);
    const page = readFileSync(html, "utf8");
    expect(page).toContain(readFileSync(svg, "utf8"));
    expect(page).toContain(written.split("\n").find((line) => line.includes("backward  bound")));
  });

  test("that cannot be written leave no part behind", async () => {
    writeFileSync(join(folder, "taken"), "");
    const { code, warned, written } = await commanded(...sweep, "--svg", join(folder, "taken", "x.svg"));
    expect([code, written]).toEqual([2, ""]);
    expect(warned).toContain("cannot be written");
    expect(readdirSync(folder)).toEqual(["taken"]);
  });
});

describe("a file of one's own", () => {
  const write = (text: string): string => {
    const path = join(folder, "mine.ts");
    writeFileSync(path, text);
    return path;
  };

  test("is counted, and swept", async () => {
    const path = write(`import { relu, sum, zeros, type Tensor } from "@nonsmooth/ad-core";
export const f = (x: Tensor): Tensor => sum(relu(x));
export const inputs = (n: number = 10) => [zeros([n])];`);
    expect((await json(path, "--repeats", "0")).model).toMatchObject({ evaluate: 19, backward: 75 });
    const { points } = await json(path, "--inputs", "10,20", "--repeats", "0");
    expect(points.map(({ model }: typeof points) => model.evaluate)).toEqual([19, 39]);
  });

  test.each([
    ["throws", "throw new TypeError('oops');", "TypeError: oops"],
    ["returns no scalar", "return x;", "the function is not scalar"],
    ["reads numbers", "return x.data[0];", "the numbers of a traced tensor were read"],
    ["returns nothing", "return undefined;", "expected"],
  ])("that %s is told in one sentence", async (_says, body, sentence) => {
    const path = write(`export const f = (x) => { ${body} };\nexport const inputs = [[1, 2]];`);
    const { code, written, warned } = await commanded("cost", path);
    expect([code, written]).toEqual([2, ""]);
    expect(warned).toContain(sentence);
    expect(warned).not.toMatch(/\n +at /);
    expect(existsSync(path)).toBe(true);
  });
});
