/** Settings that differ in one part alone. */
import { distinct, grouped } from "../../../report/statistics.ts";
import { keyOf, type StudyRun, type settingParts, withoutPart } from "./runs.ts";

/** Two groups of runs that differ in one part alone. */
export interface Pair {
  readonly one: readonly StudyRun[];
  readonly other: readonly StudyRun[];
}

/** All pairs of settings that differ in a part alone, which is `a` in one and `b` in the other. */
export function pairsOf<Part extends (typeof settingParts)[number]>(
  runs: readonly StudyRun[],
  part: Part,
  a: StudyRun[Part],
  b: StudyRun[Part],
): Pair[] {
  const groups = grouped(runs, (run) => keyOf(run, withoutPart(part)));
  return groups.flatMap(([, group]) => {
    const [one, other] = [a, b].map((is) => group.filter((run) => run[part] === is)) as [StudyRun[], StudyRun[]];
    return one.length === 0 || other.length === 0 ? [] : [{ one, other }];
  });
}

/** The runs at some numbers. */
export const among = (runs: readonly StudyRun[], values: readonly number[]): StudyRun[] =>
  runs.filter(({ value }) => values.includes(value));

/** The largest number that both have, if they have 0 too and it is above it. */
export function largest({ one, other }: Pair): number | null {
  const values = distinct(one.map(({ value }) => value)).filter((value) => other.some((run) => run.value === value));
  const top = Math.max(...values);
  return values.includes(0) && top > 0 ? top : null;
}
