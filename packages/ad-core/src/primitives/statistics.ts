// Means, and reductions made of other operations.
import { addHistograms, timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import { type Primitive, realDType } from "../door/primitive.ts";
import { domainError, dtypeError } from "../errors/messages.ts";
import { dropAxes } from "../kernels/indices.ts";
import { reduceRows, sumOf } from "../kernels/reduce.ts";
import { ones } from "../tensors/create.ts";
import { sizeOf } from "../tensors/shape.ts";
import { checkOperand, type Tensor, type TensorType } from "../tensors/tensor.ts";
import { div, mul, square, sub } from "./arithmetic.ts";
import { concatenate } from "./concatenate.ts";
import { max, min } from "./extrema.ts";
import { type AxisOptions, axesOf, keepDims } from "./options.ts";
import { reshape } from "./reshape.ts";
import { rowsLast } from "./rows.ts";
import { slice } from "./slice.ts";
import { spread } from "./sum.ts";
import { reducedAxes } from "./summed.ts";

export const meanPrimitive: Primitive<readonly number[]> = {
  name: "mean",
  dtype: (inputs) => realDType("mean", inputs),
  shape: ([x], axes) => dropAxes(x.shape, axes),
  forward: (k, [x], axes) => reduceRows(k, x, axes, (n, term) => k.sum.div(sumOf(k, n, term), k.sum.constant(n))),
  // y = sum x / n
  linearize: ({ inputs: [x], params: axes }) => [
    () => ({
      jvp: (dx) => apply(meanPrimitive, [dx], axes),
      vjp: (gy) => spread(div(gy, countAlong(x, axes)), x.shape, axes),
    }),
  ],
  cost([x], axes) {
    const rows = sizeOf(dropAxes(x.shape, axes));
    const sums = timesHistogram(Math.max(0, sizeOf(x.shape) - rows), { add: 1 });
    return addHistograms(sums, timesHistogram(rows, { div: 1 }));
  },
  fixed: ([x], axes) => timesHistogram(sizeOf(dropAxes(x.shape, axes)), { div: 1 }),
  sums: (_inputs, axes) => reducedAxes(axes),
};

const countAlong = (x: TensorType, axes: readonly number[]): number =>
  axes.reduce((n, axis) => n * (x.shape[axis] as number), 1);

/**
 * Mean over axes, `y = (x_1 + ... + x_n) / n`. In 16 bits the sum is kept in 32 and only the mean is rounded, so that
 * it does not overflow.
 *
 * Cost: n - 1 additions and 1 division for n terms. The mean of nothing is NaN.
 *
 * @param x - any shape of reals
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist or repeats; "dtype" for integers
 * @example
 * mean(tensor([1, 2, 6])) // 3
 * mean(tensor([60000, 60000], { dtype: "f16" })) // 60000
 */
export function mean(x: Tensor, options: AxisOptions = {}): Tensor {
  const axes = axesOf("mean", x, options);
  return keepDims(apply(meanPrimitive, [x], axes, options.site), x.shape, axes, options);
}

/** Settings of {@link variance}. */
export interface VarianceOptions extends AxisOptions {
  /** What is subtracted from the number of terms: 0 (the default) or 1 for the unbiased estimate. */
  readonly correction?: number;
}

/**
 * Variance over axes, `y = Σ (x_i - mean)² / (n - correction)`.
 *
 * Cost: 2n - 2 additions, n subtractions, n squares and 2 divisions for n terms; with a correction 1 multiplication.
 *
 * @param x - any shape of reals
 * @param options - `axes` (all when absent), `correction` (0 when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist or repeats; "domain" unless n is above the correction
 * @example
 * variance(tensor([1, 3])) // 1
 * variance(tensor([1, 3]), { correction: 1 }) // 2
 */
export function variance(x: Tensor, options: VarianceOptions = {}): Tensor {
  const axes = axesOf("variance", x, options, ["correction"]);
  const { correction = 0, ...reduction } = options;
  const terms = countAlong(x, axes);
  if (!(terms > correction)) {
    throw domainError("variance", "correction", `less than the ${terms} terms`, correction, "reduce more terms");
  }
  const distance = sub(x, spread(mean(x, { axes }), x.shape, axes));
  const spreadOut = mean(square(distance), reduction);
  return correction === 0 ? spreadOut : mul(spreadOut, terms / (terms - correction));
}

/**
 * Product over axes. Products are taken pairwise, first half times second half, so that the derivative is exact when
 * factors are 0, to any order.
 *
 * Cost: n - 1 multiplications for n factors. An empty product is 1.
 *
 * @param x - any shape of numbers
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist or repeats
 * @example
 * prod(tensor([2, 3, 4])) // 24
 * grad((x) => prod(x))(tensor([0, 3, 4])) // [12, 0, 0]
 */
export function prod(x: Tensor, options: AxisOptions = {}): Tensor {
  const axes = axesOf("prod", x, options);
  const rows = rowsLast(x, axes);
  const [kept, length] = [rows.shape.slice(0, -1), rows.shape.at(-1) as number];
  const flat = reshape(rows, [sizeOf(kept), length]);
  const product = length === 0 ? ones([sizeOf(kept)], { dtype: x.dtype }) : pairwise(flat, options);
  return keepDims(reshape(product, kept), x.shape, axes, options);
}

/** Halves the rows until one column is left; an odd last column waits for the next round. */
function pairwise(rows: Tensor, options: AxisOptions): Tensor {
  const [count, length] = rows.shape as [number, number];
  if (length === 1) return rows;
  const half = Math.floor(length / 2);
  const part = (start: number, end: number): Tensor => slice(rows, [0, start], [count, end]);
  const products = mul(part(0, half), part(half, 2 * half), options);
  return pairwise(length % 2 === 0 ? products : concatenate([products, part(2 * half, length)], 1), options);
}

function conditions(where: string, x: Tensor): Tensor {
  checkOperand(where, x);
  if (x.dtype === "bool") return x;
  throw dtypeError(where, "bool", [x.dtype], "compare first, for instance with notEqual(x, 0)");
}

/**
 * Whether one condition along the axes is true.
 *
 * Cost: n - 1 comparisons for n conditions.
 *
 * @param x - `bool`, any shape, not empty along the axes
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist, repeats or is empty; "dtype" for numbers
 * @example
 * any(tensor([false, true])) // true
 */
export const any = (x: Tensor, options: AxisOptions = {}): Tensor => max(conditions("any", x), options);

/**
 * Whether all conditions along the axes are true.
 *
 * Cost: n - 1 comparisons for n conditions.
 *
 * @param x - `bool`, any shape, not empty along the axes
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist, repeats or is empty; "dtype" for numbers
 * @example
 * all(tensor([false, true])) // false
 */
export const all = (x: Tensor, options: AxisOptions = {}): Tensor => min(conditions("all", x), options);
