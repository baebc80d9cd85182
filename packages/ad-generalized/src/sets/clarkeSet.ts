// One search for all that is asked of a Clarke subdifferential.
import type { Tensor } from "@nonsmooth/ad-core";
import type { LikeAll } from "@nonsmooth/ad-core/transforms";
import { askLimits, type LimitOptions, limitsOf } from "../limits/limits.ts";
import { type Bouligand, bouligandOf } from "./bouligand.ts";
import { type Membership, membershipOf } from "./membership.ts";
import { type MinimumNorm, minimumNormOf } from "./minimumNorm.ts";

/** A Clarke subdifferential, as far as a search found it out. */
export interface ClarkeSet<Args extends readonly unknown[] = readonly unknown[]> {
  /** The limits of gradients whose convex hull it is, as `bouligand` returns them. */
  readonly limits: Bouligand<Args>;
  /** Whether a list like the arguments is an element, as `isClarke` decides it. */
  member(v: LikeAll<Args>): Membership<Args>;
  /** The element of least norm, as `minimumNormSubgradient` returns it. */
  minimumNorm(): MinimumNorm<Args>;
}

/**
 * The Clarke subdifferential of a scalar function at a point, to be asked several things after one search.
 *
 * Cost: that of `bouligand`; each question after it takes a point of least norm in a hull.
 *
 * @param f - returns one scalar of a real dtype
 * @param args - the arguments, in a list
 * @param options - as for `bouligand`
 * @returns a promise of the set
 * @throws AdError as `bouligand`
 * @example
 * const set = await clarkeSet((x) => abs(x), [tensor(0)]);
 * set.limits.complete // true
 * set.member([tensor(0.5)]).verdict // "member"
 * set.minimumNorm().norm // 0
 */
export async function clarkeSet<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  options: LimitOptions = {},
): Promise<ClarkeSet<Args>> {
  const limits = await limitsOf(askLimits("clarkeSet", f, args, options), options);
  return {
    limits: bouligandOf<Args>(limits),
    member: (v) => membershipOf<Args>(limits, v),
    minimumNorm: () => minimumNormOf<Args>(limits),
  };
}
