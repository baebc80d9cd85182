// The point of least norm in a convex hull.
import { domainError } from "@nonsmooth/ad-core/transforms";
import { type Corral, corralOf, extended, nearestPoint, nearestWeights, subcorral } from "./corral.ts";
import { combination, dot, largestOf, norm, scaledBy, scaleOf, spanOf, timesPower } from "./vectors.ts";

/** Settings of {@link nearestToOrigin}. */
export interface NearestOptions {
  /**
   * Stops at `x` when `<x, p> >= <x, x> - tolerance |x| max |p|` for all points `p`; 2^-50 when absent. It also stops where
   * rounding leaves no way to improve; the laws find no more than 1e-10 missing then.
   */
  readonly tolerance?: number;
}

/** The point nearest to the origin. */
export interface Nearest {
  readonly point: Float64Array;
  /** Convex weights, one for each of the points; those above 0 belong to affinely independent points. */
  readonly weights: Float64Array;
  readonly norm: number;
  /** Points that were taken in. */
  readonly iterations: number;
}

/** A corral with the convex weights of the nearest point of its affine hull. */
interface State {
  readonly corral: Corral;
  readonly weights: readonly number[];
  readonly point: Float64Array;
}

const stateOf = (corral: Corral, weights: readonly number[]): State => ({
  corral,
  weights,
  point: nearestPoint(corral),
});

/** Weights that are negative by no more are 0 but for rounding. */
const smallest = 2 ** -50;

/** Where the way from convex weights to affine ones leaves the hull: how far it is, and which point is left out. */
function exitOf(from: readonly number[], to: readonly number[]): readonly [step: number, place: number] {
  const ratios = to.map((v, i) => (v < -smallest ? (from[i] as number) / ((from[i] as number) - v) : Infinity));
  const place = lowest(ratios, (ratio) => ratio);
  return [ratios[place] as number, place];
}

/** Weights from 0 with sum 1. */
function convex(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, w) => sum + Math.max(0, w), 0);
  return weights.map((w) => Math.max(0, w) / total);
}

/** Goes to the nearest point of the affine hull, and leaves points out until it has convex weights. */
function descended(corral: Corral, start: readonly number[]): State {
  let [current, weights] = [corral, start];
  for (;;) {
    const wanted = nearestWeights(current);
    const [step, place] = exitOf(weights, wanted);
    if (step === Infinity) return stateOf(current, convex(wanted));
    const moved = weights.map((w, i) => w + step * ((wanted[i] as number) - w));
    const kept = [...moved.keys()].filter((i) => i !== place);
    current = subcorral(current, kept);
    weights = convex(kept.map((i) => moved[i] as number));
  }
}

/** The place with the least measure, the first of several. */
function lowest<T>(list: readonly T[], measure: (item: T) => number): number {
  let [best, least] = [0, Infinity];
  list.forEach((item, j) => {
    const value = measure(item);
    if (value < least) [best, least] = [j, value];
  });
  return best;
}

/** Squares of norms that differ by less differ by rounding. */
const slack = 1 + 2 ** -45;

/** The next state, or null where no point promises more than rounding, or rounding has led to a worse one. */
function improved(points: readonly Float64Array[], state: State, allowed: number): State | null {
  const { corral, weights, point } = state;
  const square = dot(point, point);
  const place = lowest(points, (p) => dot(point, p));
  const next = points[place] as Float64Array;
  if (dot(point, next) >= square - allowed * Math.sqrt(square) || corral.places.includes(place)) return null;
  const larger = extended(corral, place, next, 2 ** -44);
  if (!larger) return null;
  const better = descended(larger, [...weights, 0]);
  return dot(better.point, better.point) <= square * slack ? better : null;
}

/** Improves until there is nothing to gain, or the same corral comes back, which only rounding makes possible. */
function settled(points: readonly Float64Array[], allowed: number): readonly [State, number] {
  const start = lowest(points, (p) => dot(p, p));
  let state = stateOf(corralOf(start, points[start] as Float64Array), [1]);
  const seen = new Set<string>();
  for (;;) {
    seen.add(state.corral.places.toSorted((a, b) => a - b).join());
    const better = improved(points, state, allowed);
    if (!better || seen.has(better.corral.places.toSorted((a, b) => a - b).join())) return [state, seen.size];
    state = better;
  }
}

/** Points with entries near 1, in coordinates of their span where they are long, and the way back. */
interface Compact {
  readonly points: readonly Float64Array[];
  widened(point: Float64Array): Float64Array;
}

function compact(points: readonly Float64Array[]): Compact {
  const scale = scaleOf(points.reduce((sofar, p) => Math.max(sofar, largestOf(p)), 0));
  const scaled = points.map((p) => scaledBy(p, scale));
  const length = points[0]?.length ?? 0;
  if (length <= points.length) return { points: scaled, widened: (point) => scaledBy(point, -scale) };
  const { basis, coordinates } = spanOf(scaled);
  return { points: coordinates, widened: (point) => scaledBy(combination(basis, point, length), -scale) };
}

function checkPoints(points: readonly Float64Array[]): void {
  const refuse = (what: string, expected: string, got: unknown, remedy: string): never => {
    throw domainError("nearestToOrigin", what, expected, got, remedy);
  };
  if (points.length === 0) refuse("points", "one or more", "none", "an empty hull has no nearest point");
  for (const p of points)
    for (const v of p) if (!Number.isFinite(v)) refuse("points", "finite numbers", v, "leave out what is not finite");
}

/**
 * The point of least norm in the convex hull of points, by Wolfe's algorithm.
 *
 * The affine problems inside are solved by an orthogonal basis, not by normal equations. So the direction of the point is
 * right up to rounding also where its norm is small beside the points', while `weights` make it up to rounding beside the
 * points. A point that depends on the corral up to rounding is not taken in. Nothing is random.
 * Cost: for each iteration a pass over the points and, with `k` points in the corral, `k^2` operations a coordinate;
 * coordinates are as many as there are points or dimensions, whichever is fewer.
 *
 * @throws AdError "domain" without points, and for numbers that are not finite
 * @see [Wolfe76]
 */
export function nearestToOrigin(points: readonly Float64Array[], options: NearestOptions = {}): Nearest {
  const { tolerance = 2 ** -50 } = options;
  checkPoints(points);
  const { points: short, widened } = compact(points);
  const [state, iterations] = settled(short, tolerance * Math.max(...short.map(norm)));
  const weights = new Float64Array(points.length);
  state.corral.places.forEach((place, i) => {
    weights[place] = state.weights[i] as number;
  });
  const point = widened(state.point);
  const exponent = scaleOf(largestOf(point));
  return { point, weights, norm: timesPower(norm(scaledBy(point, exponent)), -exponent), iterations };
}
