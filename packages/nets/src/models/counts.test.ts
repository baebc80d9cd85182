import { describe, expect, test } from "vitest";
import { normPool2d, sigmoid } from "../layers/index.ts";
import { summary } from "../layers/summary.ts";
import { denseNet121 } from "./denseNet.ts";
import { gpt } from "./gpt.ts";
import { volumeWeights } from "./imageOptions.ts";
import { leNet5 } from "./leNet5.ts";
import { mlp } from "./mlp.ts";
import type { Model } from "./model.ts";
import { resNet18, resNet34, resNet50 } from "./resNet.ts";
import { vgg9, vgg11, vgg13, vgg16, vgg19 } from "./vgg.ts";

const batchNorm = true;

/** Counted by PyTorch 1.13: the sum of `numel()` over `parameters()` of the same layers in an `nn.Sequential`. */
const counts: [name: string, model: Model, parameters: number][] = [
  ["leNet5", leNet5(), 44_426],
  ["leNet5, batch norm", leNet5({ batchNorm }), 44_878],
  ["vgg9", vgg9(), 3_915_914],
  ["vgg11", vgg11(), 9_225_610],
  ["vgg13", vgg13(), 9_410_122],
  ["vgg16", vgg16(), 14_719_818],
  ["vgg19", vgg19(), 20_029_514],
  ["vgg9, batch norm", vgg9({ batchNorm }), 3_918_858],
  ["vgg11, batch norm", vgg11({ batchNorm }), 9_231_114],
  ["vgg13, batch norm", vgg13({ batchNorm }), 9_416_010],
  ["vgg16, batch norm", vgg16({ batchNorm }), 14_728_266],
  ["vgg19, batch norm", vgg19({ batchNorm }), 20_040_522],
  ["resNet18", resNet18(), 11_164_362],
  ["resNet18, batch norm", resNet18({ batchNorm }), 11_173_962],
  ["resNet18 for large images", resNet18({ batchNorm, stem: "large", classes: 1000 }), 11_689_512],
  ["resNet34", resNet34(), 21_265_098],
  ["resNet34, batch norm", resNet34({ batchNorm }), 21_282_122],
  ["resNet50", resNet50(), 25_503_912],
  ["resNet50, batch norm", resNet50({ batchNorm }), 25_557_032],
  ["denseNet121", denseNet121(), 6_880_458],
  ["denseNet121, batch norm at the ends", denseNet121({ batchNorm: "ends" }), 6_882_634],
  ["denseNet121, batch norm", denseNet121({ batchNorm }), 6_964_106],
  ["denseNet121, 1000 classes", denseNet121({ batchNorm, classes: 1000 }), 7_978_856],
  ["mlp", mlp([784, 2048, 2048, 2048, 10]), 10_020_874],
  ["mlp, batch norm", mlp([784, 2048, 2048, 2048, 10], { batchNorm }), 10_033_162],
  ["gpt", gpt({ vocabulary: 65, context: 256, width: 384, depth: 6, heads: 6 }), 10_795_776],
];

test.each(counts)("%s has as many parameters as in PyTorch", (_name, model, parameters) => {
  expect(summary(model).parameters).toBe(parameters);
});

/** Multiply-accumulates by hand: for each layer, numbers of the output times numbers that each is a sum of. */
test("summaries count the multiply-accumulates of convolutions and matrix products", () => {
  const parts = [6 * 24 * 24 * 25, 16 * 8 * 8 * 150, 256 * 120, 120 * 84, 84 * 10];
  expect(summary(leNet5()).macs).toBe(parts.reduce((sum, n) => sum + n));
  const block = 8 * 6 * 18 + 2 * 8 * 8 * 6 + 8 * 6 * 6 + 2 * 8 * 6 * 24;
  expect(summary(gpt({ vocabulary: 5, context: 8, width: 6, depth: 3, heads: 2 })).macs).toBe(3 * block + 8 * 6 * 5);
});

test("a summary lists layers in their order, with paths, kinds and shapes", () => {
  const rows = summary(leNet5({ batchNorm, pool: normPool2d({ window: 2 }), activation: sigmoid() })).rows;
  expect(rows.map(({ path, kind, outputShape }) => `${path} ${kind} [${outputShape}]`)).toMatchInlineSnapshot(`
    [
      "conv1 conv2d [6,24,24]",
      "sigmoid1 sigmoid [6,24,24]",
      "pool1 normPool2d [6,12,12]",
      "norm1 batchNorm2d [6,12,12]",
      "conv2 conv2d [16,8,8]",
      "sigmoid2 sigmoid [16,8,8]",
      "pool2 normPool2d [16,4,4]",
      "norm2 batchNorm2d [16,4,4]",
      "flatten flatten [256]",
      "linear1 linear [120]",
      "sigmoid3 sigmoid [120]",
      "norm3 batchNorm1d [120]",
      "linear2 linear [84]",
      "sigmoid4 sigmoid [84]",
      "norm4 batchNorm1d [84]",
      "linear3 linear [10]",
    ]
  `);
});

describe("shapes", () => {
  test.each(counts)("%s gives scores", (_name, model) => {
    const { outputShape } = summary(model);
    expect(outputShape.at(-1)).toBeGreaterThanOrEqual(10);
  });

  test("classes and channels are settings", () => {
    for (const model of [leNet5, vgg9, vgg11, resNet18, resNet50, denseNet121]) {
      const { inputShape, outputShape } = summary(model({ classes: 7, channels: 2, weights: volumeWeights() }));
      expect([inputShape[0], outputShape]).toEqual([2, [7]]);
    }
  });
});
