/** LeNet-5 on a batch of handwritten digits. */
import { crossEntropy, key, maxPool2d, relu, reshape, split, type Tensor } from "@nonsmooth/ad-core";
import { digits, type LabelledImages, type RealDType } from "@nonsmooth/nets";
import { convolution, convolutionLayer, type Layer, linear, linearLayer } from "./layers.ts";
import { findMnist, readMnist } from "./mnist.ts";
import { checkSettings, sizeOf } from "./settings.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";

/** All that LeNet-5 learns: 44,426 numbers. */
interface LeNet5 {
  readonly conv1: Layer;
  readonly conv2: Layer;
  readonly linear1: Layer;
  readonly linear2: Layer;
  readonly linear3: Layer;
}

/** Weights as PyTorch draws them, from a seeded key. */
function initLeNet5(from: Tensor, dtype: RealDType): LeNet5 {
  const [conv1, conv2, linear1, linear2, linear3] = split(from, 5) as [Tensor, Tensor, Tensor, Tensor, Tensor];
  return {
    conv1: convolutionLayer(conv1, [1, 6, 5], dtype),
    conv2: convolutionLayer(conv2, [6, 16, 5], dtype),
    linear1: linearLayer(linear1, 256, 120, dtype),
    linear2: linearLayer(linear2, 120, 84, dtype),
    linear3: linearLayer(linear3, 84, 10, dtype),
  };
}

/** Scores `[batch, 10]` of images `[batch, 1, 28, 28]`. */
function leNet5(net: LeNet5, images: Tensor): Tensor {
  const block = (i: 1 | 2, x: Tensor): Tensor => {
    const activated = relu(convolution(`conv${i}`, x, net[`conv${i}`]), { site: `relu${i}` });
    return maxPool2d(activated, { window: 2, site: `pool${i}` });
  };
  const features = reshape(block(2, block(1, images)), [images.shape[0] as number, 256]);
  const hidden1 = relu(linear("linear1", features, net.linear1), { site: "relu3" });
  const hidden2 = relu(linear("linear2", hidden1, net.linear2), { site: "relu4" });
  return linear("linear3", hidden2, net.linear3);
}

const description =
  "Mean cross-entropy of LeNet-5 (two convolutions with relu and max-pool, three linear layers) on a batch of digits; gradient for its 44,426 weights.";

export const lenet5: ProgramSource = { name: "lenet5", description, sweeps: null, build };

function build(options: ProgramOptions): BuiltProgram {
  checkSettings("lenet5", options, ["batch", "dataFolder"]);
  const { seed, dtype } = options;
  const batch = sizeOf("lenet5", "batch", options.batch ?? 32);
  const [forWeights] = split(key(seed));
  const { data, images, labels } = batchOf(options, batch);
  return {
    name: "lenet5",
    description,
    parameters: { batch, seed, dtype, data },
    f: (net: LeNet5, x: Tensor, classes: Tensor) => crossEntropy(leNet5(net, x), classes, { site: "loss" }),
    args: [initLeNet5(forWeights, dtype), images, labels],
    wrt: 0,
  };
}

/** The first images of MNIST if there is a folder of data, which must then have it; generated digits otherwise. */
function batchOf({ seed, dtype, dataFolder }: ProgramOptions, batch: number): LabelledImages & { data: string } {
  const folder = dataFolder ?? process.env.NONSMOOTH_DATA;
  if (folder === undefined || folder === "")
    return { data: "generated digits", ...digits({ count: batch, seed, dtype }) };
  return { data: "mnist", ...readMnist(findMnist(folder), { count: batch, dtype }) };
}
