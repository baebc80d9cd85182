import {
  abs,
  grad,
  key,
  maxPool2d,
  mul,
  ones,
  randomNormal,
  relu,
  reshape,
  type Shape,
  split,
  square,
  stack,
  sum,
  type Tensor,
  type Tree,
  tensor,
} from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { centralDifferences } from "../../laws/centralDifference.ts";
import * as layers from "../layers/index.ts";
import { leavesOf, mapTree } from "../optimizers/tree.ts";
import { denseNet121 } from "./denseNet.ts";
import { gpt } from "./gpt.ts";
import { leNet5 } from "./leNet5.ts";
import { mlp } from "./mlp.ts";
import type { Model } from "./model.ts";
import { resNet18, resNet34, resNet50 } from "./resNet.ts";
import { vgg9, vgg11, vgg19 } from "./vgg.ts";

const batchNorm = true;
const tiny = { width: 1, batchNorm } as const;
const strided = layers.maxPool2d({ window: 3, stride: 2, padding: 1 });
const normPool = layers.normPool2d({ window: 2 });

/** How many directions a model is tried along, and the shape of its inputs where that is not the model's own. */
const models: [name: string, model: Model, directions: number, inputShape?: Shape][] = [
  ["mlp", mlp([6, 5, 4, 3]), 3],
  ["mlp, batch norm and dropout", mlp([6, 5, 4, 3], { batchNorm, dropout: 0.3, activation: layers.elu() }), 3],
  ["leNet5", leNet5(), 3],
  ["leNet5, batch norm", leNet5({ batchNorm }), 3],
  ["leNet5, batch norm, norm-pool", leNet5({ batchNorm, pool: normPool, activation: layers.tanh() }), 1],
  ["vgg9", vgg9({ width: 1 }), 1],
  ["vgg11", vgg11({ width: 4 }), 3],
  ["vgg11, batch norm", vgg11({ width: 4, batchNorm }), 3],
  ["vgg19, batch norm, average pool", vgg19({ ...tiny, pool: layers.avgPool2d({ window: 2 }) }), 1],
  ["resNet18", resNet18({ width: 4 }), 3],
  ["resNet18, batch norm", resNet18({ width: 4, batchNorm }), 3],
  ["resNet18, batch norm, strided pool", resNet18({ ...tiny, pool: strided }), 1],
  ["resNet34, batch norm", resNet34(tiny), 1, [3, 16, 16]],
  ["resNet50, batch norm", resNet50({ ...tiny, classes: 10, stem: "small" }), 1, [3, 32, 32]],
  ["denseNet121", denseNet121({ growth: 2 }), 1],
  ["denseNet121, batch norm", denseNet121({ growth: 2, batchNorm }), 1],
  ["gpt", gpt({ vocabulary: 7, context: 4, width: 6, depth: 2, heads: 2 }), 3],
  ["gpt, dropout", gpt({ vocabulary: 7, context: 4, width: 6, depth: 1, heads: 3, dropout: 0.2 }), 1],
];

/** The inner product over all leaves. */
function inner(a: Tree, b: Tree): number {
  const others = leavesOf("inner", b);
  return leavesOf("inner", a).reduce(
    (found, { tensor }, i) => found + (sum(mul(tensor, others[i]?.tensor as Tensor)).data[0] as number),
    0,
  );
}

/** A direction of length 1. */
function directionFrom(random: Tensor, like: Tree): Tree {
  const keys = split(random, leavesOf("directionFrom", like).length);
  const drawn = mapTree("directionFrom", [like], ([leaf]) => randomNormal(keys.pop() as Tensor, leaf.shape));
  const length = Math.sqrt(inner(drawn, drawn));
  return mapTree("directionFrom", [drawn], ([leaf]) => mul(leaf, 1 / length));
}

/** Three samples: images of normal numbers, or texts. */
function samples(random: Tensor, isText: boolean, inputShape: Shape): Tensor {
  const shape = [3, ...inputShape];
  const drawn = randomNormal(random, shape);
  const tokens = (): number[] => Array.from(drawn.data, (v) => Math.floor(Math.abs(v) * 2) % 7);
  return isText ? tensor(tokens(), { shape, dtype: "i32" }) : drawn;
}

test.each(models)("the gradient of %s is the central difference", (name, model, directions, inputShape) => {
  const shape = inputShape ?? model.inputShape;
  const [forWeights, forInput, forDirections, forDropout] = split(key(5), 4) as [Tensor, Tensor, Tensor, Tensor];
  const { params, state } = model.init(forWeights, shape);
  const x = samples(forInput, name.startsWith("gpt"), shape);
  const f = (p: Tree): Tensor =>
    sum(square(model.apply({ params: p, state }, x, { training: true, key: forDropout }).y));
  const gradient = grad(f as (p: Record<string, Tensor>) => Tensor)(params as Record<string, Tensor>);
  const differenceAlong = centralDifferences(f, params);
  for (const random of split(forDirections, directions)) {
    const direction = directionFrom(random, params);
    const slope = inner(gradient, direction);
    expect(Math.abs(slope)).toBeGreaterThan(1e-4);
    expect(Math.abs(differenceAlong(direction) / slope - 1)).toBeLessThan(1e-6);
  }
});

test("a step shrinks until it crosses no kink, and there is no difference across one", () => {
  const along = (f: (x: Tensor) => Tensor, x: number): number =>
    centralDifferences((at) => f(at as Tensor), tensor(x))(tensor(1));
  const window = (x: Tensor): Tensor =>
    sum(maxPool2d(reshape(stack([x, tensor(1)]), [1, 1, 1, 2]), { window: [1, 2] }));
  expect(along(abs, -2e-6)).toBeCloseTo(-1, 8);
  expect(along(window, 1 - 2e-6)).toBe(0);
  expect(() => along(abs, 0)).toThrow("a kink is nearer");
  expect(() => along(window, 1)).toThrow("a kink is nearer");
});

test("cells of a window that stay tied cross no kink", () => {
  const f = (x: Tree): Tensor => sum(maxPool2d(relu(x as Tensor), { window: 2, padding: 1 }));
  const image = mul(ones([1, 1, 2, 2]), -1);
  expect(centralDifferences(f, image)(image)).toBe(0);
});
