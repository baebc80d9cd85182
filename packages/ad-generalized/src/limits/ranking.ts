// The branches of a switch with those that move alike taken together, and the ways to put them in order.
import type { Branch, Switch } from "../model/record.ts";

/** Branches with one gradient: which of them is taken makes no difference. */
export interface Alike {
  readonly gradient: Float64Array;
  readonly branches: readonly Branch[];
}

/** Puts branches with the same gradient together. */
export function alike(
  branches: readonly Branch[],
  gradientOf: (branch: Branch) => Float64Array,
  isSame: (a: Float64Array, b: Float64Array) => boolean,
): Alike[] {
  const groups: { gradient: Float64Array; branches: Branch[] }[] = [];
  for (const branch of branches) {
    const gradient = gradientOf(branch);
    const group = groups.find((other) => isSame(other.gradient, gradient));
    if (group) group.branches.push(branch);
    else groups.push({ gradient, branches: [branch] });
  }
  return groups;
}

/** An order in the making: groups are put at one end of what is left, one after the other. */
export interface Ranking {
  readonly left: readonly Alike[];
  /** Whether the largest come first; otherwise the smallest do. */
  readonly fromTop: boolean;
  /** How many branches have their place. */
  readonly placed: number;
}

/** Begins at the end from which the ranks that are taken are reached sooner. */
export function beginRanking({ branches, taken }: Switch, left: readonly Alike[]): Ranking {
  const [lowest, highest] = [taken[0]?.rank ?? 0, taken.at(-1)?.rank ?? 0];
  return { left, fromTop: branches.length - lowest <= highest + 1, placed: 0 };
}

/** The variables of the ranks that a group fills when it comes next. */
export function filledBy({ branches, taken }: Switch, { fromTop, placed }: Ranking, group: Alike): number[] {
  const [start, end] = fromTop
    ? [branches.length - placed - group.branches.length, branches.length - placed]
    : [placed, placed + group.branches.length];
  return taken.filter(({ rank }) => rank >= start && rank < end).map(({ variable }) => variable);
}

/** Whether every rank that is taken is filled. */
export const isFilled = ({ branches, taken }: Switch, { fromTop, placed }: Ranking): boolean =>
  fromTop ? (taken[0]?.rank ?? branches.length) >= branches.length - placed : (taken.at(-1)?.rank ?? -1) < placed;

/** What is left when a group has its place. */
export const without = ({ left, fromTop, placed }: Ranking, group: Alike): Ranking => ({
  left: left.filter((other) => other !== group),
  fromTop,
  placed: placed + group.branches.length,
});
