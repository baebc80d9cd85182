/** Whole networks beside PyTorch: `tools/golden.py` wrote the numbers, and makes up weights by the same rule as this file. */
import { readFileSync } from "node:fs";
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
import { gpt } from "./gpt.ts";
import { leNet5 } from "./leNet5.ts";
import type { Model } from "./model.ts";
import { resNet18 } from "./resNet.ts";
import { vgg11 } from "./vgg.ts";

type Probes = Record<string, [sum: number, product: number, size: number]>;
type Golden = { scores: number[]; loss: number; gradients: Probes; state: Probes };
/** Trees as the checker of types can follow them. */
type Flat = Record<string, Tensor>;
type Name = "leNet5" | "vgg11" | "resNet18" | "gpt";

const golden: Record<Name, Golden> = JSON.parse(readFileSync(join(import.meta.dirname, "golden.json"), "utf8"));
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

/** The tree with its leaves mapped, each with its path. */
function mapLeaves(tree: Tree, f: (path: string, leaf: Tensor) => Tensor, path = ""): Tree {
  if (typeof tree === "object" && "dtype" in tree) return f(path, tree as Tensor);
  const under = (name: string): string => (path === "" ? name : `${path}/${name}`);
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, mapLeaves(part, f, under(name))]));
}

function probesOf(tree: Tree): Probes {
  const probes: Probes = {};
  mapLeaves(tree, (path, leaf) => {
    const data = Array.from(leaf.data);
    const sumOf = (f: (v: number, i: number) => number): number => data.reduce((sum, v, i) => sum + f(v, i), 0);
    probes[path] = [sumOf((v) => v), sumOf((v, i) => v * ((i % 3) + 1)), sumOf(Math.abs)];
    return leaf;
  });
  return probes;
}

function run(model: Model, x: Tensor, dtype: RealDType): Golden {
  const drawn = model.init(key(1), model.inputShape, dtype);
  const params = mapLeaves(drawn.params, (path, leaf) => cast(madeUp(path, leaf), dtype));
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
  const still = mapLeaves(state, (_path, leaf) => zeros(leaf.shape, { dtype }));
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
const apart = (a: readonly number[], b: readonly number[], size = 1): number =>
  largest(b.map((v, i) => Math.abs((a[i] as number) - v) / Math.max(1, size)));

/** The largest distance of probes, in parts of the sum of the sizes or of 1. */
function probesApart(a: Probes, b: Probes): number {
  expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort());
  return largest(Object.entries(b).map(([path, probe]) => apart(a[path] as number[], probe, probe[2])));
}

const cases: [name: Name, model: Model, x: Tensor][] = [
  ["leNet5", leNet5({ batchNorm: true }), numbers("x", [8, 1, 28, 28], 1)],
  ["vgg11", vgg11({ width: 2 }), numbers("x", [3, 3, 32, 32], 1)],
  ["resNet18", resNet18({ width: 2, batchNorm: true }), numbers("x", [3, 3, 32, 32], 1)],
  [
    "gpt",
    gpt({ vocabulary: 11, context: 6, width: 8, depth: 2, heads: 2 }),
    tensor(
      Array.from({ length: 10 }, (_, i) => (i * 7) % 11),
      { shape: [2, 5], dtype: "i32" },
    ),
  ],
];

describe.each(cases)("%s gives PyTorch's scores, loss, gradients and running statistics", (name, model, x) => {
  test.each([
    ["f64", 1e-10],
    ["f32", 1e-4],
  ] as const)("in %s", (dtype, tolerance) => {
    const found = run(model, x.dtype === "i32" ? x : cast(x, dtype), dtype);
    const { scores, loss, gradients, state } = golden[name];
    expect(apart([...found.scores, found.loss], [...scores, loss], largest(scores))).toBeLessThan(tolerance);
    expect(probesApart(found.gradients, gradients)).toBeLessThan(tolerance);
    expect(probesApart(found.state, state)).toBeLessThan(tolerance);
  });
});
