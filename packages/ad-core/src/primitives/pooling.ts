// One number for each window of an image.
import { apply } from "../door/interpreter.ts";
import { type Primitive, realDType } from "../door/primitive.ts";
import { checkSettings, domainError, shapeError } from "../errors/messages.ts";
import { type Windows, windowSources, windowsShape } from "../kernels/windows.ts";
import { first } from "../selections/selection.ts";
import { ones } from "../tensors/create.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";
import { notEqual } from "./comparisons.ts";
import { scaled } from "./elementary.ts";
import { euclideanPrimitive } from "./norms.ts";
import type { SiteOptions } from "./options.ts";
import { type Pair, pairOf } from "./pairs.ts";
import { mean } from "./statistics.ts";
import { spread, sum } from "./sum.ts";
import { fold, unfold } from "./windows.ts";

export const maxPool2dPrimitive: Primitive<Windows> = {
  name: "maxPool2d",
  dtype: (inputs) => realDType("maxPool2d", inputs),
  shape: ([x], windows) => windowsShape(x.shape, windows).slice(0, 4),
  forward(k, [x], windows) {
    const sources = windowSources(x.shape, windows);
    const cells = windows.window[0] * windows.window[1];
    const out = k.allocate(sources.length / cells);
    const begun = new Uint8Array(out.length);
    for (let i = 0; i < sources.length; i++) {
      const [source, place] = [sources[i] as number, Math.floor(i / cells)];
      if (source < 0) continue;
      const value = x.data[source] as (typeof out)[number];
      out[place] = begun[place] === 1 ? k.sum.maximum(out[place] as (typeof out)[number], value) : value;
      begun[place] = 1;
    }
    return out;
  },
  kink: {
    type: "tie",
    along: true,
    default: first,
    order: () => "max",
    branches: ([x], windows) => [unfold(x, windows, -Infinity)],
    present: ([x], windows) =>
      windows.padding.every((n) => n === 0) ? null : notEqual(unfold(ones(x.shape), windows, 0), 0),
  },
  // each window moves as the weighted sum of its cells that tie
  linearize: (at) => [
    () => {
      const [[x], windows] = [at.inputs, at.params];
      const shares = at.weights([1]);
      return {
        jvp: (dx) => sum(scaled(shares, unfold(dx, windows, 0)), { axes: -1 }),
        vjp: (gy) => fold(scaled(shares, spread(gy, shares.shape, [4])), windows, x.shape),
      };
    },
  ],
  cost([x], windows) {
    const seen = windowSources(x.shape, windows).filter((source) => source >= 0).length;
    return {
      maximum:
        seen -
        windowsShape(x.shape, windows)
          .slice(0, 4)
          .reduce((n, size) => n * size, 1),
    };
  },
};

/** Settings of the poolings. */
export interface PoolingOptions extends SiteOptions {
  /** Size of the window, along both axes or `[rows, columns]`. */
  readonly window: number | Pair;
  /** Step of the window; its size when absent. */
  readonly stride?: number | Pair;
  /** Cells around the image that no window counts; at most half a window; 0 when absent. */
  readonly padding?: number | Pair;
}

function windowsOf(where: string, x: Tensor, options: PoolingOptions): Windows {
  checkOperand(where, x);
  realDType(where, [x]);
  checkSettings(where, options, ["window", "stride", "padding", "site"]);
  const window = pairOf(where, "window", options.window, 1);
  const stride = pairOf(where, "stride", options.stride ?? window, 1);
  const padding = pairOf(where, "padding", options.padding ?? 0, 0);
  if (padding.some((n, i) => 2 * n > (window[i] as number))) {
    throw domainError(where, "padding", "at most half of the window", JSON.stringify(padding), "pad less");
  }
  const fits =
    x.shape.length === 4 &&
    [0, 1].every((i) => (window[i] as number) <= (x.shape[i + 2] as number) + 2 * (padding[i] as number));
  if (fits) return { window, stride, padding };
  const expected = "[batch, channels, height, width] with a window that fits";
  throw shapeError(where, "the image does not fit", expected, [x.shape], "reshape it or shrink the window");
}

