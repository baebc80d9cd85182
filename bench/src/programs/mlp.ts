/** A multilayer perceptron on one vector. */
import { crossEntropy, key, relu, reshape, split, type Tensor, tensor } from "@nonsmooth/ad-core";
import { uniformBetween } from "./draws.ts";
import { type Layer, linear, linearLayer } from "./layers.ts";
import { checkSettings, sizeOf } from "./settings.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";

type Perceptron = readonly [Layer, Layer, Layer];

const classes = 10;
const description =
  "Cross-entropy of a network n - 64 - 32 - 10 with relu on one random vector of n numbers; gradient for that vector, its weights held fixed.";

export const mlp: ProgramSource = { name: "mlp", description, sweeps: "length of the data vector", build };

function build(options: ProgramOptions): BuiltProgram {
  checkSettings("mlp", options, ["inputs"]);
  const { seed, dtype } = options;
  const inputs = sizeOf("mlp", "inputs", options.inputs ?? 784);
  const [forData, ...forLayers] = split(key(seed), 4) as [Tensor, Tensor, Tensor, Tensor];
  const sizes = [inputs, 64, 32, classes] as const;
  return {
    name: "mlp",
    description,
    parameters: { inputs, seed, dtype },
    f: loss,
    args: [
      uniformBetween(forData, [inputs], [0, 1], dtype),
      forLayers.map((from, i) => linearLayer(from, sizes[i] as number, sizes[i + 1] as number, dtype)),
      tensor([seed % classes], { dtype: "i32" }),
    ],
    wrt: 0,
  };
}

function loss(x: Tensor, [first, second, third]: Perceptron, label: Tensor): Tensor {
  const row = reshape(x, [1, x.shape[0] as number]);
  const hidden1 = relu(linear("linear1", row, first), { site: "relu1" });
  const hidden2 = relu(linear("linear2", hidden1, second), { site: "relu2" });
  return crossEntropy(linear("linear3", hidden2, third), label, { site: "loss" });
}
