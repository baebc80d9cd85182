// Residual networks.
import { checkWhole } from "../data/checks.ts";
import { settingError } from "../layers/checks.ts";
import { type Conv2dOptions, conv2d } from "../layers/conv2d.ts";
import { kaimingNormal } from "../layers/initializers.ts";
import type { Layer } from "../layers/layer.ts";
import { linear } from "../layers/linear.ts";
import type { Layers } from "../layers/parts.ts";
import { globalAveragePool } from "../layers/pooling.ts";
import { residual } from "../layers/residual.ts";
import { sequential } from "../layers/sequential.ts";
import { type ImageModelOptions, imageOptions, norm2d } from "./imageOptions.ts";
import { type Model, modelOf } from "./model.ts";

/** Settings of the residual networks. */
export interface ResNetOptions extends ImageModelOptions {
  /** The first convolution: `"small"`, 3 by 3 with stride 1, or `"large"`, 7 by 7 with stride 2. */
  readonly stem?: "small" | "large";
  /** Channels of the first stage, to which the others are in proportion; 64 when absent. */
  readonly width?: number;
}

/** What tells the networks apart. */
interface Design {
  readonly name: string;
  /** How many blocks each stage has. */
  readonly stages: readonly [number, number, number, number];
  readonly isBottleneck: boolean;
  readonly stem: "small" | "large";
  readonly size: number;
  readonly classes: number;
}

/** What all blocks of one network share. */
interface Style {
  readonly batchNorm: boolean;
  readonly activation: Layer;
  /** A convolution without bias. */
  convolution(channels: number, window: number, stride: number): Layer;
}

/** A convolution and its norm. */
const convolutions = (
  style: Style,
  i: number,
  [channels, window, stride]: readonly [number, number, number],
): Layers => ({
  [`conv${i}`]: style.convolution(channels, window, stride),
  ...norm2d(style.batchNorm, `norm${i}`),
});

/** One block: convolutions beside a shortcut, which is a convolution where the shape changes. */
function block(style: Style, isBottleneck: boolean, channels: number, stride: number, changes: boolean): Layer {
  const { activation } = style;
  const outputs = isBottleneck ? 4 * channels : channels;
  const sizes = isBottleneck
    ? ([
        [channels, 1, 1],
        [channels, 3, stride],
        [outputs, 1, 1],
      ] as const)
    : ([
        [channels, 3, stride],
        [channels, 3, 1],
      ] as const);
  const layers: Layers[] = sizes.flatMap((size, i) => [
    convolutions(style, i + 1, size),
    i + 1 < sizes.length ? { [`${activation.name}${i + 1}`]: activation } : {},
  ]);
  const shortcut = sequential(convolutions(style, 1, [outputs, 1, stride]));
  const sum = residual(Object.assign({}, ...layers), changes ? { shortcut } : {});
  return sequential({ sum, [`${activation.name}${sizes.length}`]: activation });
}

function stage(style: Style, { isBottleneck, stages }: Design, width: number, i: number): Layer {
  const blocks = Array.from({ length: stages[i] as number }, (_, j) => {
    const stride = i > 0 && j === 0 ? 2 : 1;
    const changes = j === 0 && (i > 0 || isBottleneck);
    return [`block${j + 1}`, block(style, isBottleneck, width * 2 ** i, stride, changes)] as const;
  });
  return sequential(Object.fromEntries(blocks));
}

