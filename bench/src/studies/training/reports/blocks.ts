/**
 * Runs as a table of numbers of the choice and seeds. Runs of one seed begin with the same weights and see the same batches, so
 * what a seed adds to all of them is taken out before the deviation is estimated (randomized blocks).
 */
import { distinct, meanOf } from "../../../report/statistics.ts";
import { studentBound } from "./student.ts";

/** A run that may have ended in NaN. */
export interface ValuedRun {
  readonly value: number;
  readonly seed: number;
  readonly accuracy: number | null;
}

/** Means of the numbers for which no run ended in NaN. */
export interface Blocks {
  readonly means: ReadonlyMap<number, number>;
  readonly seeds: number;
  /** Of one run, without what its seed adds. */
  readonly deviation: number;
  readonly degrees: number;
}

/** A difference of accuracies in points of a hundred, with the interval in which it lies. */
export interface Difference {
  readonly difference: number;
  readonly interval: readonly [number, number];
}

/** The table; null unless there are two numbers and two seeds that all have runs without NaN. */
export function blocksOf(runs: readonly ValuedRun[]): Blocks | null {
  const seeds = distinct(runs.map(({ seed }) => seed));
  const at = (value: number, seed: number): number | null =>
    runs.find((run) => run.value === value && run.seed === seed)?.accuracy ?? null;
  const rows = distinct(runs.map(({ value }) => value))
    .map((value) => ({ value, cells: seeds.flatMap((seed) => at(value, seed) ?? []) }))
    .filter(({ cells }) => cells.length === seeds.length);
  if (rows.length < 2 || seeds.length < 2) return null;
  const means = rows.map(({ cells }) => meanOf(cells) as number);
  const degrees = (rows.length - 1) * (seeds.length - 1);
  const squares = residuals(
    rows.map(({ cells }) => cells),
    means,
  ).reduce((sum, one) => sum + one * one, 0);
  return {
    means: new Map(rows.map(({ value }, i) => [value, means[i] as number])),
    ...{ seeds: seeds.length, deviation: Math.sqrt(squares / degrees), degrees },
  };
}

/** What is left of each run without the means of its number and of its seed. */
function residuals(rows: readonly (readonly number[])[], means: readonly number[]): number[] {
  const all = meanOf(means) as number;
  const ofSeed = (rows[0] ?? []).map((_, seed) => meanOf(rows.map((cells) => cells[seed] as number)) as number);
  return rows.flatMap((cells, i) =>
    cells.map((cell, seed) => cell - (means[i] as number) - (ofSeed[seed] as number) + all),
  );
}

/** How much higher the accuracy is at one number than at another, both in the table. */
export function differenceOf(blocks: Blocks, higher: number, lower: number, level = 0.95): Difference {
  const difference = meanAt(blocks, higher) - meanAt(blocks, lower);
  return around(difference, studentBound(level, blocks.degrees) * errorOf(blocks));
}

/** How much larger the fall from 0 to a number is in one table than in another, with the smaller degrees of the two. */
export function fallsApart(one: Blocks, other: Blocks, value: number): Difference {
  const [a, b] = [one, other].map((blocks) => meanAt(blocks, 0) - meanAt(blocks, value)) as [number, number];
  const bound = studentBound(0.95, Math.min(one.degrees, other.degrees));
  return around(a - b, bound * Math.hypot(errorOf(one), errorOf(other)));
}

const meanAt = ({ means }: Blocks, value: number): number => means.get(value) as number;

/** The standard error of a difference of two means. */
const errorOf = ({ deviation, seeds }: Blocks): number => deviation * Math.sqrt(2 / seeds);

const around = (difference: number, half: number): Difference => ({
  difference: points(difference),
  interval: [points(difference - half), points(difference + half)],
});

/** To a ten-thousandth, which is one of a million images: what is smaller is rounding. */
const points = (share: number): number => Math.round(1e6 * share) / 1e4 + 0;
