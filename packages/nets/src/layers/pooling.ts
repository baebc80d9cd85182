// One number for each window of an image, or for each channel.
import * as core from "@nonsmooth/ad-core";
import { checkSettings } from "../data/checks.ts";
import { type Layer, stateless } from "./layer.ts";
import { checkPadding, type Geometry, imageShape, type Pair, pairOf, placesIn } from "./windows.ts";

/** Settings of the poolings. */
export interface WindowOptions {
  /** Size of the window, along both axes or `[rows, columns]`. */
  readonly window: number | Pair;
  /** Step of the window; its size when absent. */
  readonly stride?: number | Pair;
  /** Cells around the image, at most half a window; 0 when absent. */
  readonly padding?: number | Pair;
}

type Pool = (x: core.Tensor, geometry: Geometry) => core.Tensor;

/** A pooling by its name and its function of images; `further` are settings besides those of the window. */
export function pooling(
  name: string,
  pool: Pool,
  options: WindowOptions,
  further: readonly string[] = ["padding"],
): Layer {
  checkSettings(name, options, ["window", "stride", ...further]);
  const window = pairOf(name, "window", options.window, 1);
  const stride = pairOf(name, "stride", options.stride ?? window, 1);
  const padding = pairOf(name, "padding", options.padding ?? 0, 0);
  checkPadding(name, window, padding);
  const geometry = { window, stride, padding };
  const outputShape = (shape: core.Shape): core.Shape => [
    imageShape(name, shape)[0],
    ...placesIn(name, shape, geometry),
  ];
  return stateless(
    name,
    (shape) => ({ outputShape: outputShape(shape) }),
    (x) => pool(x, geometry),
  );
}

/**
 * The largest value in each window.
 *
 * Kink: where cells of a window tie; the name is `maxPool2d`, the default that of PyTorch, `first`.
 *
 * @param options - `window`, `stride` (the window), `padding` (0)
 * @returns a layer from `[channels, height, width]` to `[channels, outHeight, outWidth]`
 * @throws AdError "domain" for bad or unknown settings; when planned, "shape" when the window does not fit
 * @see [Bou24] native, minimal and beta-MaxPool are selections
 * @example
 * maxPool2d({ window: 2 }).plan([6, 24, 24]).outputShape // [6, 12, 12]
 */
export const maxPool2d = (options: WindowOptions): Layer => pooling("maxPool2d", core.maxPool2d, options);

/**
 * The Euclidean norm of each window.
 *
 * Kink: where a window is all zeros; the name is `normPool2d`, the default `atZero("zero")`.
 *
 * @param options - `window`, `stride` (the window), `padding` (0)
 * @returns a layer from `[channels, height, width]` to `[channels, outHeight, outWidth]`
 * @throws AdError "domain" for bad or unknown settings; when planned, "shape" when the window does not fit
 * @see [Bou24] norm-pooling
 * @example
 * normPool2d({ window: 3, stride: 2, padding: 1 }).plan([6, 24, 24]).outputShape // [6, 12, 12]
 */
export const normPool2d = (options: WindowOptions): Layer => pooling("normPool2d", core.normPool2d, options);

/**
 * The mean of each window; cells in the padding count as zeros.
 *
 * @param options - `window`, `stride` (the window), `padding` (0)
 * @returns a layer from `[channels, height, width]` to `[channels, outHeight, outWidth]`
 * @throws AdError "domain" for bad or unknown settings; when planned, "shape" when the window does not fit
 * @example
 * avgPool2d({ window: [2, 3] }).plan([6, 24, 24]).outputShape // [6, 12, 8]
 */
export const avgPool2d = (options: WindowOptions): Layer => pooling("avgPool2d", core.avgPool2d, options);

/**
 * The mean of each channel.
 *
 * @returns a layer from `[channels, height, width]` to `[channels]`
 * @example
 * const x = tensor([[[[1, 2], [3, 6]]]]);
 * globalAveragePool().apply({ params: {}, state: {} }, x, { training: false, key: null }).y // [[3]]
 */
export const globalAveragePool = (): Layer =>
  stateless(
    "globalAveragePool",
    (shape) => ({ outputShape: [imageShape("globalAveragePool", shape)[0]] }),
    (x) => core.mean(x, { axes: [2, 3] }),
  );
