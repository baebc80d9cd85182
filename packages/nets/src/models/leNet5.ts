// LeNet-5 as the studies of kinks use it.
import { batchNorm1d } from "../layers/batchNorm.ts";
import { conv2d } from "../layers/conv2d.ts";
import { flatten } from "../layers/flatten.ts";
import { linear } from "../layers/linear.ts";
import type { Layers } from "../layers/parts.ts";
import { sequential } from "../layers/sequential.ts";
import { type ImageModelOptions, imageOptions, norm2d, only } from "./imageOptions.ts";
import { type Model, modelOf } from "./model.ts";

/**
 * LeNet-5 with ReLU and max-pool: two convolutions and three linear layers, 44,426 parameters.
 *
 * Layers: `conv1` (5 by 5, 6 channels), `relu1`, `pool1`, `norm1`, `conv2` (16 channels), `relu2`, `pool2`, `norm2`,
 * `flatten`, `linear1` (120), `relu3`, `norm3`, `linear2` (84), `relu4`, `norm4`, `linear3`; the norms with batch norm
 * only, and after the poolings, as in the study. Variables begin as PyTorch's.
 *
 * @param options - `classes` (10), `channels` (1), `batchNorm` (false), `activation`, `pool`, `weights`
 * @returns a model from `[channels, 28, 28]` to `[classes]`
 * @throws AdError "domain" for bad or unknown settings
 * @see [LBBH98] the original, which has other activations and poolings
 * @see [Bou24] this variant
 * @example
 * summary(leNet5()).parameters // 44426
 * const { params, state } = leNet5().init(key(1));
 * leNet5().apply({ params, state }, ones([2, 1, 28, 28]), { training: false, key: null }).y.shape // [2, 10]
 */
export function leNet5(options: ImageModelOptions = {}): Model {
  const { classes, channels, batchNorm, activation, pool, weights } = imageOptions("leNet5", options, { channels: 1 });
  const convolution = (i: number, width: number): Layers => ({
    [`conv${i}`]: conv2d(width, { window: 5, ...weights.convolution }),
    [`${activation.name}${i}`]: activation,
    [`pool${i}`]: pool,
    ...norm2d(batchNorm, `norm${i}`),
  });
  const dense = (i: number, size: number): Layers => ({
    [`linear${i}`]: linear(size, weights.linear),
    [`${activation.name}${i + 2}`]: activation,
    ...only(batchNorm, `norm${i + 2}`, batchNorm1d()),
  });
  const features = { ...convolution(1, 6), ...convolution(2, 16), flatten: flatten() };
  const scores = { ...dense(1, 120), ...dense(2, 84), linear3: linear(classes, weights.linear) };
  return modelOf("leNet5", [channels, 28, 28], sequential({ ...features, ...scores }));
}
