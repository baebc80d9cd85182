// Rows less their mean, divided by their deviation: the record under the normalizations of networks, and its slope.
import { type Arithmetic, addHistograms, type Histogram, timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import { type Inputs, type LinearMap, type Point, type Primitive, realDType } from "../door/primitive.ts";
import { dropAxes } from "../kernels/indices.ts";
import { reduceRows, rewriteRows, sumOf } from "../kernels/reduce.ts";
import { type Shape, sizeOf } from "../tensors/shape.ts";
import type { Tensor, TensorType } from "../tensors/tensor.ts";
import { div, neg, square, sub } from "./arithmetic.ts";
import { scaled } from "./elementary.ts";
import { symmetric } from "./maps.ts";
import { mean } from "./statistics.ts";
import { spread } from "./sum.ts";
import { reducedAxes, rewrittenAxes } from "./summed.ts";

/** Settings of {@link normalizePrimitive}. */
export interface NormalizeParams {
  /** Ascending, counted from the front. */
  readonly axes: readonly number[];
  /** What is added to the variance. */
  readonly epsilon: number;
}

/** What a row is when it is measured from its mean. */
interface Measured<N> {
  readonly distances: ArrayLike<N>;
  /** √(variance + epsilon) */
  readonly deviation: N;
}

/**
 * Distances to the mean, and their size. The first mean is rounded, so a row far from 0 would be measured from a wrong
 * place; the distances themselves are exact there, and their own mean says by how much.
 */
function measure<N>(k: Arithmetic<N>, n: number, term: (i: number) => N, epsilon: number): Measured<N> {
  const meanOf = (read: (i: number) => N): N => k.sum.div(sumOf(k, n, read), k.sum.constant(n));
  const distances = k.allocate(n);
  const read = (i: number): N => distances[i] as N;
  const center = meanOf(term);
  for (let i = 0; i < n; i++) distances[i] = k.sum.sub(term(i), center);
  const shift = meanOf(read);
  for (let i = 0; i < n; i++) distances[i] = k.sum.sub(read(i), shift);
  const variance = meanOf((i) => k.sum.square(read(i)));
  return { distances, deviation: k.sum.sqrt(k.sum.add(variance, k.sum.constant(epsilon))) };
}

/** How many rows there are, and how many elements. Rows of nothing cost nothing. */
function sizesOf(shape: Shape, axes: readonly number[]): { size: number; rows: number } {
  const size = sizeOf(shape);
  return { size, rows: size === 0 ? 0 : sizeOf(dropAxes(shape, axes)) };
}

/** What {@link measure} costs for all rows. */
function measureCost(size: number, rows: number): Histogram {
  const perElement = timesHistogram(size, { sub: 2, square: 1, add: 3 });
  return addHistograms(perElement, timesHistogram(rows, { add: -2, div: 3, sqrt: 1 }));
}

const measureFixed = ([x]: Inputs<TensorType>, { axes }: NormalizeParams): Histogram =>
  timesHistogram(sizesOf(x.shape, axes).rows, { div: 3, add: 1 });

/** The mean along the rows, in each of their places. */
const rowMean = (v: Tensor, { axes }: NormalizeParams): Tensor => spread(mean(v, { axes }), v.shape, axes);

/** `dy = r P dx`, where `P` takes away what `dx` has along the normalized row, and its mean: a symmetric map. */
function slope({ inputs: [x], output: y, params }: Point<NormalizeParams>): LinearMap {
  const r = spread(apply(inverseDeviationPrimitive, [x], params), x.shape, params.axes);
  return symmetric((v) => {
    const across = sub(v, scaled(y, rowMean(scaled(y, v), params)));
    return scaled(r, sub(across, rowMean(across, params)));
  });
}

// y = (x - mean) / √(variance + epsilon)
export const normalizePrimitive: Primitive<NormalizeParams> = {
  name: "normalize",
  dtype: (inputs) => realDType("normalize", inputs),
  shape: ([x]) => x.shape,
  forward: (k, [x], { axes, epsilon }) =>
    rewriteRows(k, x, axes, (n, term) => {
      const { distances, deviation } = measure(k, n, term, epsilon);
      return (i) => k.sum.div(distances[i] as typeof deviation, deviation);
    }),
  linearize: (at) => [() => slope(at)],
  cost([x], { axes }) {
    const { size, rows } = sizesOf(x.shape, axes);
    return addHistograms(measureCost(size, rows), timesHistogram(size, { div: 1 }));
  },
  fixed: measureFixed,
  sums: (_inputs, { axes }) => rewrittenAxes(axes),
};

/** `dr = -r² mean(y dx)`, where `y` is the normalized row. */
function slopeOfInverse({ inputs: [x], output: r, params }: Point<NormalizeParams>): LinearMap {
  const y = apply(normalizePrimitive, [x], params);
  const factor = neg(square(r));
  const { axes } = params;
  const length = axes.reduce((n, axis) => n * (x.shape[axis] as number), 1);
  return {
    jvp: (dx) => scaled(factor, mean(scaled(y, dx), { axes })),
    vjp: (gr) => scaled(y, spread(div(scaled(factor, gr), length), x.shape, axes)),
  };
}

// r = 1 / √(variance + epsilon), NaN for rows of nothing
export const inverseDeviationPrimitive: Primitive<NormalizeParams> = {
  name: "inverseDeviation",
  dtype: (inputs) => realDType("inverseDeviation", inputs),
  shape: ([x], { axes }) => dropAxes(x.shape, axes),
  forward: (k, [x], { axes, epsilon }) =>
    reduceRows(k, x, axes, (n, term) =>
      n === 0 ? k.sum.constant(Number.NaN) : k.sum.inv(measure(k, n, term, epsilon).deviation),
    ),
  linearize: (at) => [() => slopeOfInverse(at)],
  cost([x], { axes }) {
    const { size, rows } = sizesOf(x.shape, axes);
    return addHistograms(measureCost(size, rows), timesHistogram(rows, { inv: 1 }));
  },
  fixed: measureFixed,
  sums: (_inputs, { axes }) => reducedAxes(axes),
};