/**
 * The largest value in each window of an image. NaN wins.
 *
 * Kink: where several cells of a window tie. Branches are the cells in row-major order; the default `first` is
 * PyTorch's choice, `uniform` gives the minimum-norm derivative, `blend(first, uniform, beta)` is beta-MaxPool. Cells
 * in the padding are no branches.
 * Cost: k - 1 comparisons per window that sees k cells of the image.
 *
 * @param x - `[batch, channels, height, width]`, reals
 * @param options - `window`, `stride`, `padding`, `site`
 * @returns `[batch, channels, outHeight, outWidth]` with `outHeight = ⌊(height + 2 padding - window) / stride⌋ + 1`
 * @throws AdError "shape" when the rank is not 4 or the window does not fit; "domain" for bad settings
 * @see [Bou24] native, minimal and beta-MaxPool
 * @example
 * maxPool2d(tensor([[[[1, 2], [3, 4]]]]), { window: 2 }) // [[[[4]]]]
 */
export function maxPool2d(x: Tensor, options: PoolingOptions): Tensor {
  return apply(maxPool2dPrimitive, [x], windowsOf("maxPool2d", x, options), options.site);
}

/**
 * The mean of each window of an image; cells in the padding count as zeros.
 *
 * Cost: k - 1 additions and 1 division per window of k cells.
 *
 * @param x - `[batch, channels, height, width]`, reals
 * @param options - `window`, `stride`, `padding`, `site`
 * @returns `[batch, channels, outHeight, outWidth]`
 * @throws AdError "shape" when the rank is not 4 or the window does not fit; "domain" for bad settings
 * @example
 * avgPool2d(tensor([[[[1, 2], [3, 6]]]]), { window: 2 }) // [[[[3]]]]
 */
export function avgPool2d(x: Tensor, options: PoolingOptions): Tensor {
  const cells = unfold(x, windowsOf("avgPool2d", x, options), 0);
  return mean(cells, { axes: -1, ...(options.site === undefined ? {} : { site: options.site }) });
}

/** Over cells of windows, `[batch, channels, outHeight, outWidth, cells]`. */
export const normPool2dPrimitive: Primitive<readonly number[]> = euclideanPrimitive("normPool2d");

/**
 * The Euclidean norm of each window of an image, `y = √(x_1² + ... + x_k²)`; cells in the padding count as zeros.
 *
 * Kink: where all cells of a window are 0 (or so small that their squares are). The derivative there is the vector of
 * the selection, one number for each cell in row-major order: `atZero("zero")` unless chosen otherwise, never NaN. Its
 * own derivative is 0 there.
 * Cost: k squares, k - 1 additions and 1 root per window of k cells.
 *
 * @param x - `[batch, channels, height, width]`, reals
 * @param options - `window`, `stride`, `padding`, `site`
 * @returns `[batch, channels, outHeight, outWidth]`
 * @throws AdError "shape" when the rank is not 4 or the window does not fit; "domain" for bad settings; "dtype" for
 *   integers
 * @see [Bou24] norm-pooling with the vector of zeros and with that of ones
 * @example
 * normPool2d(tensor([[[[2, 4], [5, 6]]]]), { window: 2 }) // [[[[9]]]]
 * grad((x) => sum(normPool2d(x, { window: [1, 2] })))(tensor([[[[3, 4, 0, 0]]]])) // [[[[0.6, 0.8, 0, 0]]]]
 */
export function normPool2d(x: Tensor, options: PoolingOptions): Tensor {
  const cells = unfold(x, windowsOf("normPool2d", x, options), 0);
  return apply(normPool2dPrimitive, [cells], [4], options.site);
}