function resNet(design: Design, options: ResNetOptions): Model {
  const { name } = design;
  const defaults = { classes: design.classes, ...options };
  const settings = imageOptions(name, defaults, { channels: 3, further: ["stem", "width"] });
  const { classes, channels, batchNorm, activation, pool, weights } = settings;
  const width = checkWhole(name, "width", options.width ?? 64, 1);
  const begun = { weight: kaimingNormal({ fan: "out" }), ...weights.convolution, bias: false };
  const convolve = (to: number, rest: Conv2dOptions): Layer => conv2d(to, { ...rest, ...begun });
  const convolution = (to: number, window: number, stride: number): Layer =>
    convolve(to, { window, stride, padding: (window - 1) / 2 });
  const style = { batchNorm, activation, convolution };
  const size =
    stemOf(name, options.stem ?? design.stem) === "small" ? ([width, 3, 1] as const) : ([width, 7, 2] as const);
  const stem = { ...convolutions(style, 1, size), [`${activation.name}1`]: activation, pool };
  const stages = design.stages.map((_, i) => [`stage${i + 1}`, stage(style, design, width, i)] as const);
  const scores = { average: globalAveragePool(), linear: linear(classes, weights.linear) };
  const layers = { ...stem, ...Object.fromEntries(stages), ...scores };
  return modelOf(name, [channels, design.size, design.size], sequential(layers));
}

function stemOf(where: string, stem: unknown): "small" | "large" {
  if (stem === "small" || stem === "large") return stem;
  throw settingError(where, "stem", '"small" or "large"', stem, "small is 3 by 3");
}

const small = { isBottleneck: false, stem: "small", size: 32, classes: 10 } as const;

/**
 * Residual network with 18 layers of weights, for images of 32 by 32.
 *
 * Layers: `conv1` (3 by 3, without bias as all convolutions), `norm1` (with batch norm), `relu1`, a single `pool`;
 * `stage1` to `stage4` of 2 blocks each with 64, 128, 256 and 512 channels; `average` and `linear`. A block is `sum`, which
 * has `conv1`, `norm1`, `relu1`, `conv2`, `norm2` and where shapes change a `shortcut` (1 by 1), and then `relu2`. The
 * first block of each stage but the first has stride 2. Convolutions begin by Kaiming's rule, normal with fan out.
 *
 * @param options - `classes` (10), `channels` (3), `batchNorm` (false), `activation`, `pool`, `weights`, `stem`
 *   (`"small"`), `width` (64)
 * @returns a model from `[channels, 32, 32]` to `[classes]`
 * @throws AdError "domain" for bad or unknown settings
 * @see [HZRS16] the original, with another stem
 * @see [Bou24] this variant; in [BLGP21] the pool is `maxPool2d({ window: 3, stride: 2, padding: 1 })`
 * @example
 * summary(resNet18({ batchNorm: true })).parameters // 11173962
 */
export const resNet18 = (options: ResNetOptions = {}): Model =>
  resNet({ ...small, name: "resNet18", stages: [2, 2, 2, 2] }, options);

/**
 * Residual network with 34 layers of weights: {@link resNet18} with 3, 4, 6 and 3 blocks.
 *
 * @param options - as those of {@link resNet18}
 * @returns a model from `[channels, 32, 32]` to `[classes]`
 * @throws AdError "domain" for bad or unknown settings
 * @see [HZRS16] the original, with another stem
 * @example
 * summary(resNet34({ batchNorm: true })).parameters // 21282122
 */
export const resNet34 = (options: ResNetOptions = {}): Model =>
  resNet({ ...small, name: "resNet34", stages: [3, 4, 6, 3] }, options);

/**
 * Residual network with 50 layers of weights, for images of 224 by 224 and 1000 classes.
 *
 * As {@link resNet18}, but its `conv1` is 7 by 7 with stride 2, and its 3, 4, 6 and 3 blocks have three convolutions: 1 by
 * 1, 3 by 3 (with the stride), and 1 by 1 to four times the channels.
 *
 * @param options - as those of {@link resNet18}; `classes` is 1000 and `stem` `"large"` when absent
 * @returns a model from `[channels, 224, 224]` to `[classes]`
 * @throws AdError "domain" for bad or unknown settings
 * @see [HZRS16] the original, with another pool
 * @see [Bou24] this variant
 * @example
 * summary(resNet50({ batchNorm: true })).parameters // 25557032
 */
export const resNet50 = (options: ResNetOptions = {}): Model =>
  resNet(
    { name: "resNet50", stages: [3, 4, 6, 3], isBottleneck: true, stem: "large", size: 224, classes: 1000 },
    options,
  );
