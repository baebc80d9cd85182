import {
  cast,
  key,
  randomUniform,
  type Shape,
  sub,
  sum,
  type Tensor,
  type Tree,
  tensor,
  trace,
  zeros,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import type { RealDType } from "../data/labelledImages.ts";
import * as layers from "./index.ts";
import type { Layer } from "./layer.ts";
import { summary } from "./summary.ts";

const { conv2d, linear } = layers;
const pool = { window: 3, stride: 2, padding: 1 };
const tokens: Shape = [5];

/** Every layer, with the shape of an input, that of its output, and its parameters and multiply-accumulates. */
const table: [name: string, layer: Layer, input: Shape, output: Shape, parameters: number, macs: number][] = [
  ["linear", linear(3), [4], [3], 15, 12],
  ["linear over time", linear(3, { bias: false }), [5, 4], [5, 3], 12, 60],
  ["conv2d", conv2d(3, { window: [2, 3] }), [2, 5, 6], [3, 4, 4], 39, 576],
  [
    "conv2d, stride",
    conv2d(3, { window: 3, stride: [2, 1], padding: [1, 0], bias: false }),
    [2, 5, 6],
    [3, 3, 4],
    54,
    648,
  ],
  ["maxPool2d", layers.maxPool2d(pool), [2, 5, 6], [2, 3, 3], 0, 0],
  ["normPool2d", layers.normPool2d(pool), [2, 5, 6], [2, 3, 3], 0, 0],
  ["avgPool2d", layers.avgPool2d({ window: [2, 3] }), [2, 5, 6], [2, 2, 2], 0, 0],
  ["minimalPool2d", layers.minimalPool2d({ window: [2, 3], stride: 1 }), [2, 5, 6], [2, 4, 4], 0, 0],
  ["betaPool2d", layers.betaPool2d({ window: 2, beta: 10 }), [2, 5, 6], [2, 2, 3], 0, 0],
  ["assignedRelu", layers.assignedRelu({ alpha: 0.5 }), [3], [3], 0, 0],
  ["assignedRelu6", layers.assignedRelu6({ low: 0.5, high: 1 }), [3], [3], 0, 0],
  ["globalAveragePool", layers.globalAveragePool(), [2, 5, 6], [2], 0, 0],
  ["batchNorm1d", layers.batchNorm1d(), [4], [4], 8, 0],
  ["batchNorm1d of rows", layers.batchNorm1d({ affine: false }), [4, 3], [4, 3], 0, 0],
  ["batchNorm2d", layers.batchNorm2d(), [2, 5, 6], [2, 5, 6], 4, 0],
  ["layerNorm", layers.layerNorm(), [5, 4], [5, 4], 8, 0],
  ["layerNorm, plain", layers.layerNorm({ affine: false }), [4], [4], 0, 0],
  ["positions", layers.positions({ context: 7 }), [5, 4], [5, 4], 28, 0],
  ["attention", layers.attention({ heads: 2 }), [5, 4], [5, 4], 80, 520],
  ["attention, dropout", layers.attention({ heads: 2, dropout: 0.5 }), [5, 4], [5, 4], 80, 520],
  ["dropout", layers.dropout(0.5), [5, 4], [5, 4], 0, 0],
  ["flatten", layers.flatten(), [2, 5, 6], [60], 0, 0],
  ["identity", layers.identity(), [2, 5], [2, 5], 0, 0],
  ["sequential", layers.sequential({ a: linear(5), b: layers.relu(), c: linear(2) }), [4], [2], 37, 30],
  ["residual", layers.residual({ a: linear(4), b: layers.batchNorm1d() }), [4], [4], 28, 16],
  ["residual, shortcut", layers.residual({ a: linear(3) }, { shortcut: linear(3, { bias: false }) }), [4], [3], 27, 24],
  ["concatenation", layers.concatenation({ a: conv2d(3, { window: 1 }) }), [2, 3, 3], [5, 3, 3], 9, 54],
  ...(["relu", "relu6", "leakyRelu", "elu", "gelu", "silu", "softplus", "sigmoid", "tanh"] as const).map(
    (name) => [name, layers[name](), [3], [3], 0, 0] as [string, Layer, Shape, Shape, number, number],
  ),
];

const inputFor = (shape: Shape, dtype: RealDType): Tensor =>
  cast(sub(randomUniform(key(2), [3, ...shape]), 0.5), dtype);

/** The leaves of a tree with their paths. */
function leaves(tree: Tree, path = ""): [path: string, leaf: Tensor][] {
  if (typeof tree === "object" && "dtype" in tree) return [[path, tree as Tensor]];
  return Object.entries(tree).flatMap(([name, part]) => leaves(part as Tree, `${path}/${name}`));
}

describe.each(table)("%s", (_name, layer, input, output, parameters, macs) => {
  test("plans what it draws and returns", () => {
    const { params, state, outputShape } = layer.init(key(1), input, "f32");
    expect(outputShape).toEqual(output);
    expect(leaves(params).reduce((n, [, leaf]) => n + leaf.data.length, 0)).toBe(parameters);
    expect(summary(layer, input)).toMatchObject({ outputShape: output, parameters, macs });
    const applied = layer.apply({ params, state }, inputFor(input, "f32"), { training: true, key: key(3) });
    expect(applied.y).toMatchObject({ shape: [3, ...output], dtype: "f32" });
    const types = (tree: Tree) => leaves(tree).map(([path, { shape, dtype }]) => [path, shape, dtype]);
    expect(types(applied.state)).toEqual(types(state));
    expect([...leaves(params), ...leaves(state)].every(([, { dtype }]) => dtype === "f32")).toBe(true);
  });

  test("is recorded as one program of variables, input and key", () => {
    const { params, state } = layer.init(key(1), input);
    const run = (p: Tree, s: Tree, x: Tensor, from: Tensor) =>
      layer.apply({ params: p, state: s }, x, { training: true, key: from });
    const program = trace(run, [params, state, inputFor(input, "f64"), key(4)]);
    const other = [params, state, sum(inputFor([2, ...input], "f64"), { axes: 1 }), key(5)] as const;
    expect(program(...other)).toEqual(run(...other));
  });

  test("works in half precision, and draws the same numbers, rounded", () => {
    const [wide, narrow] = [layer.init(key(1), input), layer.init(key(1), input, "f16")];
    expect(leaves(narrow.params)).toEqual(leaves(wide.params).map(([path, leaf]) => [path, cast(leaf, "f16")]));
    const { y } = layer.apply(narrow, inputFor(input, "f16"), { training: true, key: key(3) });
    expect(Array.from(y.data).every(Number.isFinite)).toBe(true);
  });
});

test("embedding takes the vectors of tokens", () => {
  const layer = layers.embedding({ vocabulary: 7, width: 4 });
  expect(layer.plan(tokens)).toMatchObject({ outputShape: [5, 4], macs: 0 });
  const variables = layer.init(key(1), tokens);
  const x = tensor([[6, 0, 6]], { dtype: "i32" });
  const { y } = layer.apply(variables, x, { training: true, key: null });
  const { weight } = variables.params as { weight: Tensor };
  expect(Array.from(y.data)).toEqual([24, 0, 24].flatMap((at) => Array.from(weight.data.slice(at, at + 4))));
});

test("a variable that is missing is named", () => {
  const run = () =>
    linear(3).apply({ params: { bias: zeros([3]) }, state: {} }, zeros([1, 4]), { training: true, key: null });
  expect(run).toThrowErrorMatchingInlineSnapshot(
    `[AdError: linear: a variable is missing: expected a tensor named weight, got bias; pass what init returned for this layer]`,
  );
  expect(run).toThrowError(expect.objectContaining({ code: "data", where: "linear" }));
});
