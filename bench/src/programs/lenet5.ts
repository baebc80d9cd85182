/** LeNet-5 on a batch of handwritten digits. */
import { crossEntropy, key, split, type Tensor, type Tree } from "@nonsmooth/ad-core";
import { digits, type LabelledImages, leNet5 } from "@nonsmooth/nets";
import { findMnist, readMnist } from "./mnist.ts";
import { checkSettings, sizeOf } from "./settings.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";

const description =
  "Mean cross-entropy of LeNet-5 (two convolutions with relu and max-pool, three linear layers) on a batch of digits; gradient for its 44,426 weights.";

export const lenet5: ProgramSource = { name: "lenet5", description, sweeps: null, build };

function build(options: ProgramOptions): BuiltProgram {
  checkSettings("lenet5", options, ["batch", "dataFolder"]);
  const { seed, dtype } = options;
  const batch = sizeOf("lenet5", "batch", options.batch ?? 32);
  const [forWeights] = split(key(seed));
  const { data, images, labels } = batchOf(options, batch);
  const model = leNet5();
  const { params, state } = model.init(forWeights, model.inputShape, dtype);
  const loss = (weights: Tree, x: Tensor, classes: Tensor): Tensor => {
    const { y } = model.apply({ params: weights, state }, x, { training: false, key: null });
    return crossEntropy(y, classes, { site: "loss" });
  };
  return {
    name: "lenet5",
    description,
    parameters: { batch, seed, dtype, data },
    f: loss,
    args: [params, images, labels],
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
