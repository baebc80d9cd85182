// Settings that the models of images share.

import { checkSettings, checkWhole } from "../data/checks.ts";
import { relu } from "../layers/activations.ts";
import { batchNorm2d } from "../layers/batchNorm.ts";
import { constant, kaimingUniform, normal } from "../layers/initializers.ts";
import type { Layer } from "../layers/layer.ts";
import type { WeightOptions } from "../layers/linear.ts";
import type { Layers } from "../layers/parts.ts";
import { maxPool2d } from "../layers/pooling.ts";

/** How the variables of a model begin, where it is not as the model's own docstring says. */
export interface WeightRules {
  readonly convolution?: WeightOptions;
  readonly linear?: WeightOptions;
}

/** Settings of the models of images. */
export interface ImageModelOptions {
  /** How many scores there are; 10 when absent, unless the model says otherwise. */
  readonly classes?: number;
  /** Channels of the image. */
  readonly channels?: number;
  /** False when absent, unless the model says otherwise. */
  readonly batchNorm?: boolean;
  /** The layer of each activation; `relu()` when absent. */
  readonly activation?: Layer;
  /** The layer of each pooling that takes a maximum; `maxPool2d({ window: 2 })` when absent. */
  readonly pool?: Layer;
  /** How variables begin. */
  readonly weights?: WeightRules;
}

/** The settings of a model with all that was left out filled in; `further` are settings that this model alone knows. */
export function imageOptions(
  where: string,
  options: ImageModelOptions,
  { channels, further = [] }: { readonly channels: number; readonly further?: readonly string[] },
): Required<ImageModelOptions> {
  checkSettings(where, options, ["classes", "channels", "batchNorm", "activation", "pool", "weights", ...further]);
  checkSettings(where, options.weights ?? {}, ["convolution", "linear"]);
  return {
    classes: checkWhole(where, "classes", options.classes ?? 10, 1),
    channels: checkWhole(where, "channels", options.channels ?? channels, 1),
    batchNorm: options.batchNorm ?? false,
    activation: options.activation ?? relu(),
    pool: options.pool ?? maxPool2d({ window: 2 }),
    weights: options.weights ?? {},
  };
}

/** A layer of that name if it is wanted. */
export const only = (isWanted: boolean, name: string, layer: Layer): Layers => (isWanted ? { [name]: layer } : {});

/** A batch norm of images under that name if it is wanted. */
export const norm2d = (isWanted: boolean, name: string): Layers => only(isWanted, name, batchNorm2d());

/**
 * How the networks of the volumes of [Bou24] begin: convolutions uniform by Kaiming's rule for relu, linear layers normal
 * with deviation 0.01, biases 0.
 *
 * @returns rules for the setting `weights` of a model
 * @see [Bou24] as in the code of the study
 * @example
 * const { params } = vgg11({ weights: volumeWeights(), width: 1 }).init(key(1));
 * params.conv1.bias // [0]
 */
export const volumeWeights = (): WeightRules => ({
  convolution: { weight: kaimingUniform(), bias: constant(0) },
  linear: { weight: normal(0.01), bias: constant(0) },
});
