// The element of least norm of the Clarke subdifferential.
import type { Tensor } from "@nonsmooth/ad-core";
import type { LikeAll } from "@nonsmooth/ad-core/transforms";
import { norm } from "../geometry/vectors.ts";
import { nearestToOrigin } from "../geometry/wolfe.ts";
import { askLimits, type LimitOptions, type Limits, limitsOf } from "../limits/limits.ts";
import { ballOf, nearestElement } from "./ball.ts";
import { type Bouligand, built, claimOf, type Limit, limitOf } from "./bouligand.ts";

/** The element of least norm, or the one of least norm among the elements that were found. */
export interface MinimumNorm<Args extends readonly unknown[] = readonly unknown[]> {
  readonly value: number;
  /** A list like the arguments; the function falls along its negative, unless it is 0. */
  readonly gradient: LikeAll<Args>;
  readonly norm: number;
  /** Limits of gradients and the convex weights that make it; empty at a norm that is 0. */
  readonly mixture: readonly { readonly weight: number; readonly limit: Limit<Args> }[];
  /** Whether it is the least of all elements. */
  readonly complete: boolean;
  readonly reason: Bouligand["reason"];
  readonly tolerance: number;
  /** What all this amounts to, in words. */
  readonly claim: string;
}

/** The nearest element, with its weights on the limits that were found; of a ball without them. */
function nearest({ model, found, reason }: Limits) {
  const ball = reason === "ball" ? ballOf(model) : null;
  const inBall = ball && nearestElement(ball, new Float64Array(model.size));
  if (inBall) return { point: inBall, weights: new Float64Array(found.length), complete: true };
  const { point, weights } = nearestToOrigin(found.map(({ gradient }) => gradient));
  return { point, weights, complete: reason === null };
}

/** The least of what a search found. */
export function minimumNormOf<Args extends readonly unknown[]>(limits: Limits): MinimumNorm<Args> {
  const { question } = limits;
  const { point, weights, complete } = nearest(limits);
  const mixture = limits.found.flatMap((limit, i) => {
    const weight = weights[i] as number;
    return weight > 0 ? [{ weight, limit: limitOf<Args>(question, limit) }] : [];
  });
  const { tolerance } = question;
  const said = complete ? "the element of least norm, up to rounding" : `an element; ${claimOf(limits)}`;
  return {
    value: limits.model.value,
    gradient: built<Args>(question, point),
    norm: norm(point),
    mixture,
    complete,
    reason: limits.reason,
    tolerance,
    claim: tolerance > 0 ? claimOf(limits) : said,
  };
}

/**
 * The element of least norm of the Clarke subdifferential of a scalar function. It is 0 exactly at stationary points;
 * elsewhere the function falls along its negative at least as fast as its norm says.
 *
 * Computed up to rounding by Wolfe's algorithm from all limits of gradients, as `bouligand` finds them. Where some may be
 * missing, `complete` is false and it is the least of those that were found, which is an element all the same.
 * Cost: that of `bouligand`, and of one point of least norm in a hull.
 *
 * @param f - returns one scalar of a real dtype
 * @param args - the arguments, in a list
 * @param options - `limit` of the search (10,000), `tolerance` of ties (0), `seed` of the directions (0)
 * @returns a promise of the element, its norm, and the limits that it is mixed from
 * @throws AdError as `bouligand`
 * @see [Wolfe76] the algorithm
 * @example
 * const f = (x) => max(x);
 * const { gradient } = await minimumNormSubgradient(f, [tensor([0, 0])]);
 * Array.from(gradient[0].data, (v) => v.toFixed(9)) // ["0.500000000", "0.500000000"]
 */
export async function minimumNormSubgradient<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  options: LimitOptions = {},
): Promise<MinimumNorm<Args>> {
  return minimumNormOf<Args>(await limitsOf(askLimits("minimumNormSubgradient", f, args, options), options));
}
