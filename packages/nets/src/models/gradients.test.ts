import {
  add,
  grad,
  key,
  mul,
  randomNormal,
  split,
  square,
  sum,
  type Tensor,
  type Tree,
  tensor,
} from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { avgPool2d, elu, maxPool2d, normPool2d, tanh } from "../layers/index.ts";
import { denseNet121 } from "./denseNet.ts";
import { gpt } from "./gpt.ts";
import { leNet5 } from "./leNet5.ts";
import { mlp } from "./mlp.ts";
import type { Model } from "./model.ts";
import { resNet18, resNet34, resNet50 } from "./resNet.ts";
import { vgg9, vgg11, vgg19 } from "./vgg.ts";

const batchNorm = true;
const tiny = { width: 1, batchNorm } as const;
const strided = maxPool2d({ window: 3, stride: 2, padding: 1 });

const models: [name: string, model: Model, inputShape?: readonly number[]][] = [
  ["mlp", mlp([6, 5, 4, 3])],
  ["mlp, batch norm and dropout", mlp([6, 5, 4, 3], { batchNorm, dropout: 0.3, activation: elu() })],
  ["leNet5", leNet5()],
  ["leNet5, batch norm, norm-pool", leNet5({ batchNorm, pool: normPool2d({ window: 2 }), activation: tanh() })],
  ["vgg9", vgg9({ width: 1 })],
  ["vgg11", vgg11({ width: 1 })],
  ["vgg11, batch norm", vgg11(tiny)],
  ["vgg19, batch norm, average pool", vgg19({ ...tiny, pool: avgPool2d({ window: 2 }) })],
  ["resNet18", resNet18({ width: 1 })],
  ["resNet18, batch norm, strided pool", resNet18({ ...tiny, pool: strided })],
  ["resNet34, batch norm", resNet34(tiny), [3, 16, 16]],
  ["resNet50, batch norm", resNet50({ ...tiny, classes: 10, stem: "small" }), [3, 32, 32]],
  ["denseNet121", denseNet121({ growth: 2 })],
  ["denseNet121, batch norm", denseNet121({ growth: 2, batchNorm })],
  ["gpt", gpt({ vocabulary: 7, context: 4, width: 6, depth: 2, heads: 2 })],
  ["gpt, dropout", gpt({ vocabulary: 7, context: 4, width: 6, depth: 1, heads: 3, dropout: 0.2 })],
];

type Leaves = (...leaves: Tensor[]) => Tensor;

/** The tree with each leaf replaced by what `f` makes of the leaves in its place. */
function zip(f: Leaves, ...trees: Tree[]): Tree {
  const [tree] = trees as [Tree];
  if (typeof tree === "object" && "dtype" in tree) return f(...(trees as Tensor[]));
  const parts = trees as Record<string, Tree>[];
  return Object.fromEntries(
    Object.keys(tree).map((name) => [name, zip(f, ...parts.map((part) => part[name] as Tree))]),
  );
}

/** The sum over all leaves. */
function total(tree: Tree): number {
  let found = 0;
  zip((leaf) => {
    found += sum(leaf).data[0] as number;
    return leaf;
  }, tree);
  return found;
}

test.each(models)("the gradient of %s is the central difference", (name, model, inputShape = model.inputShape) => {
  const [forWeights, forInput, forDirection, forDropout] = split(key(5), 4) as [Tensor, Tensor, Tensor, Tensor];
  const { params, state } = model.init(forWeights, inputShape);
  const shape = [3, ...inputShape];
  const drawn = randomNormal(forInput, shape);
  const x = name.startsWith("gpt")
    ? tensor(
        Array.from(drawn.data, (v) => Math.floor(Math.abs(v) * 2) % 7),
        { shape, dtype: "i32" },
      )
    : drawn;
  const f = (p: Tree): Tensor =>
    sum(square(model.apply({ params: p, state }, x, { training: true, key: forDropout }).y));
  let leaf = 0;
  const keys = split(forDirection, 1000);
  const direction = zip((at) => mul(randomNormal(keys[leaf++] as Tensor, at.shape), 0.1), params);
  const slope = total(
    zip(
      (g, d) => mul(g as Tensor, d as Tensor),
      grad(f as (p: Record<string, Tensor>) => Tensor)(params as Record<string, Tensor>),
      direction,
    ),
  );
  const along = (step: number): number =>
    f(zip((p, d) => add(p as Tensor, mul(d as Tensor, step)), params, direction)).data[0] as number;
  const error = (step: number): number => Math.abs((along(step) - along(-step)) / (2 * step) / slope - 1);
  expect(Math.abs(slope)).toBeGreaterThan(1e-3);
  // a kink between the two points spoils a difference, so smaller steps may be needed
  expect([1e-5, 1e-6, 1e-7].some((step) => error(step) < 1e-6)).toBe(true);
});
