// Max-poolings whose derivative is written into the graph, as the study of max-pooling published them.
import {
  add,
  apply,
  cast,
  customDerivative,
  div,
  equal,
  foldPrimitive,
  maxPool2d,
  mul,
  reshape,
  sum,
  type Tensor,
  unfoldPrimitive,
  where,
} from "@nonsmooth/ad-core";
import { checkBetween } from "./checks.ts";
import type { Layer } from "./layer.ts";
import { pooling } from "./pooling.ts";
import type { Geometry, Pair } from "./windows.ts";

/** Settings of a pooling without padding. */
export interface TiledOptions {
  /** Size of the window, along both axes or `[rows, columns]`. */
  readonly window: number | Pair;
  /** Step of the window; its size when absent. */
  readonly stride?: number | Pair;
}

/** The cotangent of an image: each window writes `gy` where it equals its maximum, then divides by the number of ties. */
function sharedEqually(x: Tensor, y: Tensor, gy: Tensor, geometry: Geometry): Tensor {
  const cells = apply(unfoldPrimitive, [x], { ...geometry, fill: 0 });
  const each = (v: Tensor): Tensor => reshape(v, [...v.shape, 1]);
  const isLargest = equal(cells, each(y));
  const ties = sum(cast(isLargest, x.dtype), { axes: -1, keepDims: true });
  const shares = div(where(isLargest, each(gy), 0), ties);
  return apply(foldPrimitive, [shares], { ...geometry, image: x.shape });
}

const minimal = (x: Tensor, geometry: Geometry): Tensor =>
  customDerivative((v: Tensor) => maxPool2d(v, geometry), {
    vjp: ([v], y, gy) => [sharedEqually(v as Tensor, y, gy, geometry)],
  })(x);

/**
 * The largest value in each window; backwards each window divides its cotangent by the number of cells that tie.
 *
 * Kink: where cells of a window tie; their shares are `g / s`, a division in the format of the image, and no selection
 * changes them: `maxPool2d` with `uniform` multiplies with a rounded `1 / s` instead. A window with a NaN equals nothing,
 * so that all its cells get `0 / 0`, NaN. Reverse mode only, as often as wanted; counts are exact up to 256 ties.
 * Cost: as `maxPool2d`; backwards 1 comparison, 1 addition, 1 selection and 1 division per cell.
 *
 * @param options - `window`, `stride` (the window); there is no padding
 * @returns a layer from `[channels, height, width]` to `[channels, outHeight, outWidth]`
 * @throws AdError "domain" for bad or unknown settings; when planned, "shape" when the window does not fit; "missing"
 *   when forward mode passes
 * @see [Bou24] minimal max-pooling, as its code has it
 * @example
 * const net = (x) => sum(minimalPool2d({ window: 2 }).apply({ params: {}, state: {} }, x, { training: true, key: null }).y);
 * grad(net)(tensor([[[[1, 1], [0, 0]]]])) // [[[[0.5, 0.5], [0, 0]]]]
 */
export const minimalPool2d = (options: TiledOptions): Layer => pooling("minimalPool2d", minimal, options, []);

/** `c y`, rounded once: the factor of a 16-bit tensor keeps its 32 bits. */
function times(y: Tensor, c: number): Tensor {
  const isNarrow = y.dtype === "f16" || y.dtype === "bf16";
  return isNarrow ? cast(mul(cast(y, "f32"), c), y.dtype) : mul(y, c);
}

/** Settings of {@link betaPool2d}. */
export interface BetaPoolOptions extends TiledOptions {
  /** The weight of the minimal pooling; that of the native one is `1 - beta`. */
  readonly beta: number;
}

/**
 * `beta minimal(x) + (1 - beta) native(x)`, added up in the graph: the coded form of beta-MaxPool.
 *
 * Over the reals this is the maximum. In floating point both products and their sum are rounded, forwards and backwards, so
 * that also windows without ties are off by about `beta` rounding errors, and in `f16` large ones overflow: to infinity
 * where `beta m` does, to NaN where `(beta - 1) m` does too. The factors are not rounded to 16 bits. The form without this
 * noise is `maxPool2d` with `blend(first, uniform, beta)`, which {@link maxPoolChoice} gives as `fused`.
 *
 * Kink: where cells of a window tie; the native part is `maxPool2d`, whose default `first` is the published choice and which
 * a selection of that name changes; the minimal part is {@link minimalPool2d}. Reverse mode only.
 * Cost: both poolings, 2 products and 1 addition per window.
 *
 * @param options - `beta`, `window`, `stride` (the window); there is no padding
 * @returns a layer from `[channels, height, width]` to `[channels, outHeight, outWidth]`
 * @throws AdError "domain" for bad or unknown settings; when planned, "shape" when the window does not fit; "missing"
 *   when forward mode passes
 * @see [Bou24] beta-MaxPool, as its code has it
 * @example
 * const layer = betaPool2d({ window: 2, beta: 10 });
 * const net = (x) => sum(layer.apply({ params: {}, state: {} }, x, { training: true, key: null }).y);
 * grad(net)(tensor([[[[1, 1], [0, 0]]]])) // [[[[-4, 5], [0, 0]]]]
 */
export function betaPool2d(options: BetaPoolOptions): Layer {
  const beta = checkBetween("betaPool2d", "beta", options.beta, [-Infinity, Infinity]);
  const pool = (x: Tensor, geometry: Geometry): Tensor =>
    add(times(minimal(x, geometry), beta), times(maxPool2d(x, geometry), 1 - beta));
  return pooling("betaPool2d", pool, options, ["beta"]);
}
