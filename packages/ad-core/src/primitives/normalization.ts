// The normalizations of networks: over features, and over batches.
import { apply, atSite } from "../door/interpreter.ts";
import { realDType } from "../door/primitive.ts";
import { checkSettings, domainError, shapeError } from "../errors/messages.ts";
import { checkAxes, sameShape } from "../tensors/shape.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { normalizePrimitive } from "./normalize.ts";
import type { SiteOptions } from "./options.ts";
import { reshape } from "./reshape.ts";
import { sqrt } from "./transcendental.ts";

/** What all normalizations may be told. */
interface NormOptions extends SiteOptions {
  /** Added to the variance, from 0; 1e-5 when absent. */
  readonly epsilon?: number;
  /** Factors of the normalized numbers; 1 when absent. */
  readonly scale?: Tensor;
  /** Terms that are added last; 0 when absent. */
  readonly shift?: Tensor;
}

/** Settings of {@link layerNorm}. */
export interface LayerNormOptions extends NormOptions {
  /** The axes of one group, counted from the end when negative; the last one when absent. */
  readonly axes?: number | readonly number[];
}

/** Settings of {@link batchNorm}. */
export interface BatchNormOptions extends NormOptions {
  /** `[channels]`; with `variance`, what to use instead of the mean of the batch. */
  readonly mean?: Tensor;
  /** `[channels]`; with `mean`, what to use instead of the variance of the batch. */
  readonly variance?: Tensor;
}

function epsilonOf(where: string, { epsilon = 1e-5 }: NormOptions): number {
  if (Number.isFinite(epsilon) && epsilon >= 0) return epsilon;
  throw domainError(where, "epsilon", "a finite number from 0", String(epsilon), "1e-5 is usual");
}

/** A tensor with an element for each place along some axes of `x`, in the rank of `x`, so that it broadcasts. */
function along(where: string, name: string, value: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  checkOperand(where, value);
  const shape = axes.map((axis) => x.shape[axis] as number);
  if (!sameShape(value.shape, shape)) {
    const shapes = [value.shape, x.shape];
    throw shapeError(where, `${name} does not fit`, `[${shape.join(", ")}]`, shapes, "reshape it");
  }
  realDType(where, [x, value]);
  const broad = x.shape.map((n, axis) => (axes.includes(axis) ? n : 1));
  return reshape(value, broad);
}

/** `y scale + shift`, as far as they are given. */
function scaleAndShift(where: string, y: Tensor, { scale, shift }: NormOptions, axes: readonly number[]): Tensor {
  const larger = scale === undefined ? y : mul(y, along(where, "scale", scale, y, axes));
  return shift === undefined ? larger : add(larger, along(where, "shift", shift, y, axes));
}

/**
 * Layer normalization, `y = (x - mean) / √(variance + epsilon) · scale + shift`, with mean and variance over `axes`.
 *
 * The variance is the mean of the squared distances. Distances are measured from a mean that is corrected once, so rows
 * far from 0 lose nothing; in 16 bits all sums are kept in 32, and the quotient is rounded once. A row of equal numbers
 * gives 0 and a finite derivative; with `epsilon: 0` it gives NaN, and so does a row with an infinite number.
 * Cost: 2n subtractions, n squares, 3n - 2 additions, n + 3 divisions and 1 root for n numbers over `axes`; 2n more
 * with `scale` and `shift`. The derivative measures the row again.
 *
 * @param x - reals, rank 1 to 6
 * @param options - `axes` (the last), `epsilon` (1e-5), `scale` and `shift` in the shape of those axes, `site`
 * @returns the shape of `x`
 * @throws AdError "shape" when an axis does not exist or repeats, or `scale` or `shift` does not fit; "dtype" for
 *   integers or mixed dtypes; "domain" for a negative epsilon
 * @example
 * layerNorm(tensor([[1, 3], [10, 10]]), { epsilon: 0.25 }) // [[-0.8944271909999159, 0.8944271909999159], [0, 0]]
 * layerNorm(tensor([1, 3]), { epsilon: 0, scale: tensor([1, 2]), shift: tensor([10, 20]) }) // [9, 22]
 */
