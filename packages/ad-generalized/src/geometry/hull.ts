// Whether a point lies in the convex hull of others.
import { exactWeights, signOfDot } from "./exact.ts";
import { combination, dot, largestOf, norm, scaledBy, scaleOf } from "./vectors.ts";
import { nearestToOrigin } from "./wolfe.ts";

/** Settings of {@link inHull}. */
export interface HullOptions {
  /**
   * How far from the hull a point counts as inside, beside the largest entry of the points and of itself, where no exact
   * weights are found; 1e-12 when absent. 0 leaves exact statements only.
   */
  readonly tolerance?: number;
}

/** Where a point lies. */
export type Membership =
  | { readonly kind: "inside"; readonly weights: Float64Array; readonly isExact: boolean; readonly residual: number }
  | { readonly kind: "outside"; readonly direction: Float64Array; readonly gap: number; readonly isExact: true }
  | { readonly kind: "unclear" };

const joined = (a: Float64Array, b: Float64Array): Float64Array => Float64Array.from([...a, ...b]);

/** Whether `<u, v> > <u, p>` for all points, each by an exact sign of `<(u, u), (v, -p)>`. */
function isSeparated(points: readonly Float64Array[], v: Float64Array, direction: Float64Array): boolean {
  const twice = joined(direction, direction);
  return points.every(
    (p) =>
      signOfDot(
        twice,
        joined(
          v,
          p.map((x) => -x),
        ),
      ) === 1,
  );
}

/** Weights of exactly the point, on the points that others have. */
function exactlyInside(points: readonly Float64Array[], v: Float64Array, near: Float64Array): Membership | null {
  const support = points.flatMap((_, j) => (near[j] !== 0 ? [j] : []));
  const exact = exactWeights(
    support.map((j) => points[j] as Float64Array),
    v,
  );
  if (!exact) return null;
  const weights = new Float64Array(points.length);
  support.forEach((j, k) => {
    weights[j] = exact.weights[k] as number;
  });
  return { kind: "inside", weights, isExact: true, residual: 0 };
}

function outside(points: readonly Float64Array[], v: Float64Array, nearest: Float64Array): Membership {
  if (largestOf(nearest) === 0) return { kind: "unclear" };
  const level = scaledBy(nearest, scaleOf(largestOf(nearest)));
  const direction = level.map((x) => -x / norm(level));
  if (!isSeparated(points, v, direction)) return { kind: "unclear" };
  const gap = points.reduce(
    (least, p) =>
      Math.min(
        least,
        dot(
          direction,
          v.map((x, i) => x - (p[i] as number)),
        ),
      ),
    Infinity,
  );
  return { kind: "outside", direction, gap: Math.max(0, gap), isExact: true };
}

/**
 * Whether a point lies in the convex hull of others, by the nearest point of the hull.
 *
 * "inside" comes with convex weights, of affinely independent points: there are fractions that make exactly the point,
 * and these are the doubles next to them, when `isExact`; else the weights miss it by `residual`, which `tolerance` allows:
 * a point that rounding has moved off the hull counts as inside. "outside" comes with a direction of length 1, up to
 * rounding, along which the point is further than all of the others; that is always exact. `gap` is by how much, up to
 * rounding. Where neither could be shown it is "unclear".
 *
 * Cost: that of {@link nearestToOrigin}, and of exact dot products.
 *
 * @throws AdError "domain" without points, and for numbers that are not finite
 */
export function inHull(points: readonly Float64Array[], v: Float64Array, options: HullOptions = {}): Membership {
  const { tolerance = 1e-12 } = options;
  const moved = points.map((p) => p.map((x, i) => x - (v[i] as number)));
  const nearest = nearestToOrigin(moved);
  const exact = exactlyInside(points, v, nearest.weights);
  if (exact) return exact;
  const size = points.reduce((sofar, p) => Math.max(sofar, largestOf(p)), largestOf(v));
  if (nearest.norm > tolerance * size) return outside(points, v, nearest.point);
  const residual = norm(combination(points, nearest.weights, v.length).map((x, i) => x - (v[i] as number)));
  if (residual > tolerance * size) return outside(points, v, nearest.point);
  return { kind: "inside", weights: nearest.weights, isExact: false, residual };
}
