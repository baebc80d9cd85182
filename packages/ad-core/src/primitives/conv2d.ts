// Convolution of images. It is one trilinear form in image, filter and output; the three records are its derivatives.
import { addHistograms, type Histogram, timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import { type Primitive, realDType } from "../door/primitive.ts";
import { checkSettings, shapeError } from "../errors/messages.ts";
import {
  convolve,
  convolveToFilter,
  convolveToImage,
  type Geometry,
  outputShape,
  reachAlong,
} from "../kernels/convolve.ts";
import { sizeOf } from "../tensors/shape.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";
import type { SiteOptions } from "./options.ts";
import { type Pair, pairOf } from "./pairs.ts";

/** Products of the form, and how many sums of products there are when they are gathered per `place`. */
function sumsOf(geometry: Geometry, place: "outputs" | "pixels" | "taps"): { products: number; sums: number } {
  const [rows, columns] = [reachAlong(geometry, 0), reachAlong(geometry, 1)];
  const [batch, inChannels] = geometry.image as [number, number];
  const outChannels = geometry.filter[0] as number;
  const channels = { outputs: outChannels, pixels: inChannels, taps: inChannels * outChannels }[place];
  const products = batch * inChannels * outChannels * rows.products * columns.products;
  return { products, sums: batch * channels * rows[place] * columns[place] };
}

function costOf(geometry: Geometry, place: "outputs" | "pixels" | "taps", further = 0): Histogram {
  const { products, sums } = sumsOf(geometry, place);
  return addHistograms(timesHistogram(products, { mul: 1 }), timesHistogram(products - sums + further, { add: 1 }));
}

/** Sums over samples that gathering a filter takes after the sums within each sample. */
const overSamples = ({ image, filter }: Geometry): number => Math.max(0, (image[0] as number) - 1) * sizeOf(filter);

export const conv2dPrimitive: Primitive<Geometry> = {
  name: "conv2d",
  dtype: (inputs) => realDType("conv2d", inputs),
  shape: (_inputs, geometry) => outputShape(geometry),
  forward: (k, [image, filter], geometry) => convolve(k, image, filter, geometry),
  linearize: ({ inputs: [image, filter], params }) => [
    () => ({ jvp: (dx) => toOutput(dx, filter, params), vjp: (gy) => toImage(gy, filter, params) }),
    () => ({ jvp: (dw) => toOutput(image, dw, params), vjp: (gy) => toFilter(image, gy, params) }),
  ],
  cost: (_inputs, geometry) => costOf(geometry, "outputs"),
  // over the input channels; the taps of a window stay in their order
  sums: () => [{ inputs: [1, 1] }],
};

export const conv2dImageGradientPrimitive: Primitive<Geometry> = {
  name: "conv2dImageGradient",
  dtype: (inputs) => realDType("conv2dImageGradient", inputs),
  shape: (_inputs, geometry) => geometry.image,
  forward: (k, [output, filter], geometry) => convolveToImage(k, output, filter, geometry),
  linearize: ({ inputs: [output, filter], params }) => [
    () => ({ jvp: (dy) => toImage(dy, filter, params), vjp: (gx) => toOutput(gx, filter, params) }),
    () => ({ jvp: (dw) => toImage(output, dw, params), vjp: (gx) => toFilter(gx, output, params) }),
  ],
  cost: (_inputs, geometry) => costOf(geometry, "pixels"),
  // over the output channels; the taps stay
  sums: () => [{ inputs: [1, 0] }],
};

export const conv2dFilterGradientPrimitive: Primitive<Geometry> = {
  name: "conv2dFilterGradient",
  dtype: (inputs) => realDType("conv2dFilterGradient", inputs),
  shape: (_inputs, geometry) => geometry.filter,
  forward: (k, [image, output], geometry) => convolveToFilter(k, image, output, geometry),
  linearize: ({ inputs: [image, output], params }) => [
    () => ({ jvp: (dx) => toFilter(dx, output, params), vjp: (gw) => toImage(output, gw, params) }),
    () => ({ jvp: (dy) => toFilter(image, dy, params), vjp: (gw) => toOutput(image, gw, params) }),
  ],
  cost: (_inputs, geometry) => costOf(geometry, "taps", overSamples(geometry)),
  // over the samples; the places within one stay
  sums: () => [{ inputs: [0, 0] }],
};

const toOutput = (image: Tensor, filter: Tensor, geometry: Geometry, site = ""): Tensor =>
  apply(conv2dPrimitive, [image, filter], geometry, site);

const toImage = (output: Tensor, filter: Tensor, geometry: Geometry): Tensor =>
  apply(conv2dImageGradientPrimitive, [output, filter], geometry);

const toFilter = (image: Tensor, output: Tensor, geometry: Geometry): Tensor =>
  apply(conv2dFilterGradientPrimitive, [image, output], geometry);

/** Settings of {@link conv2d}. */
export interface ConvolutionOptions extends SiteOptions {
  /** Step of the window, along both axes or `[rows, columns]`; 1 when absent. */
  readonly stride?: number | Pair;
  /** Zeros around the image, along both axes or `[rows, columns]`; 0 when absent. */
  readonly padding?: number | Pair;
}

/**
 * Convolution of images as networks mean it (no flip): each output sums image times filter over a window.
 *
 * Cost: 1 multiplication for each pair of weight and window position that meets the image (the padding is not
 * counted), and 1 addition less than that per output. Sums run over input channel, window row and window column.
 * Contractions multiply plainly: an infinite factor and a zero one give NaN.
 *
 * @param image - `[batch, inChannels, height, width]`, reals
 * @param filter - `[outChannels, inChannels, windowHeight, windowWidth]`, of the same dtype
 * @param options - `stride`, `padding`, `site`
 * @returns `[batch, outChannels, outHeight, outWidth]` with `outHeight = ⌊(height + 2 padding - windowHeight) / stride⌋ + 1`
 * @throws AdError "shape" when ranks or channels do not fit or the window is larger than the padded image; "domain" for
 *   a stride below 1 or a negative padding; "dtype" for mixed dtypes
 * @example
 * conv2d(tensor([[[[1, 2], [3, 4]]]]), tensor([[[[1, 1]]]])) // [[[[3], [7]]]]
 */
export function conv2d(image: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  for (const x of [image, filter]) checkOperand("conv2d", x);
  checkSettings("conv2d", options, ["stride", "padding", "site"]);
  const stride = pairOf("conv2d", "stride", options.stride ?? 1, 1);
  const padding = pairOf("conv2d", "padding", options.padding ?? 0, 0);
  const geometry = { image: image.shape, filter: filter.shape, stride, padding };
  checkGeometry(geometry);
  return toOutput(image, filter, geometry, options.site);
}

function checkGeometry({ image, filter, padding }: Geometry): void {
  if (image.length !== 4 || filter.length !== 4 || image[1] !== filter[1]) {
    const expected = "[batch, channels, height, width] and [outChannels, channels, height, width]";
    throw shapeError("conv2d", "image and filter do not fit", expected, [image, filter], "check the channels");
  }
  const fits = [2, 3].every((axis) => {
    const [size, window] = [image[axis] as number, filter[axis] as number];
    return window >= 1 && window <= size + 2 * (padding[axis - 2] as number);
  });
  if (!fits) {
    const expected = "a window of at least 1 that fits the padded image";
    throw shapeError(
      "conv2d",
      "the window does not fit",
      expected,
      [image, filter],
      "add padding or shrink the window",
    );
  }
}
