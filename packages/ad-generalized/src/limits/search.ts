// Branch and bound over the open switches of a model: every way to take branches that a point near by may take.
import { plus } from "../exactness/sums.ts";
import { signOfDot } from "../geometry/exact.ts";
import { openCone } from "../geometry/openCone.ts";
import type { LinearSolver } from "../geometry/solver.ts";
import type { Model } from "../model/model.ts";
import type { Switch } from "../model/record.ts";
import { freeRows } from "./free.ts";
import { type Alike, alike, beginRanking, filledBy, isFilled, type Ranking, without } from "./ranking.ts";
import { type Above, gradientOf, type Settled } from "./settled.ts";

/** A way through all switches, and the gradient of what it takes. */
export interface Way {
  readonly gradient: Float64Array;
  readonly settled: Settled;
}

/** What a search has seen. */
export interface Search {
  readonly model: Model;
  readonly solver: LinearSolver;
  /** At most so many nodes. */
  readonly limit: number;
  /** Ways with a direction, one for each gradient. */
  readonly found: Way[];
  /** Ways that no linear program refutes and no direction takes. */
  readonly open: Way[];
  readonly counts: { nodes: number; programs: number; refuted: number };
  /** Whether all refutations were exact. */
  isExact: boolean;
  /** Whether the limit ended it. */
  isStopped: boolean;
}

/**
 * Where numbers were rounded, gradients that differ by less than this, beside their size, count as one, and what only a
 * cone as narrow fulfils counts as refuted.
 */
const near = 2 ** -36;

/** Whether two gradients are one: to the last bit when nothing was rounded. */
export function isSame({ watch }: Model, a: Float64Array, b: Float64Array): boolean {
  if (watch.isExact) return a.every((v, i) => v === b[i]);
  const largest = Math.max(
    a.reduce((m, v) => Math.max(m, Math.abs(v)), 0),
    b.reduce((m, v) => Math.max(m, Math.abs(v)), 0),
  );
  return a.every((v, i) => Math.abs(v - (b[i] as number)) <= near * largest);
}

/** Adds conditions; null when no point near by fulfils them all. */
function enter(search: Search, settled: Settled, above: readonly Above[]): Settled | null {
  const { model, solver, counts } = search;
  if (above.length === 0) return settled;
  counts.nodes++;
  if (counts.nodes > search.limit) search.isStopped = true;
  if (search.isStopped) return null;
  const { direction } = settled;
  const next = { ...settled, order: [...settled.order, ...above] };
  if (direction && above.every(({ row }) => signOfDot(row, direction) > 0)) return next;
  if (direction) {
    counts.programs++;
    const cone = openCone(
      solver,
      next.order.map(({ row }) => row),
    );
    const isNoise = cone.kind === "direction" && cone.margin < near && !model.watch.isExact;
    if (cone.kind === "direction" && !isNoise) return { ...next, direction: cone.direction };
    if (cone.kind !== "unclear" && model.isAffine) return refute(search, cone.kind === "refuted" && cone.isExact);
  }
  if (model.isAffine) return { ...next, direction: null };
  counts.programs++;
  const free = openCone(solver, freeRows(model, next));
  return free.kind === "refuted" ? refute(search, free.isExact) : { ...next, direction: null };
}

function refute(search: Search, isExact: boolean): null {
  search.counts.refuted++;
  search.isExact &&= isExact;
  return null;
}

/** What it means that a group comes next. */
function conditions({ watch }: Model, { left, fromTop }: Ranking, group: Alike): Above[] {
  const others = left.filter((other) => other !== group);
  return others.map((other) => {
    const [upper, lower] = fromTop ? [group, other] : [other, group];
    const row = upper.gradient.map((v, i) => plus(watch, v, -(lower.gradient[i] as number)));
    return { upper: upper.branches, lower: lower.branches, row };
  });
}

/** Settles variables: each of them moves like the group. */
function settle(settled: Settled, variables: readonly number[], { gradient, branches }: Alike): Settled {
  const gradients = new Map([...settled.gradients, ...variables.map((variable) => [variable, gradient] as const)]);
  const groups = new Map([...settled.groups, ...variables.map((variable) => [variable, branches] as const)]);
  return { ...settled, gradients, groups };
}

/** Fills the ranks of a switch in every way, and goes on with the next one. */
function rank(search: Search, settled: Settled, number: number, ranking: Ranking): void {
  const here = search.model.switches[number] as Switch;
  if (isFilled(here, ranking)) {
    decide(search, settled, number + 1);
    return;
  }
  for (const group of ranking.left) {
    const next = enter(search, settled, conditions(search.model, ranking, group));
    if (search.isStopped) return;
    if (next === null) continue;
    rank(search, settle(next, filledBy(here, ranking, group), group), number, without(ranking, group));
  }
}

/** Goes through the switches from one on. */
export function decide(search: Search, settled: Settled, number: number): void {
  const { model } = search;
  const here = model.switches[number];
  if (!here) {
    finish(search, settled);
    return;
  }
  const groups = alike(
    here.branches,
    (branch) => gradientOf(model, settled, branch),
    (a, b) => isSame(model, a, b),
  );
  rank(search, settled, number, beginRanking(here, groups));
}

function finish(search: Search, settled: Settled): void {
  const gradient = gradientOf(search.model, settled, search.model.output);
  const list = settled.direction ? search.found : search.open;
  if (settled.direction && list.some((way) => isSame(search.model, way.gradient, gradient))) return;
  list.push({ gradient, settled });
}
