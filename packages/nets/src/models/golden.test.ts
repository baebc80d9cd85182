/**
 * Whole networks beside PyTorch. `tools/golden.py` wrote the numbers, in float64 and in float32, and makes up weights by
 * the same rule as this file.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  cast,
  crossEntropy,
  key,
  reshape,
  type Shape,
  type Tensor,
  type Tree,
  tensor,
  vjp,
  zeros,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import type { RealDType } from "../data/labelledImages.ts";
import type { Context } from "../layers/layer.ts";
import { leavesOf, mapTree } from "../optimizers/tree.ts";
import { gpt } from "./gpt.ts";
import { leNet5 } from "./leNet5.ts";
import type { Model } from "./model.ts";
import { resNet18 } from "./resNet.ts";
import { vgg11 } from "./vgg.ts";

/** Of each tensor two sums in which each number has a weight of its own, and the Euclidean norm. */
type Probes = Record<string, [cosines: number, sines: number, norm: number]>;
type Run = { scores: number[]; loss: number; gradients: Probes; state: Probes };
type Precision = "float64" | "float32";
type Golden = { models: Record<string, Record<Precision, Run>> };
/** Trees as the checker of types can follow them. */
type Flat = Record<string, Tensor>;

const { models: golden }: Golden = JSON.parse(readFileSync(join(import.meta.dirname, "golden.json"), "utf8"));
const context: Context = { training: true, key: null };
const size = (shape: Shape): number => shape.reduce((n, length) => n * length, 1);

function numbers(name: string, shape: Shape, bound: number, shift = 0): Tensor {
  const seed = [...name].reduce((sum, letter, k) => sum + (k + 1) * letter.charCodeAt(0), 0) % 1009;
  const steps = Array.from({ length: size(shape) }, (_, i) => ((i * 7919 + seed * 104729) % 2003) - 1001);
  return tensor(
    steps.map((step) => (step / 1001) * bound + shift),
    { shape },
  );
}

function madeUp(path: string, { shape }: Tensor): Tensor {
  const fan = shape.length === 4 ? size(shape.slice(1)) : (shape[0] as number);
  return numbers(path, shape, shape.length === 1 ? 0.5 : Math.sqrt(6 / fan), path.endsWith("/scale") ? 1 : 0);
}

function probesOf(tree: Tree): Probes {
  const probes = leavesOf("probesOf", tree).map(({ path, tensor: { data } }) => {
    const sumOf = (f: (v: number, i: number) => number): number =>
      Array.from(data).reduce((sum, v, i) => sum + f(v, i), 0);
    const sums = [sumOf((v, i) => v * Math.cos(i)), sumOf((v, i) => v * Math.sin(i)), Math.sqrt(sumOf((v) => v * v))];
    return [path, sums];
  });
  return Object.fromEntries(probes);
}

function run(model: Model, x: Tensor, dtype: RealDType): Run {
  const drawn = model.init(key(1), model.inputShape, dtype);
  const params = mapTree("run", [drawn.params], ([leaf], path) => cast(madeUp(path, leaf), dtype));
  const f = (p: Flat) => {
    const { y, state } = model.apply({ params: p, state: drawn.state }, x, context);
    const scores = reshape(y, [size(y.shape.slice(0, -1)), y.shape.at(-1) as number]);
    const [rows = 0, classes = 1] = scores.shape;
    const labels = tensor(
      Array.from({ length: rows }, (_, i) => (i * 3) % classes),
      { dtype: "i32" },
    );
    return { scores, loss: crossEntropy(scores, labels), state: state as Flat };
  };
  const [{ scores, loss, state }, pullback] = vjp(f, [params as Flat]);
  const still = mapTree("run", [state], ([leaf]) => zeros(leaf.shape, { dtype }));
  const cotangent = { scores: zeros(scores.shape, { dtype }), loss: tensor(1, { dtype }), state: still };
  const [gradient] = pullback(cotangent as never);
  return {
    scores: Array.from(scores.data.slice(0, 20)),
    loss: loss.data[0] as number,
    gradients: probesOf(gradient),
    state: probesOf(state),
  };
}

