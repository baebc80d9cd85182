// The VGG networks for small images.
import { checkWhole } from "../data/checks.ts";
import { conv2d } from "../layers/conv2d.ts";
import { flatten } from "../layers/flatten.ts";
import { linear } from "../layers/linear.ts";
import type { Layers } from "../layers/parts.ts";
import { sequential } from "../layers/sequential.ts";
import { type ImageModelOptions, imageOptions, norm2d } from "./imageOptions.ts";
import { type Model, modelOf } from "./model.ts";

/** Settings of the VGG networks. */
export interface VggOptions extends ImageModelOptions {
  /** Channels of the first convolution, to which the others are in proportion; 64 when absent. */
  readonly width?: number;
}

/** How many convolutions there are before each of the five poolings. */
const stages = {
  vgg9: [1, 1, 1, 1, 1],
  vgg11: [1, 1, 2, 2, 2],
  vgg13: [2, 2, 2, 2, 2],
  vgg16: [2, 2, 3, 3, 3],
  vgg19: [2, 2, 4, 4, 4],
} as const;

/** Channels of the convolutions of each stage, in widths. */
const widths = [1, 2, 4, 8, 8];

function vgg(name: keyof typeof stages, options: VggOptions): Model {
  const settings = imageOptions(name, options, { channels: 3, further: ["width"] });
  const { classes, channels, batchNorm, activation, pool, weights } = settings;
  const width = checkWhole(name, "width", options.width ?? 64, 1);
  let count = 0;
  const convolution = (stage: number): Layers => {
    count++;
    return {
      [`conv${count}`]: conv2d(width * (widths[stage] as number), { window: 3, padding: 1, ...weights.convolution }),
      ...norm2d(batchNorm, `norm${count}`),
      [`${activation.name}${count}`]: activation,
    };
  };
  const features = stages[name].map((convolutions, stage) =>
    Object.assign({}, ...Array.from({ length: convolutions }, () => convolution(stage)), {
      [`pool${stage + 1}`]: pool,
    }),
  );
  const layers: Layers = Object.assign({}, ...features, {
    flatten: flatten(),
    linear: linear(classes, weights.linear),
  });
  return modelOf(name, [channels, 32, 32], sequential(layers));
}

/**
 * VGG with 8 convolutions for images of 32 by 32: 9,225,610 parameters.
 *
 * Layers: convolutions `conv1` to `conv8` (3 by 3, padding 1, with bias), each followed by `norm` (with batch norm) and
 * `relu` of its number; `pool1` to `pool5`; `flatten`, and a single `linear`. No dropout. Channels: 64, pool, 128, pool,
 * 256, 256, pool, 512, 512, pool, 512, 512, pool. Variables begin as PyTorch's.
 *
 * @param options - `classes` (10), `channels` (3), `batchNorm` (false), `activation`, `pool`, `weights`, `width` (64)
 * @returns a model from `[channels, 32, 32]` to `[classes]`
 * @throws AdError "domain" for bad or unknown settings
 * @see [SZ15] the original, for large images
 * @see [Bou24] this variant
 * @example
 * summary(vgg11()).parameters // 9225610
 * summary(vgg11({ width: 32, batchNorm: true, classes: 100 })).outputShape // [100]
 */
export const vgg11 = (options: VggOptions = {}): Model => vgg("vgg11", options);

/**
 * VGG with 5 convolutions, one before each pooling; otherwise {@link vgg11}.
 *
 * @param options - as those of {@link vgg11}
 * @returns a model from `[channels, 32, 32]` to `[classes]`
 * @throws AdError "domain" for bad or unknown settings
 * @see [Bou24] this variant
 * @example
 * summary(vgg9()).parameters // 3915914
 */
export const vgg9 = (options: VggOptions = {}): Model => vgg("vgg9", options);

/**
 * VGG with 10 convolutions, two before each pooling; otherwise {@link vgg11}.
 *
 * @param options - as those of {@link vgg11}
 * @returns a model from `[channels, 32, 32]` to `[classes]`
 * @throws AdError "domain" for bad or unknown settings
 * @see [Bou24] this variant
 * @example
 * summary(vgg13()).parameters // 9410122
 */
export const vgg13 = (options: VggOptions = {}): Model => vgg("vgg13", options);

/**
 * VGG with 13 convolutions: 2, 2, 3, 3 and 3 before the poolings; otherwise {@link vgg11}.
 *
 * @param options - as those of {@link vgg11}
 * @returns a model from `[channels, 32, 32]` to `[classes]`
 * @throws AdError "domain" for bad or unknown settings
 * @see [Bou24] this variant
 * @example
 * summary(vgg16()).parameters // 14719818
 */
export const vgg16 = (options: VggOptions = {}): Model => vgg("vgg16", options);

/**
 * VGG with 16 convolutions: 2, 2, 4, 4 and 4 before the poolings; otherwise {@link vgg11}.
 *
 * @param options - as those of {@link vgg11}
 * @returns a model from `[channels, 32, 32]` to `[classes]`
 * @throws AdError "domain" for bad or unknown settings
 * @see [Bou24] this variant
 * @example
 * summary(vgg19()).parameters // 20029514
 */
export const vgg19 = (options: VggOptions = {}): Model => vgg("vgg19", options);
