// All limits of gradients at a point, as far as a search finds them out, on plain numbers.
import { domainError } from "@nonsmooth/ad-core/transforms";
import { drawDirections } from "../clarke/directions.ts";
import { search as lockAlong } from "../clarke/search.ts";
import { ask, checkOptions, type DirectionOptions, type Question } from "../derivatives/asked.ts";
import { loadSolver } from "../geometry/solver.ts";
import { type Model, openAt } from "../model/model.ts";
import { entriesOf } from "../model/point.ts";
import { denseOf } from "../sweep/numbers.ts";
import { decide, isSame, type Search, type Way } from "./search.ts";
import { type Curve, findCurve } from "./witness.ts";

/** Settings of what needs all limits of gradients. */
export interface LimitOptions extends DirectionOptions {
  /** At most so many ways to take branches are looked at; 10,000 when absent. */
  readonly limit?: number;
  /** Of the directions that are tried, a whole number; 0 when absent. */
  readonly seed?: number;
}

/** A limit of gradients, and a line or curve from the point along which it is the limit; bends of 0 are straight. */
export interface FoundLimit {
  readonly gradient: Float64Array;
  readonly curve: Curve;
}

/** Why limits may be missing. */
export type Reason = "limit" | "curved" | "ball";

/** What a search found out. */
export interface Limits {
  readonly question: Question;
  readonly model: Model;
  readonly found: readonly FoundLimit[];
  /** Gradients of ways that nothing refutes and nothing was seen to take: they may be limits too. */
  readonly open: readonly Float64Array[];
  /** Null when all limits were found. */
  readonly reason: Reason | null;
  readonly isExact: boolean;
  readonly counts: { readonly nodes: number; readonly programs: number; readonly refuted: number };
}

/** Checks the settings and takes the point apart. */
export function askLimits(
  where: string,
  f: unknown,
  args: unknown,
  options: LimitOptions,
  more: readonly string[] = [],
): Question {
  checkOptions(where, options, ["limit", "seed", ...more]);
  const { limit = 1, seed = 0 } = options;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw domainError(where, "limit", "a whole number from 1", limit, "leave it out for 10,000");
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw domainError(where, "seed", "a whole number from 0 to 2^53 - 1", seed, "round it, or choose another");
  const question = ask(where, f, args, options);
  return { ...question, leaves: question.leaves.map((x) => denseOf(where, x)) };
}

/** How many directions help to look for curves. */
const pulls = 13;

const straight = ({ gradient, settled: { direction } }: Way): FoundLimit => {
  const along = direction as Float64Array;
  return { gradient, curve: { direction: along, bend: new Float64Array(along.length) } };
};

/** Looks for curves that take the ways that are open; those that none takes stay open. */
function resolve(search: Search, directions: readonly Float64Array[]): { found: FoundLimit[]; open: Float64Array[] } {
  const { model, solver } = search;
  const found = search.found.map(straight);
  const open: Float64Array[] = [];
  const isKnown = (gradient: Float64Array, list: readonly Float64Array[]): boolean =>
    list.some((other) => isSame(model, other, gradient));
  for (const { gradient, settled } of search.open) {
    if (
      isKnown(
        gradient,
        found.map((limit) => limit.gradient),
      )
    )
      continue;
    const curve = findCurve(solver, model, settled, directions);
    if (curve) found.push({ gradient, curve });
    else if (!isKnown(gradient, open)) open.push(gradient);
  }
  return {
    found,
    open: open.filter(
      (gradient) =>
        !isKnown(
          gradient,
          found.map((limit) => limit.gradient),
        ),
    ),
  };
}

/** Where a norm is 0 the limits are as many as directions: a few of them, along those that were drawn. */
function someAlong(question: Question, drawn: ReturnType<typeof drawDirections>): FoundLimit[] {
  return drawn.slice(0, 8).map((direction) => {
    const { gradient } = lockAlong(question, [direction]);
    const along = entriesOf(question.where, direction);
    const entries = entriesOf(question.where, gradient);
    return { gradient: entries, curve: { direction: along, bend: new Float64Array(along.length) } };
  });
}

/** Searches all ways through the switches of a function at a point. */
export async function limitsOf(question: Question, { limit = 10_000, seed = 0 }: LimitOptions): Promise<Limits> {
  const { where, leaves, tolerance } = question;
  const drawn = drawDirections(seed, leaves, pulls);
  lockAlong(question, drawn.slice(0, 2));
  const model = openAt(question);
  const counts = { nodes: 0, programs: 0, refuted: 0 };
  const isExactTie = tolerance === 0;
  if (model.balls.length > 0) {
    const found = someAlong(question, drawn);
    return { question, model, found, open: [], reason: "ball", isExact: false, counts };
  }
  const search: Search = {
    ...{ model, solver: await loadSolver(), limit, found: [], open: [], counts },
    ...{ isExact: true, isStopped: false },
  };
  const directions = drawn.map((direction) => entriesOf(where, direction));
  const first = directions[0] as Float64Array;
  decide(search, { gradients: new Map(), groups: new Map(), order: [], direction: first }, 0);
  const { found, open } = resolve(search, directions.slice(1));
  const isReached = found.length > 0;
  if (!isReached) found.push(...someAlong(question, drawn.slice(0, 1)));
  const reason = search.isStopped ? "limit" : open.length > 0 ? "curved" : null;
  const isStraight = found.every(({ curve }) => curve.bend.every((v) => v === 0));
  const isExact = isExactTie && model.watch.isExact && search.isExact && isStraight && isReached;
  return { question, model, found, open, reason, isExact, counts };
}