const largest = (values: readonly number[]): number => values.reduce((top, v) => Math.max(top, v), 0);
const apart = (a: readonly number[], b: readonly number[]): number =>
  largest(b.map((v, i) => Math.abs((a[i] as number) - v)));

/** A gradient with a smaller share of the whole is 0 but for rounding, as those of biases before a batch norm are. */
const negligible = 1e-6;

/** The largest distance of probes, each in parts of its tensor's norm; of a negligible tensor in parts of the whole. */
function probesApart(a: Probes, b: Probes): number {
  expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort());
  const whole = Math.hypot(...Object.values(b).map(([, , norm]) => norm));
  const parts = Object.entries(b).map(([path, probe]) => {
    const norm = probe[2] < negligible * whole ? whole : probe[2];
    return apart(a[path] as number[], probe) / norm;
  });
  return largest(parts);
}

function expectClose(found: Run, { scores, loss, gradients, state }: Run, tolerance: number): void {
  const top = largest(scores.map(Math.abs));
  expect(apart(found.scores, scores) / top).toBeLessThan(tolerance);
  expect(Math.abs(found.loss / loss - 1)).toBeLessThan(tolerance);
  expect(probesApart(found.gradients, gradients)).toBeLessThan(tolerance);
  expect(probesApart(found.state, state)).toBeLessThan(tolerance);
}

const batchNorm = true;
const grey = numbers("x", [8, 1, 28, 28], 1);
const coloured = numbers("x", [3, 3, 32, 32], 1);
const tokens = Array.from({ length: 10 }, (_, i) => (i * 7) % 11);

const cases: [name: string, model: Model, x: Tensor][] = [
  ["leNet5", leNet5(), grey],
  ["leNet5, batch norm", leNet5({ batchNorm }), grey],
  ["vgg11", vgg11({ width: 2 }), coloured],
  ["vgg11, batch norm", vgg11({ width: 2, batchNorm }), coloured],
  ["resNet18", resNet18({ width: 2 }), coloured],
  ["resNet18, batch norm", resNet18({ width: 2, batchNorm }), coloured],
  [
    "gpt",
    gpt({ vocabulary: 11, context: 6, width: 8, depth: 2, heads: 2 }),
    tensor(tokens, { shape: [2, 5], dtype: "i32" }),
  ],
];

/** Beside float64 single precision is held to more than the same agreement: PyTorch's own rounding does not help there. */
const precisions: [ours: RealDType, tolerance: number, theirs: Precision[]][] = [
  ["f64", 1e-10, ["float64"]],
  ["f32", 1e-4, ["float32", "float64"]],
];

describe.each(cases)("%s gives PyTorch's scores, loss, gradients and running statistics", (name, model, x) => {
  test.each(precisions)("in %s within %s", (dtype, tolerance, theirs) => {
    const found = run(model, x.dtype === "i32" ? x : cast(x, dtype), dtype);
    for (const precision of theirs) expectClose(found, golden[name]?.[precision] as Run, tolerance);
  });
});

const python = "/usr/bin/python3";
const script = join(import.meta.dirname, "../../tools/golden.py");

test("the file holds what the script prints, where Debian's PyTorch is installed", ({ skip }) => {
  skip(!existsSync(python), "no Python");
  const { stdout, stderr, status } = spawnSync(python, [script], { encoding: "utf8" });
  skip(stderr.includes("No module named 'torch'"), "no PyTorch");
  expect([status, stderr]).toEqual([0, ""]);
  const { models }: Golden = JSON.parse(stdout);
  expect(Object.keys(models)).toEqual(cases.map(([name]) => name));
  for (const [name, { float64, float32 }] of Object.entries(models)) {
    expectClose(float64, golden[name]?.float64 as Run, 1e-10);
    expectClose(float32, golden[name]?.float32 as Run, 1e-4);
  }
});
