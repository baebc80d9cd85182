// Soft maxima along axes, and the loss of classification.
import { type Arithmetic, addHistograms, type Histogram, timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import { type Primitive, realDType } from "../door/primitive.ts";
import { shapeError } from "../errors/messages.ts";
import { dropAxes } from "../kernels/indices.ts";
import { maximumOf, reduceRows, rewriteRows, sumOf } from "../kernels/reduce.ts";
import { sizeOf } from "../tensors/shape.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";
import { neg, sub } from "./arithmetic.ts";
import { equal, or } from "./comparisons.ts";
import { oneHot } from "./conversions.ts";
import { scaled } from "./elementary.ts";
import { symmetric } from "./maps.ts";
import { type AxisOptions, axesOf, axisOf, keepDims, type SiteOptions } from "./options.ts";
import { reducedShape, rowsBack, rowsLast, weightedSum } from "./rows.ts";
import { mean } from "./statistics.ts";
import { spread, sum } from "./sum.ts";
import { reducedAxes, rewrittenAxes } from "./summed.ts";
import { exp } from "./transcendental.ts";
import { where } from "./where.ts";

/** Largest term, and sum of the exponentials of the distances to it. */
function softSum<N>(k: Arithmetic<N>, n: number, term: (i: number) => N): { top: N; total: N } {
  const top = maximumOf(k, n, term);
  return { top, total: sumOf(k, n, (i) => k.sum.exp(k.sum.sub(term(i), top))) };
}

function logOfSum<N>(k: Arithmetic<N>, n: number, term: (i: number) => N): N {
  const { top, total } = softSum(k, n, term);
  const isOrdinary = k.sum.less(k.sum.abs(top), k.sum.constant(Infinity));
  return k.sum.select(isOrdinary, k.sum.add(top, k.sum.log(total)), top);
}

/** What {@link softSum} costs for all rows. */
function softCost(size: number, rows: number): Histogram {
  return addHistograms(timesHistogram(size, { sub: 1, exp: 1 }), timesHistogram(size - rows, { maximum: 1, add: 1 }));
}

const logOfSumCost: Histogram = { abs: 1, less: 1, log: 1, add: 1, select: 1 };

/** The softmax of `x` over several axes at once, which does not lose mass for large scores; 0 where `y` is infinite. */
function shares(x: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  const rows = spread(y, x.shape, axes);
  const isInfinite = or(equal(rows, Infinity), equal(rows, -Infinity));
  return where(isInfinite, 0, rowsBack(softmax(rowsLast(x, axes)), x.shape, axes));
}

export const logSumExpPrimitive: Primitive<readonly number[]> = {
  name: "logSumExp",
  dtype: (inputs) => realDType("logSumExp", inputs),
  shape: ([x], axes) => reducedShape("logSumExp", x, axes),
  forward: (k, [x], axes) => reduceRows(k, x, axes, (n, term) => logOfSum(k, n, term)),
  // dy = <softmax(x), dx>
  linearize: ({ inputs: [x], output: y, params: axes }) => [() => weightedSum(shares(x, y, axes), axes)],
  cost([x], axes) {
    const [size, rows] = [sizeOf(x.shape), sizeOf(dropAxes(x.shape, axes))];
    return addHistograms(softCost(size, rows), timesHistogram(rows, logOfSumCost));
  },
  fixed: ([x], axes) => timesHistogram(sizeOf(dropAxes(x.shape, axes)), { less: 1 }),
  sums: (_inputs, axes) => reducedAxes(axes),
};

/**
 * Logarithm of a sum of exponentials along axes, `y = log Σ exp(x_i)`, without overflow.
 *
 * Special points: when the largest term is infinite `y` is that term, and the derivative is 0: an infinite result does
 * not move. So a row of -Infinity gives -Infinity and 0, never NaN; a row with NaN gives NaN.
 * Cost: n subtractions, n exponentials, n - 1 additions and n - 1 comparisons for n terms, and 1 logarithm.
 *
 * @param x - any shape of reals, not empty along the axes
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist, repeats or is empty; "dtype" for integers
 * @example
 * grad((x) => logSumExp(x))(tensor([0, 0])) // [0.5, 0.5]
 * grad((x) => logSumExp(x))(tensor([-Infinity, -Infinity])) // [0, 0]
 */
export function logSumExp(x: Tensor, options: AxisOptions = {}): Tensor {
  const axes = axesOf("logSumExp", x, options);
  return keepDims(apply(logSumExpPrimitive, [x], axes, options.site), x.shape, axes, options);
}

export const softmaxPrimitive: Primitive<number> = {
  name: "softmax",
  dtype: (inputs) => realDType("softmax", inputs),
  shape: ([x]) => x.shape,
  forward: (k, [x], axis) =>
    rewriteRows(k, x, [axis], (n, term) => {
      const { top, total } = softSum(k, n, term);
      return (i) => k.sum.div(k.sum.exp(k.sum.sub(term(i), top)), total);
    }),
  // dy = y (dx - <y, dx>), a symmetric map
  linearize: ({ output: y, params: axis }) => [
    () => symmetric((v) => scaled(y, sub(v, spread(sum(scaled(y, v), { axes: axis }), y.shape, [axis])))),
  ],
  cost([x], axis) {
    const [size, rows] = [sizeOf(x.shape), sizeOf(dropAxes(x.shape, [axis]))];
    return addHistograms(softCost(size, rows), timesHistogram(size, { sub: 1, exp: 1, div: 1 }));
  },
  sums: (_inputs, axis) => rewrittenAxes([axis]),
};

export const logSoftmaxPrimitive: Primitive<number> = {
  name: "logSoftmax",
  dtype: (inputs) => realDType("logSoftmax", inputs),
  shape: ([x]) => x.shape,
  forward: (k, [x], axis) =>
    rewriteRows(k, x, [axis], (n, term) => {
      const { top, total } = softSum(k, n, term);
      const logTotal = k.sum.log(total);
      return (i) => k.sum.sub(k.sum.sub(term(i), top), logTotal);
    }),
  // dy = dx - <p, dx> with p = exp(y)
  linearize: ({ output: y, params: axis }) => [
    () => {
      const p = exp(y);
      const total = (v: Tensor): Tensor => spread(sum(v, { axes: axis }), y.shape, [axis]);
      return { jvp: (dx) => sub(dx, total(scaled(p, dx))), vjp: (gy) => sub(gy, scaled(p, total(gy))) };
    },
  ],
  cost([x], axis) {
    const [size, rows] = [sizeOf(x.shape), sizeOf(dropAxes(x.shape, [axis]))];
    return addHistograms(softCost(size, rows), timesHistogram(size, { sub: 2 }), timesHistogram(rows, { log: 1 }));
  },
  sums: (_inputs, axis) => rewrittenAxes([axis]),
};

/** Settings of functions along one axis. */
export interface AlongOptions extends SiteOptions {
  /** The axis, counted from the end when negative; the last when absent. */
  readonly axis?: number;
}

/**
 * Probabilities from scores, `y_i = exp(x_i) / Σ exp(x_j)` along one axis, without overflow.
 *
 * A row whose largest score is infinite gives NaN: it has no probabilities.
 * Cost: 2n subtractions, 2n exponentials, n divisions, n - 1 additions and n - 1 comparisons for n scores.
 *
 * @param x - rank 1 to 6, reals
 * @param options - `axis` (last when absent), `site`
 * @returns the shape of `x`
 * @throws AdError "shape" when the axis does not exist; "dtype" for integers
 * @example
 * softmax(tensor([0, 0])) // [0.5, 0.5]
 */
export const softmax = (x: Tensor, { axis = -1, site }: AlongOptions = {}): Tensor =>
  apply(softmaxPrimitive, [x], axisOf("softmax", x, axis), site);

/**
 * Logarithms of probabilities from scores, `y_i = x_i - log Σ exp(x_j)` along one axis, without overflow.
 *
 * Cost: 3n subtractions, n exponentials, n - 1 additions and n - 1 comparisons for n scores, and 1 logarithm.
 *
 * @param x - rank 1 to 6, reals
 * @param options - `axis` (last when absent), `site`
 * @returns the shape of `x`
 * @throws AdError "shape" when the axis does not exist; "dtype" for integers
 * @example
 * logSoftmax(tensor([3])) // [0]
 */
export const logSoftmax = (x: Tensor, { axis = -1, site }: AlongOptions = {}): Tensor =>
  apply(logSoftmaxPrimitive, [x], axisOf("logSoftmax", x, axis), site);

/**
 * Mean negative log-probability of the true classes.
 *
 * Cost: that of {@link logSoftmax}, and a selection and an addition per score.
 *
 * @param scores - `[batch, classes]`, reals
 * @param labels - `[batch]`, `i32`, from 0 to `classes - 1`
 * @param options - `site`
 * @returns a scalar, in nats
 * @throws AdError "shape" when the sizes do not fit; "dtype" when labels are not `i32`; "domain" for a label out of range
 * @example
 * crossEntropy(tensor([[0, 0]]), tensor([1], { dtype: "i32" })) // 0.6931471805599453
 */
export function crossEntropy(scores: Tensor, labels: Tensor, options: SiteOptions = {}): Tensor {
  for (const x of [scores, labels]) checkOperand("crossEntropy", x);
  const [batch, classes] = scores.shape;
  if (scores.shape.length !== 2 || labels.shape.length !== 1 || labels.shape[0] !== batch) {
    const expected = "[batch, classes] and [batch]";
    throw shapeError(
      "crossEntropy",
      "scores and labels do not fit",
      expected,
      [scores.shape, labels.shape],
      "check the batch",
    );
  }
  const isTrueClass = oneHot(labels, classes as number, "bool");
  const logs = logSoftmax(scores, options);
  return neg(mean(sum(where(isTrueClass, logs, 0), { axes: 1 }), options));
}
