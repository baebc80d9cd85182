// The largest and the smallest element along axes.
import { timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import type { Primitive } from "../door/primitive.ts";
import { dropAxes } from "../kernels/indices.ts";
import { reduceInOrder, reduceRows } from "../kernels/reduce.ts";
import { uniform } from "../selections/selection.ts";
import { sizeOf } from "../tensors/shape.ts";
import type { Tensor } from "../tensors/tensor.ts";
import { neg } from "./arithmetic.ts";
import { concatenate } from "./concatenate.ts";
import { type AxisOptions, axesOf, axisOf, keepDims, type SiteOptions } from "./options.ts";
import { reducedShape, rowsBack, rowsLast, weightedSum } from "./rows.ts";

/** A record for the extreme element along axes, under a name of its own. */
const extremum = (name: string, order: "max" | "min"): Primitive<readonly number[]> => ({
  name,
  shape: (inputs, axes) => reducedShape(name, inputs[0], axes),
  forward: (k, [x], axes) =>
    reduceRows(k, x, axes, (n, term) => reduceInOrder(n, term, order === "max" ? k.sum.maximum : k.sum.minimum)),
  kink: {
    type: "tie",
    along: true,
    default: uniform,
    order: () => order,
    branches: ([x], axes) => [rowsLast(x, axes)],
  },
  // y moves as the weighted sum of the branches that tie
  linearize: (at) => [
    () => {
      const [x] = at.inputs;
      return weightedSum(rowsBack(at.weights([1]), x.shape, at.params), at.params);
    },
  ],
  cost: ([x], axes) => {
    const rows = sizeOf(dropAxes(x.shape, axes));
    return timesHistogram(sizeOf(x.shape) - rows, order === "max" ? { maximum: 1 } : { minimum: 1 });
  },
});

export const maxPrimitive: Primitive<readonly number[]> = extremum("max", "max");
export const minPrimitive: Primitive<readonly number[]> = extremum("min", "min");
export const normInfPrimitive: Primitive<readonly number[]> = extremum("normInf", "max");

function reduceBy(primitive: Primitive<readonly number[]>, x: Tensor, options: AxisOptions): Tensor {
  const axes = axesOf(primitive.name, x, options);
  return keepDims(apply(primitive, [x], axes, options.site), x.shape, axes, options);
}

/**
 * The largest element along axes. NaN wins.
 *
 * Kink: where several elements tie. Branches are the elements in row-major order; the default `uniform` gives equal
 * shares, the minimum-norm subgradient.
 * Cost: n - 1 comparisons for n elements.
 *
 * @param x - any shape, not empty along the axes
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist, repeats or is empty
 * @example
 * max(tensor([[1, 5], [7, 3]]), { axes: 1 }) // [5, 7]
 * grad((x) => max(x))(tensor([2, 2, 1])) // [0.5, 0.5, 0]
 */
export const max = (x: Tensor, options: AxisOptions = {}): Tensor => reduceBy(maxPrimitive, x, options);

/**
 * The smallest element along axes. NaN wins.
 *
 * Kink: where several elements tie. Branches are the elements in row-major order; the default `uniform` gives equal
 * shares, the minimum-norm supergradient.
 * Cost: n - 1 comparisons for n elements.
 *
 * @param x - any shape, not empty along the axes
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist, repeats or is empty
 * @example
 * min(tensor([[1, 5], [7, 3]]), { axes: 1 }) // [1, 3]
 */
export const min = (x: Tensor, options: AxisOptions = {}): Tensor => reduceBy(minPrimitive, x, options);

/**
 * The maximum norm along axes, `max |x_i|`.
 *
 * Kink: where several of `-x_1 ... -x_n, x_1 ... x_n`, the branches in this order, tie at the largest value; the
 * default `uniform` gives 0 at the origin.
 * Cost: n negations and 2n - 1 comparisons for n elements.
 *
 * @param x - any shape of reals, not empty along the axes
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist, repeats or is empty
 * @example
 * grad((x) => normInf(x))(tensor([3, -3])) // [0.5, -0.5]
 */
export function normInf(x: Tensor, options: AxisOptions = {}): Tensor {
  const axes = axesOf("normInf", x, options);
  const rows = rowsLast(x, axes);
  const both = concatenate([neg(rows), rows], -1);
  return keepDims(apply(normInfPrimitive, [both], [both.shape.length - 1], options.site), x.shape, axes, options);
}

/** Settings of a search along one axis. */
export interface SearchOptions extends SiteOptions {
  /** One axis, counted from the end when negative. */
  readonly axis: number;
}

const search = (name: string, order: "max" | "min"): Primitive<number> => ({
  name,
  kink: { type: "jump", along: true, order: () => order, branches: ([x], axis) => [rowsLast(x, [axis])] },
  dtype: () => "i32",
  shape: (inputs, axis) => reducedShape(name, inputs[0], [axis]),
  forward: (k, [x], axis) =>
    reduceRows(k, x, [axis], (n, term) => {
      let best = 0;
      for (let i = 1; i < n; i++) if (isBetter(k.read(term(i)), k.read(term(best)), order)) best = i;
      return k.sum.constant(best);
    }),
  linearize: () => [null],
  cost: ([x], axis) => timesHistogram(sizeOf(x.shape) - sizeOf(dropAxes(x.shape, [axis])), { less: 1 }),
});

/** NaN is better than everything but another NaN. */
const isBetter = (a: number, b: number, order: "max" | "min"): boolean =>
  (order === "max" ? a > b : a < b) || (Number.isNaN(a) && !Number.isNaN(b));

export const argmaxPrimitive: Primitive<number> = search("argmax", "max");
export const argminPrimitive: Primitive<number> = search("argmin", "min");

/**
 * Index of the largest element along an axis: of the first one when several tie, of the first NaN when there is one.
 *
 * Jump: at ties. The result carries no derivative.
 * Cost: n - 1 comparisons for n elements.
 *
 * @param x - rank 1 to 6, not empty along the axis
 * @param options - `axis`, `site`
 * @returns the shape of `x` without the axis, `i32`
 * @throws AdError "shape" when the axis does not exist or is empty
 * @example
 * argmax(tensor([1, 7, 7]), { axis: 0 }) // 1
 */
export const argmax = (x: Tensor, options: SearchOptions): Tensor =>
  apply(argmaxPrimitive, [x], axisOf("argmax", x, options?.axis), options?.site);

/**
 * Index of the smallest element along an axis: of the first one when several tie, of the first NaN when there is one.
 *
 * Jump: at ties. The result carries no derivative.
 * Cost: n - 1 comparisons for n elements.
 *
 * @param x - rank 1 to 6, not empty along the axis
 * @param options - `axis`, `site`
 * @returns the shape of `x` without the axis, `i32`
 * @throws AdError "shape" when the axis does not exist or is empty
 * @example
 * argmin(tensor([4, 1, 7]), { axis: 0 }) // 1
 */
export const argmin = (x: Tensor, options: SearchOptions): Tensor =>
  apply(argminPrimitive, [x], axisOf("argmin", x, options?.axis), options?.site);
