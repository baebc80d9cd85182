// The Bouligand subdifferential: all limits of gradients at a point.
import type { Tensor } from "@nonsmooth/ad-core";
import type { LikeAll } from "@nonsmooth/ad-core/transforms";
import type { Question } from "../derivatives/asked.ts";
import { askLimits, type FoundLimit, type LimitOptions, type Limits, limitsOf } from "../limits/limits.ts";
import { tensorsOf } from "../model/point.ts";

/** A limit of gradients at a point, and how it is reached. */
export interface Limit<Args extends readonly unknown[] = readonly unknown[]> {
  /** A list like the arguments. */
  readonly gradient: LikeAll<Args>;
  /** The gradients at `x + t d + t^2 e` tend to it as t falls to 0: this is d. */
  readonly direction: LikeAll<Args>;
  /** And this is e; null for a straight line. */
  readonly bend: LikeAll<Args> | null;
}

/** What was found out about the limits of gradients at a point. */
export interface Bouligand<Args extends readonly unknown[] = readonly unknown[]> {
  readonly value: number;
  /** Whether these are all. */
  readonly complete: boolean;
  readonly found: readonly Limit<Args>[];
  /** Gradients that may be limits too: no line or curve was seen to reach them, and nothing rules them out. */
  readonly undecided: readonly LikeAll<Args>[];
  /**
   * Why some may be missing: `limit`, more ways to take branches than were to be looked at; `curved`, kinks whose order near
   * by does not follow from their slopes; `ball`, a Euclidean norm at 0, which has a limit for each direction.
   */
  readonly reason: "limit" | "curved" | "ball" | null;
  /** `exact` when nothing was rounded and every step was verified in whole numbers. */
  readonly arithmetic: "exact" | "numerical";
  /** Numbers that differ by no more were taken as equal. */
  readonly tolerance: number;
  /** Places at which branches tie, ways looked at, linear programs solved, and how many of these ruled something out. */
  readonly counts: {
    readonly switches: number;
    readonly nodes: number;
    readonly programs: number;
    readonly refuted: number;
  };
  /** What all this amounts to, in words. */
  readonly claim: string;
}

/** Entries as a list like the arguments. */
export const built = <Args extends readonly unknown[]>(
  { form, leaves }: Question,
  entries: Float64Array,
): LikeAll<Args> => form.build(tensorsOf(leaves, entries)) as LikeAll<Args>;

/** A limit as trees. */
export const limitOf = <Args extends readonly unknown[]>(
  question: Question,
  { gradient, curve: { direction, bend } }: FoundLimit,
): Limit<Args> => ({
  gradient: built<Args>(question, gradient),
  direction: built<Args>(question, direction),
  bend: bend.every((v) => v === 0) ? null : built<Args>(question, bend),
});

const reasons = {
  limit: "the limit was reached before all ways to take branches were looked at",
  curved: "for some ways to take branches it is open whether points near by take them, because their kinks are curved",
  ball: "a Euclidean norm is 0 here and has a limit for each direction",
} as const;

/** What a search amounts to: which of the limits these are, and how far that can be relied on. */
export function claimOf({ reason, isExact, question: { tolerance } }: Limits): string {
  if (tolerance > 0) return `nothing for this point: numbers within ${tolerance} were taken as equal`;
  const known = reason === null ? "all limits of gradients" : `some limits of gradients: ${reasons[reason]}`;
  return isExact ? known : `${known}; up to rounding`;
}

/** What a search found, as trees. */
export function bouligandOf<Args extends readonly unknown[]>(limits: Limits): Bouligand<Args> {
  const { question, model, found, open, reason, isExact, counts } = limits;
  return {
    value: model.value,
    complete: reason === null,
    found: found.map((limit) => limitOf<Args>(question, limit)),
    undecided: open.map((gradient) => built<Args>(question, gradient)),
    reason,
    arithmetic: isExact ? "exact" : "numerical",
    tolerance: question.tolerance,
    counts: { switches: model.switches.length, ...counts },
    claim: claimOf(limits),
  };
}

/**
 * All limits of gradients of a scalar function at a point: the Bouligand subdifferential, whose convex hull is Clarke's.
 *
 * One run records the function with its kinks open; where branches tie, each way to take them is a node of a search, and a
 * way that no point near by takes is ruled out by a linear program. Kinks that depend on each other are therefore taken
 * together: `abs(x) - abs(x)` has the one limit 0. Where kinks are curved, slopes alone rule nothing out: then points along
 * curves are tried, and what stays open is said. The subdifferential is that with respect to all real arguments together.
 *
 * Finding a second limit is NP-hard in general, so the search may take exponentially many steps; `limit` bounds them.
 * With `tolerance` above 0 numbers that rounding has moved apart tie again, and nothing is promised for this point.
 * Cost: two runs; one backward sweep for each branch that ties; for each node at most two linear programs.
 *
 * @param f - returns one scalar of a real dtype
 * @param args - the arguments, in a list
 * @param options - `limit` of the search (10,000), `tolerance` of ties (0), `seed` of the directions that are tried (0)
 * @returns a promise of the limits found, with directions that show them, whether they are all, and why not
 * @throws AdError as `clarkeElement`
 * @see [BBPP23] why it is hard; [Gri13] the piecewise linear model
 * @example
 * const { complete, found } = await bouligand((x) => abs(x), [tensor(0)]);
 * complete // true
 * found.map(({ gradient }) => gradient[0].data[0]) // [-1, 1]
 */
export async function bouligand<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  options: LimitOptions = {},
): Promise<Bouligand<Args>> {
  const limits = await limitsOf(askLimits("bouligand", f, args, options), options);
  return bouligandOf<Args>(limits);
}
