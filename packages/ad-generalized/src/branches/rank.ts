// Branches compared along a list of keys: by value, where values tie by the first tangent, then by the second one.
import type { Order } from "@nonsmooth/ad-core";

/** The branches of one place. */
export interface Row {
  /** For each key the number of every branch: values, then tangents. */
  readonly keys: readonly Float64Array[];
  /** Numbers of the branches that exist there, in written order. */
  readonly present: readonly number[];
}

/** What one place takes. */
export interface Picked {
  /** The extreme branch; the lower and the upper middle; or all in ascending order. */
  readonly branches: readonly number[];
  /** How many branches compete when values alone are compared; 1 when none does. */
  readonly tied: number;
  /** How many still do when all keys are. */
  readonly undecided: number;
}

/** Whether two numbers count as one; NaN ties with NaN. */
const isTied = (a: number, b: number, tolerance: number): boolean =>
  a === b || Math.abs(a - b) <= tolerance || (Number.isNaN(a) && Number.isNaN(b));

/** The branches that are extreme in one key, among those that are left. */
export function extremes(
  key: Float64Array,
  left: readonly number[],
  order: "max" | "min",
  tolerance: number,
): number[] {
  const better = order === "max" ? Math.max : Math.min;
  let extreme = key[left[0] as number] as number;
  for (const branch of left) extreme = better(extreme, key[branch] as number);
  return left.filter((branch) => isTied(key[branch] as number, extreme, tolerance));
}

/** The branch that is extreme by the first key in which they differ; the first in written order when there is none. */
function extremeOf({ keys, present }: Row, order: "max" | "min", tolerance: number): Picked {
  let left = present;
  let tied = 0;
  for (const key of keys) {
    if (left.length > 1) left = extremes(key, left, order, tolerance);
    tied ||= left.length;
  }
  return { branches: left.slice(0, 1), tied, undecided: left.length };
}

/** Stands NaN last, and keeps the order of what ties. */
const byKey =
  (key: Float64Array) =>
  (i: number, j: number): number => {
    const [a, b] = [key[i] as number, key[j] as number];
    return a < b || (Number.isNaN(b) && !Number.isNaN(a)) ? -1 : a > b || (Number.isNaN(a) && !Number.isNaN(b)) ? 1 : 0;
  };

/** Runs of branches that tie, in ascending order: each run is split further by the next key. */
export function split(runs: readonly (readonly number[])[], key: Float64Array, tolerance: number): number[][] {
  return runs.flatMap((run) => {
    const parts: number[][] = [];
    let before = 0;
    for (const branch of run.toSorted(byKey(key))) {
      const here = key[branch] as number;
      const part = parts.at(-1);
      if (part && isTied(before, here, tolerance)) part.push(branch);
      else parts.push([branch]);
      before = here;
    }
    return parts;
  });
}

/** For each place in ascending order, the number of the run that stands there and its length. */
const placesOf = (runs: readonly (readonly number[])[]): (readonly [run: number, length: number])[] =>
  runs.flatMap((run, number) => run.map(() => [number, run.length] as const));

/** How many branches compete for the middle. Two that tie there alone do not, for each of them has a place. */
function rivals(runs: readonly (readonly number[])[], lower: number, upper: number): number {
  const places = placesOf(runs);
  const [below, above] = [places[lower], places[upper]] as [readonly [number, number], readonly [number, number]];
  if (lower !== upper && below[0] === above[0]) return below[1] > 2 ? below[1] : 1;
  return Math.max(below[1], above[1]);
}

function rankOf({ keys, present }: Row, order: "sort" | "median", tolerance: number): Picked {
  const [lower, upper] = [Math.floor((present.length - 1) / 2), Math.ceil((present.length - 1) / 2)];
  const compete = (runs: readonly (readonly number[])[]): number =>
    order === "sort" ? runs.reduce((most, run) => Math.max(most, run.length), 0) : rivals(runs, lower, upper);
  const byValue = split([present], keys[0] as Float64Array, tolerance);
  const byAll = keys.slice(1).reduce((runs, key) => split(runs, key, tolerance), byValue);
  const ranked = byAll.flat();
  const branches = order === "sort" ? ranked : [ranked[lower] as number, ranked[upper] as number];
  return { branches, tied: compete(byValue), undecided: compete(byAll) };
}

/** What a place takes of its branches. */
export const pick = (row: Row, order: Order, tolerance: number): Picked =>
  order === "max" || order === "min" ? extremeOf(row, order, tolerance) : rankOf(row, order, tolerance);
