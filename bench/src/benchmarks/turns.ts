// Two systems in turns, so that what else the machine does falls on both; a ratio is the median over the rounds.
import { median } from "../studies/timing.ts";

/** Milliseconds of a few runs of one system. */
export type Sampler = () => readonly number[] | Promise<readonly number[]>;

/** The median of each round, by system. */
export interface Turns {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** How long a round of one system is. */
export interface Least {
  readonly leastMs: number;
  readonly leastSteps: number;
}

/** Enough for steps of milliseconds. */
export const usual: Least = { leastMs: 200, leastSteps: 3 };

/** Milliseconds of single steps, which may return promises, for at least so many milliseconds and steps. */
export async function samplesOf(step: () => unknown, { leastMs, leastSteps }: Least = usual): Promise<number[]> {
  const [found, end] = [[] as number[], performance.now() + leastMs];
  while (performance.now() < end || found.length < leastSteps) {
    const start = performance.now();
    await step();
    found.push(performance.now() - start);
  }
  return found;
}

/** Rounds of both, in turns; without the other one `theirs` is empty. */
export async function inTurns(rounds: number, ours: Sampler, theirs: Sampler | null): Promise<Turns> {
  const [own, other]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    own.push(median(await ours()));
    if (theirs !== null) other.push(median(await theirs()));
  }
  return { ours: own, theirs: other };
}

/** The median of the ratios of rounds; null when there are none. */
export const ratioOf = (above: readonly number[], below: readonly number[]): number | null =>
  above.length === 0 || below.length === 0 ? null : median(above.map((value, i) => value / (below[i] as number)));

/** The median of rounds; null when there are none. */
export const middleOf = (values: readonly number[]): number | null => (values.length === 0 ? null : median(values));
