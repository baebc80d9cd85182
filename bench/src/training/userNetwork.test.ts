import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { summary } from "@nonsmooth/nets";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { commanded } from "../cli/commanded.ts";
import type { ModelPlan } from "./modelPlan.ts";
import { modelOf, usualForm } from "./models.ts";
import { loadNetwork, pinned } from "./userNetwork.ts";

const example = join(import.meta.dirname, "../../examples/small-network.ts");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-network-"));
  vi.stubEnv("NONSMOOTH_DATA", "");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** Writes files, and returns the path of the first. */
function written(files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, Object.keys(files)[0] ?? "");
}

const planOf = (model: string, change: Partial<ModelPlan> = {}): ModelPlan => ({
  ...{ model, batchNorm: false, sizes: {}, activation: null, pool: null },
  ...change,
});
const images = usualForm("lenet5");

async function built(plan: ModelPlan) {
  return modelOf(plan, images, await loadNetwork(plan));
}

const layers = 'import { conv2d, flatten, linear, sequential } from "@nonsmooth/nets/layers";\n';
const linearNetwork = `${layers}export const network = ({ classes }) => sequential({ flatten: flatten(), scores: linear(classes) });\n`;

describe("the network of a file", () => {
  test("gets sizes, choices and batch norm of the plan", async () => {
    const plan = planOf(example, { batchNorm: true, sizes: { width: 3 }, activation: "tanh", pool: "beta-coded:10" });
    const { rows, outputShape } = summary(await built(plan));
    expect(outputShape).toEqual([10]);
    expect(rows.map(({ kind }) => kind)).toEqual([
      ...["conv2d", "batchNorm2d", "tanh", "betaPool2d", "conv2d", "tanh", "betaPool2d", "flatten", "linear"],
    ]);
    expect(rows[0]?.outputShape).toEqual([3, 28, 28]);
  });

  test("has relu and max-pool when the plan says nothing", async () => {
    const kinds = summary(await built(planOf(example))).rows.map(({ kind }) => kind);
    expect(kinds).toEqual(["conv2d", "relu", "maxPool2d", "conv2d", "relu", "maxPool2d", "flatten", "linear"]);
  });

  test("may be a model of the package, given the shape of the images, and a default export", async () => {
    const path = written({
      "mine.mjs": `import { mlp } from "@nonsmooth/nets";
        export default ({ classes, activation }, [channels, height, width]) => mlp([channels * height * width, 5, classes], { activation });`,
    });
    expect(summary(await built(planOf(path, { activation: "elu" }))).parameters).toBe(784 * 5 + 5 + 50 + 10);
  });

  test("has the sum of its file, and of those that it imports by a path after it", async () => {
    const files = { "a.ts": `import "./b.js";\n${linearNetwork}`, "b.ts": "export {};\n" };
    const { sha256, path } = (await loadNetwork({ model: written(files) })) ?? {};
    const whole = Object.values(files).join("");
    expect([sha256, path]).toEqual([createHash("sha256").update(whole).digest("hex"), join(folder, "a.ts")]);
    expect(await loadNetwork({ model: "lenet5" })).toBe(null);
  });

  test("belongs to its plan by what the file holds", async () => {
    const path = written({ "a.ts": linearNetwork });
    const plan = await pinned(planOf(path));
    expect(await pinned(plan)).toEqual(plan);
    expect(await pinned(planOf("lenet5"))).toEqual(planOf("lenet5"));
    written({ "a.ts": `${linearNetwork}\n` });
    await expect(loadNetwork(plan)).rejects.toMatchObject({ code: "data", where: path });
  });
});

test.each<[string, string, string, Partial<ModelPlan>]>([
  [
    "no network",
    "the file exports no network: expected a function called `network`, got net",
    "export const net = 1;",
    {},
  ],
  ["no layer", "makes no layer", "export const network = () => 3;", {}],
  ["a promise", "got a promise", "export const network = async () => 3;", {}],
  [
    "a function that throws",
    "throws: expected a layer, got Error: oops",
    'export const network = () => { throw Error("oops"); };',
    {},
  ],
  [
    "other scores",
    "expected [10], one for each class, got [7]",
    `${layers}export const network = () => sequential({ flatten: flatten(), scores: linear(7) });`,
    {},
  ],
  [
    "a shape that does not fit",
    "a.ts on images [1,28,28]: conv2d",
    `${layers}export const network = () => sequential({ flatten: flatten(), conv: conv2d(3, { window: 3 }) });`,
    {},
  ],
  ["a size that it never reads", "a.ts has no width", linearNetwork, { sizes: { width: 3 } }],
  ["a pooling that it never reads", "a.ts has no pool", linearNetwork, { pool: "norm" }],
  ["weights that it never reads", "a.ts has no weights", linearNetwork, { weights: "volume" }],
  ["batch norm that it never reads", "a.ts has no batchNorm", linearNetwork, { batchNorm: true }],
  ["a size with the name of an option", "a size has the name of an option", linearNetwork, { sizes: { classes: 3 } }],
])("refuses %s", async (_says, message, text, change) => {
  await expect(built(planOf(written({ "a.ts": text }), change))).rejects.toThrow(message);
});

test("a file that is not there, and one for texts, are refused", async () => {
  await expect(loadNetwork({ model: join(folder, "none.ts") })).rejects.toMatchObject({ code: "missing" });
  await expect(loadNetwork({ model: "./lenet5" })).rejects.toMatchObject({ code: "unsupported" });
  const network = await loadNetwork({ model: example });
  expect(() => modelOf(planOf(example), usualForm("gpt"), network)).toThrow("is for images");
});

describe("the command", () => {
  const train = (path: string, ...args: string[]) =>
    commanded("train", path, "--limit", "20", "--epochs", "1", "--dtype", "f32", "--out", join(folder, "run"), ...args);

  test("trains it, and goes on only with the same contents", async () => {
    const path = written({ "net.ts": readFileSync(example, "utf8") });
    const { code, written: text } = await train(path, "--pool", "beta:10");
    expect([code, text]).toEqual([0, expect.stringContaining("net.ts on digits, adamw, f32, beta:10: finished")]);
    const { modelSha256 } = JSON.parse(readFileSync(join(folder, "run/plan.json"), "utf8"));
    expect(modelSha256).toBe(createHash("sha256").update(readFileSync(path)).digest("hex"));
    expect((await train(path, "--pool", "beta:10", "--resume")).code).toBe(0);
    written({ "net.ts": `${readFileSync(example, "utf8")}\n` });
    const again = await train(path, "--pool", "beta:10", "--resume");
    expect([again.code, again.warned]).toEqual([2, expect.stringContaining(`expected modelSha256 "${modelSha256}"`)]);
  });

  test("prints its layers, for images of any shape", async () => {
    const parameters = async (...args: string[]): Promise<number> =>
      JSON.parse((await commanded("summary", example, "--json", ...args)).written).parameters;
    expect([await parameters(), await parameters("--images", "3,32,32")]).toEqual([9098, 11642]);
    expect((await commanded("summary", example, "--images", "3,32")).code).toBe(2);
    expect((await commanded("summary", join(folder, "none.ts"))).warned).toContain("a file is not there");
  });
});
