// Normalization of each channel: by the batch in training, by what was seen in training otherwise.
import * as core from "@nonsmooth/ad-core";
import { checkSettings } from "../data/checks.ts";
import { checkBetween, checkRank, inputError } from "./checks.ts";
import { variableOf, widenedTo } from "./draw.ts";
import { constant, type Variable } from "./initializers.ts";
import { type Applied, type Layer, layerOf, type Planned, type Variables } from "./layer.ts";

/** Settings of {@link batchNorm1d} and {@link batchNorm2d}. */
export interface BatchNormOptions {
  /** Added to the variance, from 0; 1e-5 when absent. */
  readonly epsilon?: number;
  /** The part of the newest batch in the running statistics, from 0 to 1; 0.1 when absent. */
  readonly momentum?: number;
  /** Whether factors and terms of each channel are learned; true when absent. */
  readonly affine?: boolean;
}

type Statistics = Readonly<Record<"mean" | "variance", core.Tensor>>;
type Name = "batchNorm1d" | "batchNorm2d";

/** A vector with one number for each channel. */
export const perChannel = (channels: number, value: number): Variable => ({
  shape: [channels],
  fans: { in: 1, out: 1 },
  initializer: constant(value),
});

/** Mean and unbiased variance of the batch, which carry no derivative. */
function statisticsOf(where: string, x: core.Tensor): Statistics {
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  if (axes.reduce((n, axis) => n * (x.shape[axis] as number), 1) < 2) {
    const expected = "at least two numbers for each channel in training";
    throw inputError(where, expected, x.shape, "use larger batches, or leave out the last one");
  }
  const still = core.stopGradient(x);
  return { mean: core.mean(still, { axes }), variance: core.variance(still, { axes, correction: 1 }) };
}

/** `(1 - momentum) old + momentum new` */
const mixed = (old: core.Tensor, batch: core.Tensor, momentum: number): core.Tensor =>
  core.add(core.mul(old, 1 - momentum), core.mul(batch, momentum));

function batchNorm(name: Name, expected: string, ranks: readonly number[], options: BatchNormOptions): Layer {
  checkSettings(name, options, ["epsilon", "momentum", "affine"]);
  const epsilon = checkBetween(name, "epsilon", options.epsilon ?? 1e-5, [0, Infinity]);
  const momentum = checkBetween(name, "momentum", options.momentum ?? 0.1, [0, 1]);
  const isAffine = options.affine ?? true;
  const planned = (inputShape: core.Shape): Planned => {
    checkRank(name, inputShape, expected, ranks);
    const channels = inputShape[0] as number;
    const params = isAffine ? { scale: perChannel(channels, 1), shift: perChannel(channels, 0) } : {};
    return {
      outputShape: inputShape,
      params,
      state: { mean: perChannel(channels, 0), variance: perChannel(channels, 1) },
    };
  };
  const settingsOf = ({ params }: Variables): core.BatchNormOptions => ({
    epsilon,
    ...(isAffine ? { scale: variableOf(name, params, "scale"), shift: variableOf(name, params, "shift") } : {}),
  });
  const normalized = (x: core.Tensor, variables: Variables, training: boolean): Applied => {
    const [mean, variance] = [variableOf(name, variables.state, "mean"), variableOf(name, variables.state, "variance")];
    const settings = settingsOf(variables);
    if (!training) return { y: core.batchNorm(x, { ...settings, mean, variance }), state: variables.state };
    const batch = statisticsOf(name, x);
    const state = { mean: mixed(mean, batch.mean, momentum), variance: mixed(variance, batch.variance, momentum) };
    return { y: core.batchNorm(x, settings), state };
  };
  return layerOf(name, planned, (variables, x, { training }) => {
    const wide = widenedTo(variableOf(name, variables.state, "mean"), x);
    const { y, state } = normalized(wide, variables, training);
    return { y: core.cast(y, x.dtype), state };
  });
}

/**
 * Batch normalization of features, `(x - mean) / √(variance + epsilon) · scale + shift` for each channel.
 *
 * In training mean and variance are those of the batch, and the derivative passes through them. The state is `mean` and
 * `variance`, which begin as 0 and 1 and become `(1 - momentum) old + momentum batch`, with the unbiased variance of the
 * batch as in PyTorch; evaluation normalizes by them. Variables: `scale` (1) and `shift` (0), `[channels]`.
 *
 * @param options - `epsilon` (1e-5), `momentum` (0.1), `affine` (true)
 * @returns a layer for `[channels]` or `[channels, length]` that keeps the shape
 * @throws AdError "domain" for bad or unknown settings; "shape" for other ranks, and in training for a single number in
 *   each channel
 * @see [IS15] the method
 * @example
 * const layer = batchNorm1d({ epsilon: 0 });
 * const { y, state } = layer.apply(layer.init(key(1), [1]), tensor([[1], [3]]), { training: true, key: null });
 * y // [[-1], [1]]
 * state // { mean: [0.2], variance: [1.1] }
 */
export const batchNorm1d = (options: BatchNormOptions = {}): Layer =>
  batchNorm("batchNorm1d", "[channels] or [channels, length]", [1, 2], options);

/**
 * Batch normalization of images: {@link batchNorm1d} over batch, rows and columns.
 *
 * @param options - `epsilon` (1e-5), `momentum` (0.1), `affine` (true)
 * @returns a layer for `[channels, height, width]` that keeps the shape
 * @throws AdError "domain" for bad or unknown settings; "shape" for other ranks, and in training for a single number in
 *   each channel
 * @see [IS15] the method
 * @example
 * const layer = batchNorm2d({ epsilon: 0 });
 * layer.apply(layer.init(key(1), [1, 1, 2]), tensor([[[[1, 3]]]]), { training: true, key: null }).y // [[[[-1, 1]]]]
 */
export const batchNorm2d = (options: BatchNormOptions = {}): Layer =>
  batchNorm("batchNorm2d", "[channels, height, width]", [3], options);
