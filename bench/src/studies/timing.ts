/** How long things take here: medians of interleaved repetitions, so that a slow moment hits all of them. */
import { performance } from "node:perf_hooks";

/** Median times in milliseconds, by name. */
export interface Timings<Name extends string> {
  readonly medianMs: Readonly<Record<Name, number>>;
  readonly repeats: number;
}

const fewest = 3;
const most = 50;

/**
 * Times several jobs, which may return promises. Each is run once to warm up; then all are run in turn, as often as the budget allows, from 3 to 50
 * times unless a number is given.
 */
export async function timed<Name extends string>(
  jobs: Readonly<Record<Name, () => unknown>>,
  { budgetMs = 2000, repeats }: { readonly budgetMs?: number; readonly repeats?: number | undefined } = {},
): Promise<Timings<Name>> {
  const names = Object.keys(jobs) as Name[];
  const round = async (): Promise<number[]> => {
    const times: number[] = [];
    for (const name of names) times.push(await elapsed(jobs[name]));
    return times;
  };
  const first = (await round()).reduce((total, ms) => total + ms, 0);
  const count = repeats ?? Math.max(fewest, Math.min(most, Math.floor(budgetMs / Math.max(first, 1e-3))));
  const rounds: number[][] = [];
  while (rounds.length < count) rounds.push(await round());
  const medians = names.map((name, i) => [name, median(rounds.map((times) => times[i] as number))]);
  return { medianMs: Object.fromEntries(medians) as Record<Name, number>, repeats: count };
}

async function elapsed(job: () => unknown): Promise<number> {
  const start = performance.now();
  await job();
  return performance.now() - start;
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
