/** A multilayer perceptron on one vector. */
import { crossEntropy, key, reshape, split, type Tensor, type Tree, tensor } from "@nonsmooth/ad-core";
import { mlp as perceptron } from "@nonsmooth/nets";
import { uniformBetween } from "./draws.ts";
import { checkSettings, sizeOf } from "./settings.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";

const classes = 10;
const description =
  "Cross-entropy of a network n - 64 - 32 - 10 with relu on one random vector of n numbers; gradient for that vector, its weights held fixed.";

export const mlp: ProgramSource = { name: "mlp", description, sweeps: "length of the data vector", build };

function build(options: ProgramOptions): BuiltProgram {
  checkSettings("mlp", options, ["inputs"]);
  const { seed, dtype } = options;
  const inputs = sizeOf("mlp", "inputs", options.inputs ?? 784);
  const [forData, forWeights] = split(key(seed)) as [Tensor, Tensor];
  const model = perceptron([inputs, 64, 32, classes]);
  const { params, state } = model.init(forWeights, model.inputShape, dtype);
  const loss = (x: Tensor, weights: Tree, label: Tensor): Tensor => {
    const row = reshape(x, [1, inputs]);
    const { y } = model.apply({ params: weights, state }, row, { training: false, key: null });
    return crossEntropy(y, label, { site: "loss" });
  };
  return {
    name: "mlp",
    description,
    parameters: { inputs, seed, dtype },
    f: loss,
    args: [uniformBetween(forData, [inputs], [0, 1], dtype), params, tensor([seed % classes], { dtype: "i32" })],
    wrt: 0,
  };
}
