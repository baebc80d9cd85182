// Order statistics: sorted rows and medians.
import { type Histogram, timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import { type LinearMap, numericDType, type Primitive, realDType } from "../door/primitive.ts";
import { checkSettings } from "../errors/messages.ts";
import { dropAxes } from "../kernels/indices.ts";
import { comparisons, medianOf, sortRows } from "../kernels/ranks.ts";
import { reduceRows } from "../kernels/reduce.ts";
import { first } from "../selections/selection.ts";
import { type Shape, sizeOf } from "../tensors/shape.ts";
import type { Tensor, TensorType } from "../tensors/tensor.ts";
import { neg } from "./arithmetic.ts";
import { cast } from "./conversions.ts";
import { scaled } from "./elementary.ts";
import { gather, scatterAdd } from "./gather.ts";
import { fill } from "./operands.ts";
import { type AxisOptions, axesOf, axisOf, keepDims, type SiteOptions } from "./options.ts";
import { reshape } from "./reshape.ts";
import { reducedShape, rowsBack, rowsLast, weightedSum } from "./rows.ts";
import { broadcastTo, sum } from "./sum.ts";

/** Rows whose elements are put into an order: a move, and back. */
const reordering = (order: Tensor): LinearMap => ({
  jvp: (rows) => gather(reshape(rows, [-1]), order),
  vjp: (rows) => {
    const nothing = fill(0, [sizeOf(rows.shape)], rows.dtype);
    return reshape(scatterAdd(nothing, order, rows), rows.shape);
  },
});

/** Rows whose places mix elements, by weights [rows, places, elements]. */
function mixing(weights: Tensor, shape: Shape): LinearMap {
  const [count, width] = weights.shape as [number, number, number];
  const along = (rows: Tensor, axis: 1 | 2): Tensor =>
    broadcastTo(reshape(rows, axis === 1 ? [count, width, 1] : [count, 1, width]), weights.shape);
  return {
    jvp: (rows) => reshape(sum(scaled(weights, along(rows, 2)), { axes: 2 }), shape),
    vjp: (rows) => reshape(sum(scaled(weights, along(rows, 1)), { axes: 1 }), shape),
  };
}

/** A map of rows as a map of tensors whose rows lie along an axis. */
const onAxis = (map: LinearMap, shape: Shape, axis: number): LinearMap => ({
  jvp: (dx) => rowsBack(map.jvp(rowsLast(dx, [axis])), shape, [axis]),
  vjp: (gy) => rowsBack(map.vjp(rowsLast(gy, [axis])), shape, [axis]),
});

/** Comparisons of a sort by merging. */
const sortingCost = (x: TensorType, axes: readonly number[]): Histogram => {
  const rows = sizeOf(dropAxes(x.shape, axes));
  return rows === 0 ? {} : timesHistogram(rows, { less: comparisons(sizeOf(x.shape) / rows) });
};

export const sortPrimitive: Primitive<number> = {
  name: "sort",
  dtype: (inputs) => numericDType("sort", inputs),
  shape: ([x]) => x.shape,
  forward: (k, [x], axis) => sortRows(k, x, axis),
  kink: {
    type: "tie",
    along: true,
    default: first,
    order: () => "sort",
    branches: ([x], axis) => [rowsLast(x, [axis])],
  },
  // each place moves as the elements that tie there
  linearize: (at) => [
    () => {
      const [{ shape }, axis] = [at.inputs[0], at.params];
      const order = at.permutation();
      const rows = [...dropAxes(shape, [axis]), shape[axis] as number];
      return onAxis(order ? reordering(order) : mixing(at.weights([1]), rows), shape, axis);
    },
  ],
  cost: ([x], axis) => sortingCost(x, [axis]),
};

/** Settings of {@link sort}. */
export interface SortOptions extends SiteOptions {
  /** One axis, counted from the end when negative; the last when absent. */
  readonly axis?: number;
  /** From the largest to the smallest; elements that tie stay in their order all the same, and NaN stands last. */
  readonly descending?: boolean;
}

/**
 * The elements along an axis in ascending order. Elements that tie stay in their order, -0 and +0 tie, NaN stands last.
 *
 * Kink: where elements tie. Branches are the elements along the axis, with `descending` the negated ones, and each place
 * of the result has weights of its own: those of the elements that tie there, shifted cyclically from one of their places
 * to the next, so that every element is dealt out once. The default `first` is the order of a stable sort, `uniform` the
 * mean of all orders.
 * Cost: n ⌈log2 n⌉ comparisons for n elements, the most that a merge sort needs; with `descending` 2n negations more. The
 * derivative takes n moves or additions under a selection that picks one element, and n² products under one that mixes.
 *
 * @param x - numbers, rank 1 to 6
 * @param options - `axis` (the last when absent), `descending`, `site`
 * @returns the shape of `x`
 * @throws AdError "shape" when the axis does not exist; "dtype" for booleans; "domain" for a setting that it does not know
 * @example
 * sort(tensor([3, 1, 2])) // [1, 2, 3]
 * sort(tensor([3, NaN, 4]), { descending: true }) // [4, 3, NaN]
 * grad((x) => sum(mul(sort(x), tensor([1, 10, 100]))))(tensor([5, 5, 3])) // [10, 100, 1]
 */
export function sort(x: Tensor, options: SortOptions = {}): Tensor {
  const axis = axisOf("sort", x, options?.axis ?? -1);
  checkSettings("sort", options, ["axis", "descending", "site"]);
  numericDType("sort", [x]);
  if (!options.descending) return apply(sortPrimitive, [x], axis, options.site);
  // the least integer has no negative of its own dtype
  const wide = x.dtype === "i32" ? cast(x, "f64") : x;
  return cast(neg(apply(sortPrimitive, [neg(wide)], axis, options.site)), x.dtype);
}

export const medianPrimitive: Primitive<readonly number[]> = {
  name: "median",
  dtype: (inputs) => realDType("median", inputs),
  shape: ([x], axes) => reducedShape("median", x, axes),
  forward: (k, [x], axes) => reduceRows(k, x, axes, (n, term) => medianOf(k, n, term)),
  kink: {
    type: "tie",
    along: true,
    default: first,
    order: () => "median",
    branches: ([x], axes) => [rowsLast(x, axes)],
  },
  // y moves as the weighted sum of the elements in the middle
  linearize: (at) => [
    () => {
      const [x] = at.inputs;
      return weightedSum(rowsBack(at.weights([1]), x.shape, at.params), at.params);
    },
  ],
  cost: ([x], axes) => ({ ...sortingCost(x, axes), ...timesHistogram(evenRows(x, axes), { add: 1, mul: 1 }) }),
  fixed: ([x], axes) => timesHistogram(evenRows(x, axes), { mul: 1 }),
};

/** How many rows of even length there are. */
function evenRows({ shape }: TensorType, axes: readonly number[]): number {
  const rows = sizeOf(dropAxes(shape, axes));
  return (sizeOf(shape) / rows) % 2 === 0 ? rows : 0;
}

/**
 * The element in the middle along axes, for an even number of elements half the sum of the two in the middle, as NumPy
 * has it. NaN wins.
 *
 * Kink: where the element in the middle ties with others. Branches are the elements in row-major order; the default
 * `first` takes the first of those that tie. With an even number of elements each of the two in the middle has half of
 * the weights; two that tie with each other alone get half each, for there is no kink there.
 * Cost: n ⌈log2 n⌉ comparisons for n elements, the most that a merge sort needs; for even n 1 addition and 1
 * multiplication.
 *
 * @param x - any shape of reals, not empty along the axes
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist, repeats or is empty; "dtype" for integers and booleans
 * @example
 * median(tensor([[1, 5, 3], [9, 7, 7]]), { axes: 1 }) // [3, 7]
 * median(tensor([4, 1, 2, 8])) // 3
 * grad((x) => median(x), { select: { median: uniform } })(tensor([2, 1, 2])) // [0.5, 0, 0.5]
 */
export function median(x: Tensor, options: AxisOptions = {}): Tensor {
  const axes = axesOf("median", x, options);
  return keepDims(apply(medianPrimitive, [x], axes, options.site), x.shape, axes, options);
}
