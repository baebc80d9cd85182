// What a place takes of its branches, with those that tie left together: which of them stands where is not decided.
import type { Order } from "@nonsmooth/ad-core";
import { extremes, type Row, split } from "./rank.ts";

/** One number that a place takes. */
export interface Taken {
  /** The branches that tie for it, in written order. */
  readonly branches: readonly number[];
  /** Which of them it is when they stand in ascending order, from 0. */
  readonly rank: number;
  /** How much of it is taken: a half for each of the two middles of a median. */
  readonly share: number;
  /** Where it goes in the sorted row; 0 for all other orders. */
  readonly place: number;
}

/** Which ranks of the whole row are taken, and how much of each. */
function ranksOf(order: "sort" | "median", length: number): readonly (readonly [rank: number, share: number])[] {
  if (order === "sort") return Array.from({ length }, (_, rank) => [rank, 1] as const);
  const [lower, upper] = [Math.floor((length - 1) / 2), Math.ceil((length - 1) / 2)];
  const middles = [[lower, 0.5] as const, [upper, 0.5] as const];
  return lower === upper ? [[lower, 1]] : middles;
}

/** Everything that a place takes; compares by the first key of the row alone. */
export function takenOf({ keys, present }: Row, order: Order, tolerance: number): Taken[] {
  const values = keys[0] as Float64Array;
  if (order === "max" || order === "min") {
    const branches = extremes(values, present, order, tolerance);
    return [{ branches, rank: order === "max" ? branches.length - 1 : 0, share: 1, place: 0 }];
  }
  const runs = split([present], values, tolerance);
  const starts = runs.map((_, i) => runs.slice(0, i).reduce((total, { length }) => total + length, 0));
  return ranksOf(order, present.length).map(([rank, share]) => {
    const run = starts.findLastIndex((start) => start <= rank);
    return { branches: runs[run] as number[], rank: rank - (starts[run] as number), share, place: rank };
  });
}
