// Norms along axes.
import { addHistograms, timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import { type Point, type Primitive, realDType } from "../door/primitive.ts";
import { core } from "../elementary/core.ts";
import { dropAxes, keepAxes } from "../kernels/indices.ts";
import { reduceRows, sumOf } from "../kernels/reduce.ts";
import { atZero } from "../selections/selection.ts";
import { sizeOf } from "../tensors/shape.ts";
import type { Tensor } from "../tensors/tensor.ts";
import { div } from "./arithmetic.ts";
import { equal } from "./comparisons.ts";
import { elementaryPrimitive } from "./elementary.ts";
import { type AxisOptions, axesOf, keepDims } from "./options.ts";
import { reshape } from "./reshape.ts";
import { rowsBack, rowsLast, weightedSum } from "./rows.ts";
import { broadcastTo, spread, sum } from "./sum.ts";
import { reducedAxes } from "./summed.ts";
import { where } from "./where.ts";

export const norm1Primitive: Primitive<null> = elementaryPrimitive<null>("norm1", () => core.abs, null);

/**
 * The sum of absolute values along axes.
 *
 * Kink: where an element is 0. Branches there are `[-x, x]`; the default `uniform` gives derivative 0.
 * Cost: n comparisons and n - 1 additions for n elements.
 *
 * @param x - any shape of reals
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist or repeats; "dtype" for integers
 * @example
 * grad((x) => norm1(x))(tensor([3, 0, -2])) // [1, 0, -1]
 */
export const norm1 = (x: Tensor, options: AxisOptions = {}): Tensor =>
  sum(apply(norm1Primitive, [x], null, options.site), options);

/** The gradient of the norm: `x / |x|`, and at 0 the vector that was chosen for all rows or for each. */
function direction(at: Point<readonly number[]>): Tensor {
  const [[x], y, axes] = [at.inputs, at.output, at.params];
  const isZero = equal(y, 0);
  const length = axes.reduce((n, axis) => n * (x.shape[axis] as number), 1);
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? n : 1));
  const chosen = at.vectorAtZero(length);
  const isForAll = chosen.shape.length === 1;
  const vector = isForAll ? broadcastTo(reshape(chosen, kept), x.shape) : rowsBack(chosen, x.shape, axes);
  const safe = spread(where(isZero, 1, y), x.shape, axes);
  return where(broadcastTo(reshape(isZero, keepAxes(x.shape, axes)), x.shape), vector, div(x, safe));
}

/** The record of a Euclidean norm along axes. What is a norm of its own to users has a name of its own. */
export const euclideanPrimitive = (name: string): Primitive<readonly number[]> => ({
  name,
  dtype: (inputs) => realDType(name, inputs),
  shape: ([x], axes) => dropAxes(x.shape, axes),
  forward: (k, [x], axes) => reduceRows(k, x, axes, (n, term) => k.sum.sqrt(sumOf(k, n, (i) => k.sum.square(term(i))))),
  kink: { type: "point", default: atZero("zero"), rows: ([x], axes) => rowsLast(x, axes) },
  // dy = <x / |x|, dx>
  linearize: (at) => [() => weightedSum(direction(at), at.params)],
  cost([x], axes) {
    const [size, rows] = [sizeOf(x.shape), sizeOf(dropAxes(x.shape, axes))];
    const sums = timesHistogram(Math.max(0, size - rows), { add: 1 });
    return addHistograms(timesHistogram(size, { square: 1 }), sums, timesHistogram(rows, { sqrt: 1 }));
  },
  sums: (_inputs, axes) => reducedAxes(axes),
});

export const norm2Primitive: Primitive<readonly number[]> = euclideanPrimitive("norm2");

/**
 * The Euclidean norm along axes, `y = √(x_1² + ... + x_n²)`.
 *
 * Kink: where all elements are 0 (or so small that their squares are). The derivative there is the vector of the
 * selection, `atZero("zero")` unless chosen otherwise; never NaN. Its own derivative is 0 there.
 * Cost: n squares, n - 1 additions and 1 root for n elements.
 *
 * @param x - any shape of reals
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist or repeats; "dtype" for integers
 * @example
 * norm2(tensor([3, 4])) // 5
 * grad((x) => norm2(x))(tensor([0, 0])) // [0, 0]
 */
export function norm2(x: Tensor, options: AxisOptions = {}): Tensor {
  const axes = axesOf("norm2", x, options);
  return keepDims(apply(norm2Primitive, [x], axes, options.site), x.shape, axes, options);
}
