/** LeNet-5 at a point that sits on many kinks: images with equal patches, and units that are dead. */
import { crossEntropy, key, mul, split, type Tensor, type Tree, tensor } from "@nonsmooth/ad-core";
import { digits, leNet5 } from "@nonsmooth/nets";
import { checkSettings, sizeOf } from "./settings.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";

/** How many units of the second linear layer get weights 0, so that their relu is asked for its derivative at 0. */
const dead = 2;

const description = `Mean cross-entropy of LeNet-5 on generated digits, whose background ties in most windows, with ${dead} units of its second linear layer set to 0; gradient for its 44,426 weights.`;

export const lenet5Ties: ProgramSource = { name: "lenet5-ties", description, sweeps: null, build };

interface Linear {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/** The layer with the weights and biases of its first units set to 0. */
function withDeadUnits({ weight, bias }: Linear): Linear {
  const units = bias.shape[0] as number;
  const alive = Float64Array.from({ length: units }, (_, i) => (i < dead ? 0 : 1));
  const { dtype } = bias;
  return {
    weight: mul(weight, tensor(alive, { shape: [1, units], dtype })),
    bias: mul(bias, tensor(alive, { dtype })),
  };
}

function build(options: ProgramOptions): BuiltProgram {
  checkSettings("lenet5-ties", options, ["batch"]);
  const { seed, dtype } = options;
  const batch = sizeOf("lenet5-ties", "batch", options.batch ?? 1);
  const [forWeights] = split(key(seed));
  const { images, labels } = digits({ count: batch, seed, dtype });
  const model = leNet5();
  const { params, state } = model.init(forWeights as Tensor, model.inputShape, dtype);
  const layers = params as unknown as Record<string, Linear>;
  const tied = { ...layers, linear2: withDeadUnits(layers.linear2 as Linear) };
  const loss = (weights: Tree, x: Tensor, classes: Tensor): Tensor => {
    const { y } = model.apply({ params: weights, state }, x, { training: false, key: null });
    return crossEntropy(y, classes, { site: "loss" });
  };
  return {
    name: "lenet5-ties",
    description,
    parameters: { batch, dead, seed, dtype },
    f: loss,
    args: [tied, images, labels],
    wrt: 0,
  };
}
