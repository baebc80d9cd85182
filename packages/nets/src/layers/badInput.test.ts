import { AdError, key, ones, tensor, zeros } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import * as models from "../index.ts";
import * as layers from "./index.ts";

const { conv2d, linear, relu, sequential } = layers;
const none = { params: {}, state: {} };
const training = { training: true, key: null };
const gpt = { vocabulary: 5, context: 4, width: 6, depth: 1, heads: 2 };

/** What is wrong, the code of the error, and the call. */
const rows: [mistake: string, code: string, call: () => unknown][] = [
  ["linear: no outputs", "domain", () => linear(0)],
  ["linear: a fraction", "domain", () => linear(1.5)],
  ["linear: an unknown setting", "domain", () => linear(2, { biass: false } as never)],
  ["linear: a scalar", "shape", () => linear(2).plan([])],
  [
    "linear: another width than its weight",
    "shape",
    () => linear(2).apply(linear(2).init(key(1), [3]), ones([1, 4]), training),
  ],
  ["conv2d: no window", "domain", () => conv2d(2, {} as never)],
  ["conv2d: stride 0", "domain", () => conv2d(2, { window: 3, stride: 0 })],
  ["conv2d: negative padding", "domain", () => conv2d(2, { window: 3, padding: [-1, 0] })],
  ["conv2d: an unknown setting", "domain", () => conv2d(2, { window: 3, dilation: 2 } as never)],
  ["conv2d: a window larger than the image", "shape", () => conv2d(2, { window: 5 }).init(key(1), [1, 4, 9])],
  ["conv2d: no image", "shape", () => conv2d(2, { window: 1 }).plan([4, 4])],
  ["maxPool2d: a window larger than the image", "shape", () => layers.maxPool2d({ window: 2 }).plan([3, 1, 1])],
  ["maxPool2d: too much padding", "domain", () => layers.maxPool2d({ window: 2, padding: 2 })],
  ["normPool2d: an unknown setting", "domain", () => layers.normPool2d({ window: 2, site: "x" } as never)],
  ["avgPool2d: a window of 0", "domain", () => layers.avgPool2d({ window: 0 })],
  ["minimalPool2d: padding", "domain", () => layers.minimalPool2d({ window: 2, padding: 1 } as never)],
  ["betaPool2d: no beta", "domain", () => layers.betaPool2d({ window: 2 } as never)],
  ["betaPool2d: a form", "domain", () => layers.betaPool2d({ window: 2, beta: 1, form: "fused" } as never)],
  ["assignedRelu: an infinite alpha", "domain", () => layers.assignedRelu({ alpha: Infinity })],
  ["assignedRelu6: one number", "domain", () => layers.assignedRelu6({ low: 0 } as never)],
  ["maxPoolChoice: no such form", "domain", () => layers.maxPoolChoice({ beta: 1, form: "blended" as never })],
  ["maxPoolChoice: beta is no number", "domain", () => layers.maxPoolChoice({ beta: NaN, form: "fused" })],
  ["normPoolChoice: no such choice", "domain", () => layers.normPoolChoice({ choice: 3 as never })],
  ["reluChoice: no such rule", "domain", () => layers.reluChoice({ alpha: 0, rule: "write" as never })],
  ["relu6Choice: no low", "domain", () => layers.relu6Choice({ high: 0, rule: "assign" } as never)],
  ["globalAveragePool: no image", "shape", () => layers.globalAveragePool().plan([3])],
  ["leakyRelu: an infinite slope", "domain", () => layers.leakyRelu({ slope: Infinity })],
  ["leakyRelu: a plain number", "domain", () => layers.leakyRelu({ alpha: 1 } as never)],
  ["elu: no number", "domain", () => layers.elu({ alpha: NaN })],
  ["batchNorm2d: features", "shape", () => layers.batchNorm2d().plan([3])],
  ["batchNorm1d: an image", "shape", () => layers.batchNorm1d().plan([3, 4, 4])],
  ["batchNorm1d: momentum above 1", "domain", () => layers.batchNorm1d({ momentum: 2 })],
  ["batchNorm1d: negative epsilon", "domain", () => layers.batchNorm1d({ epsilon: -1 })],
  ["layerNorm: an unknown setting", "domain", () => layers.layerNorm({ axes: [1] } as never)],
  ["layerNorm: a scalar", "shape", () => layers.layerNorm().plan([])],
  ["embedding: no width", "domain", () => layers.embedding({ vocabulary: 5 } as never)],
  [
    "embedding: a token out of range",
    "domain",
    () => {
      const layer = layers.embedding({ vocabulary: 5, width: 2 });
      return layer.apply(layer.init(key(1), [1]), tensor([[5]], { dtype: "i32" }), training);
    },
  ],
  ["positions: a text longer than the context", "shape", () => layers.positions({ context: 3 }).plan([4, 2])],
  ["attention: heads that do not divide the width", "shape", () => layers.attention({ heads: 4 }).plan([3, 6])],
  ["attention: dropout 1", "domain", () => layers.attention({ heads: 2, dropout: 1 })],
  ["attention: no time", "shape", () => layers.attention({ heads: 2 }).plan([6])],
  ["dropout: a negative rate", "domain", () => layers.dropout(-0.1)],
  ["dropout: no key", "missing", () => layers.dropout(0.1).apply(none, ones([2]), training)],
  ["flatten: another number of features", "shape", () => layers.flatten({ features: 3 }).plan([2, 2])],
  ["sequential: a function instead of a layer", "data", () => sequential({ relu } as never)],
  ["sequential: a name with a slash", "data", () => sequential({ "a/b": relu() })],
  ["sequential: a number as name", "data", () => sequential({ 1: relu() })],
  ["residual: a part named shortcut", "data", () => layers.residual({ shortcut: relu() })],
  ["residual: shapes that differ", "shape", () => layers.residual({ a: linear(3) }).plan([2])],
  [
    "concatenation: sizes that differ",
    "shape",
    () => layers.concatenation({ a: conv2d(1, { window: 2 }) }).plan([1, 4, 4]),
  ],
  ["kaimingUniform: another fan", "domain", () => layers.kaimingUniform({ fan: "both" } as never)],
  ["kaimingNormal: an infinite slope", "domain", () => layers.kaimingNormal({ slope: Infinity })],
  ["normal: a negative deviation", "domain", () => layers.normal(-1)],
  ["init: integers", "dtype", () => linear(2).init(key(1), [3], "i32" as never)],
  ["init: no key", "shape", () => linear(2).init(zeros([3], { dtype: "i32" }), [3])],
  ["apply: variables of another layer", "data", () => linear(2).apply(none, ones([1, 2]), training)],
  ["summary: a layer without a shape", "shape", () => models.summary(linear(2))],
  ["mlp: one size", "domain", () => models.mlp([3])],
  ["mlp: a size of 0", "domain", () => models.mlp([3, 0, 2])],
  ["mlp: dropout 1", "domain", () => models.mlp([3, 2], { dropout: 1 })],
  ["mlp: images of another size", "shape", () => models.mlp([784, 10]).init(key(1), [1, 32, 32])],
  ["leNet5: no classes", "domain", () => models.leNet5({ classes: 0 })],
  ["leNet5: an unknown setting", "domain", () => models.leNet5({ norm: true } as never)],
  ["leNet5: an unknown rule of weights", "domain", () => models.leNet5({ weights: { conv: {} } as never })],
  ["leNet5: images that are too small", "shape", () => models.leNet5().plan([1, 8, 8])],
  ["vgg11: no width", "domain", () => models.vgg11({ width: 0 })],
  ["vgg11: images that are too small", "shape", () => models.vgg11().plan([3, 16, 16])],
  ["resNet18: another stem", "domain", () => models.resNet18({ stem: "medium" as never })],
  ["denseNet121: odd growth", "domain", () => models.denseNet121({ growth: 3 })],
  ["denseNet121: another norm", "domain", () => models.denseNet121({ batchNorm: "middle" as never })],
  ["gpt: heads that do not divide the width", "domain", () => models.gpt({ ...gpt, heads: 4 })],
  ["gpt: no depth", "domain", () => models.gpt({ ...gpt, depth: 0 })],
  ["gpt: a text longer than the context", "shape", () => models.gpt(gpt).plan([5])],
  ["gpt: an unknown setting", "domain", () => models.gpt({ ...gpt, layers: 3 } as never)],
];

test.each(rows)("%s is refused with code %s", (_mistake, code, call) => {
  expect(call).toThrowError(AdError);
  expect(call).toThrowError(expect.objectContaining({ code }));
});
