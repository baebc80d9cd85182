// Convolution of images, and a bias for each channel.
import { add, conv2d as convolve, reshape, type Shape, type Tensor, type Tree } from "@nonsmooth/ad-core";
import { checkSettings, checkWhole } from "../data/checks.ts";
import { inFormatOf, sizeOf, variableOf } from "./draw.ts";
import { type Layer, type Planned, stateless } from "./layer.ts";
import { type WeightOptions, weightAndBias } from "./linear.ts";
import { imageShape, type Pair, pairOf, placesIn } from "./windows.ts";

/** Settings of {@link conv2d}. */
export interface Conv2dOptions extends WeightOptions {
  /** Size of the window, along both axes or `[rows, columns]`. */
  readonly window: number | Pair;
  /** Step of the window; 1 when absent. */
  readonly stride?: number | Pair;
  /** Zeros around the image; 0 when absent. */
  readonly padding?: number | Pair;
}

/**
 * A convolution (without flip), and a bias for each channel.
 *
 * Variables: `weight`, `[channels, inChannels, windowHeight, windowWidth]`, and `bias`, `[channels]`; both begin uniform
 * within `1 / √(inChannels · windowHeight · windowWidth)` of 0, as PyTorch's.
 *
 * @param channels - of the output, at least 1
 * @param options - `window`, `stride` (1), `padding` (0); `weight` and `bias`: how they begin; `bias: false` for none
 * @returns a layer from `[inChannels, height, width]` to `[channels, outHeight, outWidth]`, with
 *   `outHeight = ⌊(height + 2 padding - windowHeight) / stride⌋ + 1`
 * @throws AdError "domain" for bad or unknown settings; when planned, "shape" when the rank is not 3 or the window is
 *   larger than the padded image
 * @example
 * conv2d(6, { window: 5 }).init(key(1), [1, 28, 28]).outputShape // [6, 24, 24]
 * conv2d(6, { window: 5, stride: 2, padding: 2 }).plan([1, 28, 28]).outputShape // [6, 14, 14]
 */
export function conv2d(channels: number, options: Conv2dOptions): Layer {
  checkWhole("conv2d", "channels", channels, 1);
  checkSettings("conv2d", options, ["window", "stride", "padding", "weight", "bias"]);
  const window = pairOf("conv2d", "window", options.window, 1);
  const stride = pairOf("conv2d", "stride", options.stride ?? 1, 1);
  const padding = pairOf("conv2d", "padding", options.padding ?? 0, 0);
  const planned = (inputShape: Shape): Planned => {
    const [inputs] = imageShape("conv2d", inputShape);
    const outputShape = [channels, ...placesIn("conv2d", inputShape, { window, stride, padding })];
    const fans = { in: inputs * sizeOf(window), out: channels * sizeOf(window) };
    const params = weightAndBias([channels, inputs, ...window], channels, fans, options);
    return { outputShape, params, macs: sizeOf(outputShape) * fans.in };
  };
  return stateless("conv2d", planned, (x: Tensor, params: Tree): Tensor => {
    const own = (name: string): Tensor => inFormatOf(x, variableOf("conv2d", params, name));
    const y = convolve(x, own("weight"), { stride, padding });
    return options.bias === false ? y : add(y, reshape(own("bias"), [1, channels, 1, 1]));
  });
}
