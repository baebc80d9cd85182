// The Clarke subdifferential where Euclidean norms are 0 and nothing else ties: a sum of images of balls.

import type { Membership } from "../geometry/hull.ts";
import { combination, dot, norm, spanOf } from "../geometry/vectors.ts";
import { nearestToOrigin } from "../geometry/wolfe.ts";
import type { Model } from "../model/model.ts";

/** All `center + sum_k c_k R_k' w_k` with `|w_k| <= 1`: `rows` has the `c_k R_k`. */
export interface Ball {
  readonly center: Float64Array;
  readonly rows: readonly (readonly Float64Array[])[];
}

/**
 * The set, where it is known to be this one: no other kink, and norms whose vectors move independently of each other, so
 * that every choice of unit vectors is that of some direction. Null otherwise.
 */
export function ballOf({ balls, switches, row, output }: Model): Ball | null {
  const { inputs: center, variables } = row(output);
  const rows = balls.map(({ cells, variable }) => {
    const c = variables.get(variable) ?? 0;
    return { c, own: cells.map((cell) => row(cell)) };
  });
  const bare = rows.every(({ own }) => own.every((one) => one.variables.size === 0));
  const all = rows.flatMap(({ own }) => own.map(({ inputs }) => inputs));
  if (switches.length > 0 || !bare || spanOf(all).basis.length < all.length) return null;
  return { center, rows: rows.map(({ c, own }) => own.map(({ inputs }) => inputs.map((v) => c * v))) };
}

/** The element that reaches furthest along a direction. */
function furthest({ center, rows }: Ball, direction: Float64Array): Float64Array {
  const total = Float64Array.from(center);
  for (const own of rows) {
    const along = own.map((row) => dot(row, direction));
    const length = norm(Float64Array.from(along));
    if (length === 0) continue;
    own.forEach((row, i) => {
      row.forEach((v, j) => {
        total[j] = (total[j] as number) + ((along[i] as number) / length) * v;
      });
    });
  }
  return total;
}

const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, i) => v - (b[i] as number));

/** Rounds of the search, what counts as 0 beside the size of the set, and what as rounding of products. */
const [rounds, close, rounding] = [400, 2 ** -36, 2 ** -46];

/** The element that is nearest to a vector, up to rounding; null when the search did not end. */
export function nearestElement(ball: Ball, v: Float64Array): Float64Array | null {
  const points = [minus(furthest(ball, v), v)];
  for (let round = 0; round < rounds; round++) {
    const { point } = nearestToOrigin(points);
    const next = minus(
      furthest(
        ball,
        point.map((x) => -x),
      ),
      v,
    );
    const size = Math.max(norm(next), norm(point), Number.MIN_VALUE);
    if (norm(point) <= close * size || dot(point, point) - dot(point, next) <= rounding * norm(point) * size)
      return point.map((x, i) => x + (v[i] as number));
    points.push(next);
  }
  return null;
}

/** Where a vector lies. */
export function nearestInBall(ball: Ball, v: Float64Array): Membership {
  const nearest = nearestElement(ball, v);
  if (!nearest) return { kind: "unclear" };
  const away = minus(v, nearest);
  const gap = norm(away);
  const size = norm(v) + ball.rows.flat().reduce((total, row) => total + norm(row), 0);
  if (gap <= 2 ** -30 * size) return { kind: "inside", weights: new Float64Array(0), isExact: false, residual: gap };
  return { kind: "outside", direction: combination([away], Float64Array.of(1 / gap), v.length), gap, isExact: true };
}
