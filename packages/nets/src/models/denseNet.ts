// Densely connected networks.
import { checkWhole } from "../data/checks.ts";
import { settingError } from "../layers/checks.ts";
import { conv2d } from "../layers/conv2d.ts";
import { constant, kaimingNormal } from "../layers/initializers.ts";
import type { Layer } from "../layers/layer.ts";
import { linear } from "../layers/linear.ts";
import type { Layers } from "../layers/parts.ts";
import { avgPool2d, globalAveragePool } from "../layers/pooling.ts";
import { concatenation } from "../layers/residual.ts";
import { sequential } from "../layers/sequential.ts";
import { type ImageModelOptions, imageOptions, norm2d } from "./imageOptions.ts";
import { type Model, modelOf } from "./model.ts";

/** Settings of {@link denseNet121}. */
export interface DenseNetOptions extends Omit<ImageModelOptions, "batchNorm"> {
  /** Everywhere (true), nowhere (false, when absent), or in the stem and at the end only, as in the study. */
  readonly batchNorm?: boolean | "ends";
  /** Channels that each layer adds, half of those of the stem; 32 when absent. */
  readonly growth?: number;
}

/** What all layers inside share. */
interface Style {
  readonly isNormed: boolean;
  readonly activation: Layer;
  /** A convolution without bias. */
  convolution(channels: number, window: number): Layer;
}

const blocks = [6, 12, 24, 16] as const;

/** Norm, activation and convolution, in this order. */
const step = ({ isNormed, activation, ...style }: Style, i: number, channels: number, window: number): Layers => ({
  ...norm2d(isNormed, `norm${i}`),
  [`${activation.name}${i}`]: activation,
  [`conv${i}`]: style.convolution(channels, window),
});

/** Layers that each put their channels behind those that they were given. */
function block(style: Style, layers: number, growth: number): Layer {
  const one = (): Layer => concatenation({ ...step(style, 1, 4 * growth, 1), ...step(style, 2, growth, 3) });
  return sequential(Object.fromEntries(Array.from({ length: layers }, (_, i) => [`layer${i + 1}`, one()])));
}

/** Half of the channels, half of the rows and half of the columns. */
const transition = (style: Style, channels: number): Layer =>
  sequential({ ...step(style, 1, channels / 2, 1), average: avgPool2d({ window: 2 }) });

/** Blocks with transitions between them. */
function chain(style: Style, growth: number): Layers {
  let channels = 2 * growth;
  const layers = blocks.flatMap((count, i) => {
    channels += count * growth;
    const dense = [`block${i + 1}`, block(style, count, growth)] as const;
    if (i + 1 === blocks.length) return [dense];
    const between = [`transition${i + 1}`, transition(style, channels)] as const;
    channels /= 2;
    return [dense, between];
  });
  return Object.fromEntries(layers);
}

/**
 * Densely connected network with 121 layers of weights.
 *
 * Layers: `conv1` (7 by 7, stride 2, without bias as all convolutions), `norm1`, `relu1`, `pool`; `block1` to `block4` of
 * 6, 12, 24 and 16 layers, with `transition1` to `transition3` between them; `norm2`, `relu2`, `average`, `linear`. A layer
 * of a block has `norm1`, `relu1`, `conv1` (1 by 1, 4 growths), `norm2`, `relu2`, `conv2` (3 by 3), and puts its 32 channels
 * behind those that it was given; a transition has `norm1`, `relu1`, `conv1` (1 by 1) and `average`. The norms exist with
 * batch norm only; `"ends"` leaves those of blocks and transitions out, as the code of the study does. Convolutions
 * begin by Kaiming's rule, normal with fan in; the bias of `linear` begins as 0.
 *
 * @param options - `classes` (10), `channels` (3), `batchNorm` (false), `activation`, `pool`, `weights`, `growth` (32)
 * @returns a model from `[channels, 32, 32]` to `[classes]`
 * @throws AdError "domain" for bad or unknown settings, and an odd growth
 * @see [HLMW17] the original, with another pool
 * @see [Bou24] this variant
 * @example
 * summary(denseNet121({ batchNorm: true, classes: 1000 })).parameters // 7978856
 */
export function denseNet121(options: DenseNetOptions = {}): Model {
  const { batchNorm = false, growth: asked = 32, ...rest } = options;
  const settings = imageOptions("denseNet121", rest, { channels: 3 });
  const { classes, channels, activation, pool, weights } = settings;
  const growth = checkGrowth(asked);
  const begun = { weight: kaimingNormal(), ...weights.convolution, bias: false };
  const convolution = (to: number, window: number): Layer =>
    conv2d(to, { window, padding: (window - 1) / 2, ...begun });
  const hasEnds = checkNorm(batchNorm) !== false;
  const layers = {
    conv1: conv2d(2 * growth, { window: 7, stride: 2, padding: 3, ...begun }),
    ...norm2d(hasEnds, "norm1"),
    [`${activation.name}1`]: activation,
    pool,
    ...chain({ isNormed: batchNorm === true, activation, convolution }, growth),
    ...norm2d(hasEnds, "norm2"),
    [`${activation.name}2`]: activation,
    average: globalAveragePool(),
    linear: linear(classes, { bias: constant(0), ...weights.linear }),
  };
  return modelOf("denseNet121", [channels, 32, 32], sequential(layers));
}

/** Transitions halve the channels, so their number must stay whole. */
function checkGrowth(growth: number): number {
  if (checkWhole("denseNet121", "growth", growth, 2) % 2 === 0) return growth;
  throw settingError("denseNet121", "growth", "an even number", growth);
}

function checkNorm(batchNorm: unknown): unknown {
  if (typeof batchNorm === "boolean" || batchNorm === "ends") return batchNorm;
  throw settingError("denseNet121", "batchNorm", 'true, false or "ends"', batchNorm);
}