export function layerNorm(x: Tensor, options: LayerNormOptions = {}): Tensor {
  checkOperand("layerNorm", x);
  checkSettings("layerNorm", options, ["axes", "epsilon", "scale", "shift", "site"]);
  realDType("layerNorm", [x]);
  const axes = checkAxes("layerNorm", options.axes ?? -1, x.shape);
  const epsilon = epsilonOf("layerNorm", options);
  return atSite(options.site ?? "", () =>
    scaleAndShift("layerNorm", apply(normalizePrimitive, [x], { axes, epsilon }), options, axes),
  );
}

/** Axis 1 holds the channels. */
const channels = [1];

/** With the statistics that are given, which are factors and terms like any others. */
function normalizeBy(x: Tensor, mean: Tensor, variance: Tensor, epsilon: number): Tensor {
  const [center, spreadOut] = [
    along("batchNorm", "mean", mean, x, channels),
    along("batchNorm", "variance", variance, x, channels),
  ];
  return mul(sub(x, center), div(1, sqrt(add(spreadOut, epsilon))));
}

/** With the statistics of the batch, or with those that are given. */
function normalizeBatch(x: Tensor, { mean, variance }: BatchNormOptions, epsilon: number): Tensor {
  if (mean !== undefined && variance !== undefined) return normalizeBy(x, mean, variance, epsilon);
  if (mean !== undefined || variance !== undefined) {
    const missing = mean === undefined ? "mean" : "variance";
    throw domainError("batchNorm", missing, "both mean and variance, or neither", "undefined", "pass both to evaluate");
  }
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  return apply(normalizePrimitive, [x], { axes, epsilon });
}

/**
 * Batch normalization, `y = (x - mean) / √(variance + epsilon) · scale + shift` for each channel.
 *
 * Without `mean` and `variance` these are those of the batch, over all axes but the channels (training): they depend on
 * `x`, and the derivative passes through them, so that the gradient of each channel sums to 0. With both given
 * (evaluation) they are inputs like `scale` and `shift`. Running statistics belong to the layer: `mean` and `variance`
 * over the same axes give those of the batch.
 *
 * Training is {@link layerNorm} over other axes, with the same care for rounding. A single number in a channel gives 0.
 * In evaluation each operation rounds, and `epsilon` is rounded to the dtype too.
 * Cost: in training that of {@link layerNorm} with n numbers in a channel; in evaluation n subtractions and n products,
 * and 1 addition, 1 root and 1 division for each channel; 2n more with `scale` and `shift`.
 *
 * @param x - `[batch, channels, ...]`, reals
 * @param options - `epsilon` (1e-5); `scale`, `shift`, `mean` and `variance`, each `[channels]`; `site`
 * @returns the shape of `x`
 * @throws AdError "shape" when the rank is below 2 or `scale`, `shift`, `mean` or `variance` does not fit; "dtype" for
 *   integers or mixed dtypes; "domain" for a negative epsilon, or one of `mean` and `variance` without the other
 * @example
 * batchNorm(tensor([[1, 0], [3, 8]]), { epsilon: 0 }) // [[-1, -1], [1, 1]]
 * batchNorm(tensor([[1, 0], [3, 8]]), { epsilon: 0, mean: tensor([1, 2]), variance: tensor([1, 4]) }) // [[0, -1], [2, 3]]
 */
export function batchNorm(x: Tensor, options: BatchNormOptions = {}): Tensor {
  checkOperand("batchNorm", x);
  checkSettings("batchNorm", options, ["epsilon", "scale", "shift", "mean", "variance", "site"]);
  realDType("batchNorm", [x]);
  if (x.shape.length < 2) {
    throw shapeError("batchNorm", "no axis of channels", "[batch, channels, ...]", [x.shape], "reshape it");
  }
  const epsilon = epsilonOf("batchNorm", options);
  return atSite(options.site ?? "", () =>
    scaleAndShift("batchNorm", normalizeBatch(x, options, epsilon), options, channels),
  );
}
