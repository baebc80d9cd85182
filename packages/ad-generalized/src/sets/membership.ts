// Whether a vector is in the Clarke subdifferential.
import type { Tensor } from "@nonsmooth/ad-core";
import { filled, flattenLike, type LikeAll } from "@nonsmooth/ad-core/transforms";
import type { Question } from "../derivatives/asked.ts";
import { inHull, type Membership as Place } from "../geometry/hull.ts";
import { askLimits, type FoundLimit, type LimitOptions, type Limits, limitsOf } from "../limits/limits.ts";
import { entriesOf } from "../model/point.ts";
import { ballOf, nearestInBall } from "./ball.ts";
import { type Bouligand, built, claimOf, type Limit, limitOf } from "./bouligand.ts";

/** Whether a vector is an element of the Clarke subdifferential, with what shows it. */
export interface Membership<Args extends readonly unknown[] = readonly unknown[]> {
  readonly verdict: "member" | "not a member" | "undecided";
  /** For a member: limits of gradients and convex weights that make it; empty where a norm at 0 was decided otherwise. */
  readonly mixture: readonly { readonly weight: number; readonly limit: Limit<Args> }[];
  /** For what is no member: a direction along which it is larger than all elements, by `gap` when the direction has length 1. */
  readonly direction: LikeAll<Args> | null;
  readonly gap: number | null;
  /** Why it is undecided, or only decided by what was found, as in {@link Bouligand}. */
  readonly reason: Bouligand["reason"];
  readonly arithmetic: "exact" | "numerical";
  readonly tolerance: number;
  /** What all this amounts to, in words. */
  readonly claim: string;
}

/** A verdict before it is put into words. */
type Verdict<Args extends readonly unknown[]> = Pick<Membership<Args>, "verdict" | "mixture" | "direction" | "gap"> & {
  readonly isExact: boolean;
};

const nothing = { mixture: [], direction: null, gap: null } as const;

function inside<Args extends readonly unknown[]>(
  question: Question,
  found: readonly FoundLimit[],
  { weights, isExact }: Extract<Place, { kind: "inside" }>,
): Verdict<Args> {
  const mixture = found.flatMap((limit, i) => {
    const weight = weights[i] as number;
    return weight > 0 ? [{ weight, limit: limitOf<Args>(question, limit) }] : [];
  });
  return { ...nothing, verdict: "member", mixture, isExact };
}

const outside = <Args extends readonly unknown[]>(
  question: Question,
  { direction, gap, isExact }: Extract<Place, { kind: "outside" }>,
): Verdict<Args> => ({
  ...nothing,
  verdict: "not a member",
  direction: built<Args>(question, direction),
  gap,
  isExact,
});

const undecided = { ...nothing, verdict: "undecided", isExact: false } as const;

/** Decides by the limits that were found, and by those that may be limits too. */
function decide<Args extends readonly unknown[]>(limits: Limits, v: Float64Array): Verdict<Args> {
  const { question, found, open, reason } = limits;
  const gradients = found.map(({ gradient }) => gradient);
  const place = gradients.length > 0 ? inHull(gradients, v) : ({ kind: "unclear" } as const);
  if (place.kind === "inside") return inside(question, found, place);
  if (reason === "ball") return decideBall(limits, v);
  if (reason === "limit") return undecided;
  const all = reason === null ? place : inHull([...gradients, ...open], v);
  return all.kind === "outside" ? outside(question, all) : undecided;
}

/** Decides where norms are 0 and nothing else ties. */
function decideBall<Args extends readonly unknown[]>({ question, model }: Limits, v: Float64Array): Verdict<Args> {
  const ball = ballOf(model);
  const place = ball && nearestInBall(ball, v);
  if (!place || place.kind === "unclear") return undecided;
  return place.kind === "inside" ? { ...nothing, verdict: "member", isExact: false } : outside(question, place);
}

function worded<Args extends readonly unknown[]>(limits: Limits, verdict: Verdict<Args>): Membership<Args> {
  const { reason, question } = limits;
  const isExact = verdict.isExact && limits.isExact;
  const { isExact: _, ...found } = verdict;
  return {
    ...found,
    reason,
    arithmetic: isExact ? "exact" : "numerical",
    tolerance: question.tolerance,
    claim: sentence(limits, verdict.verdict, isExact),
  };
}

function sentence(limits: Limits, verdict: Membership["verdict"], isExact: boolean): string {
  if (limits.question.tolerance > 0) return claimOf(limits);
  if (verdict === "undecided") return `undecided: ${claimOf(limits)}`;
  const said = verdict === "member" ? "an element" : "no element";
  return `${said} of the Clarke subdifferential${isExact ? "" : ", up to rounding"}`;
}

/** Decides whether a list like the arguments is a member. */
export function membershipOf<Args extends readonly unknown[]>(limits: Limits, vector: unknown): Membership<Args> {
  const { where, form, leaves } = limits.question;
  const v = entriesOf(where, flattenLike(where, "the vector", vector, form, leaves));
  if (v.every((entry) => Number.isFinite(entry))) return worded(limits, decide<Args>(limits, v));
  return worded(limits, { ...nothing, verdict: "not a member", isExact: true });
}

/**
 * Whether a vector is an element of the Clarke subdifferential of a scalar function: of the convex hull of all limits of
 * gradients, as `bouligand` finds them.
 *
 * A member comes with convex weights of limits that make it; what is no member comes with a direction along which it is
 * larger than every element. Where limits may be missing a member is a member all the same, and what is outside of all that
 * were found is undecided. At a Euclidean norm at 0 the elements fill a ball, which is decided where nothing else ties.
 * A vector with entries that are not finite is no member.
 * Cost: that of `bouligand`, and of one point of least norm in a hull.
 *
 * @param f - returns one scalar of a real dtype
 * @param args - the arguments, in a list
 * @param v - a list like the arguments, such as `grad` returns for all of them
 * @param options - `limit` of the search (10,000), `tolerance` of ties (0), `seed` of the directions (0)
 * @returns a promise of the verdict, with weights or a direction
 * @throws AdError as `bouligand`; "shape", "dtype" or "data" for a vector unlike the arguments
 * @example
 * const f = (x) => sub(relu(x), relu(neg(x)));
 * (await isClarke(f, [tensor(0)], [tensor(0)])).verdict // "not a member"
 * (await isClarke(f, [tensor(0)], [tensor(1)])).verdict // "member"
 */
export async function isClarke<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  v: LikeAll<Args>,
  options: LimitOptions = {},
): Promise<Membership<Args>> {
  const limits = await limitsOf(askLimits("isClarke", f, args, options), options);
  return membershipOf<Args>(limits, v);
}

/**
 * Whether 0 is in the Clarke subdifferential: what every local minimum fulfils, and every local maximum.
 *
 * @param f - returns one scalar of a real dtype
 * @param args - the arguments, in a list
 * @param options - as for `isClarke`
 * @returns a promise of the verdict on the vector 0
 * @throws AdError as `bouligand`
 * @example
 * (await isClarkeStationary((x) => abs(x), [tensor(0)])).verdict // "member"
 */
export async function isClarkeStationary<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  options: LimitOptions = {},
): Promise<Membership<Args>> {
  const question = askLimits("isClarkeStationary", f, args, options);
  const zero = question.form.build(question.leaves.map((x) => filled(null, x)));
  return membershipOf<Args>(await limitsOf(question, options), zero);
}
