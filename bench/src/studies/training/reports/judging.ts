/** How claims about accuracies and runs that end in NaN are judged. */
import type { Claim, Verdict } from "../../../report/report.ts";
import { wilson } from "../../../report/statistics.ts";
import { type Blocks, blocksOf, type Difference, differenceOf, fallsApart, type ValuedRun } from "./blocks.ts";

/** What a claim says besides its verdict. */
export type About = Pick<Claim, "statement" | "source" | "figure">;

/** A run, and the accuracy of a guess on its data. */
export interface JudgedRun extends ValuedRun {
  readonly chance: number;
}

type Runs = readonly JudgedRun[];

const undecided = "undecided at this size";

/** Accuracies that are nearer than this are called the same: one point of a hundred. */
const margin = 1;

const isNan = ({ accuracy }: JudgedRun): boolean => accuracy === null;
const nanCount = (runs: Runs): number => runs.filter(isNan).length;
const points = (difference: number): string => `${Number(difference.toFixed(2))} points`;

/** Most runs end in NaN: the interval lies above one half. */
export function mostEndInNan(about: About, runs: Runs): Claim {
  const interval = wilson(nanCount(runs), runs.length);
  const verdict: Verdict = interval[0] > 0.5 ? "confirmed" : interval[1] < 0.5 ? "contradicted" : undecided;
  const note = `NaN in ${nanCount(runs)} of ${runs.length} runs; confirmed when the interval of the share lies above 1/2.`;
  return { ...about, verdict, interval, note };
}

/** More runs end in NaN here than there: the intervals of the shares do not meet. */
export function moreEndInNan(about: About, here: Runs, there: Runs): Claim {
  if (here.length * there.length === 0)
    return { ...about, verdict: undecided, note: "Some of the runs are not there." };
  const [interval, other] = [wilson(nanCount(here), here.length), wilson(nanCount(there), there.length)];
  const verdict: Verdict = interval[0] > other[1] ? "confirmed" : interval[1] < other[0] ? "contradicted" : undecided;
  const [a, b] = [here, there].map((runs) => `${nanCount(runs)} of ${runs.length}`);
  const note = `NaN in ${a} runs against ${b}; confirmed when the intervals of the shares do not meet.`;
  return { ...about, verdict, interval, note };
}

/** Every number of the choice gives the accuracy of 0, up to a margin. A run that ends in NaN has none. */
export function sameForAll(about: About, runs: Runs): Claim {
  if (runs.some(isNan)) {
    const note = `NaN in ${nanCount(runs)} of ${runs.length} runs.`;
    return { ...about, verdict: "contradicted", interval: wilson(nanCount(runs), runs.length), note };
  }
  return compared(about, [runs], [0], ([blocks]) => {
    const found = fromZero(blocks as Blocks);
    const farthest = found.reduce((a, b) => (Math.abs(b.difference) > Math.abs(a.difference) ? b : a));
    const note = `The largest difference from 0 is ${points(farthest.difference)}, at ${farthest.value}; confirmed when the intervals of all differences, 95 % together, lie within 1 point.`;
    return { ...about, verdict: sameVerdict(found), interval: farthest.interval, note };
  });
}

function sameVerdict(found: readonly Difference[]): Verdict {
  if (found.some(({ interval: [low, high] }) => low > margin || high < -margin)) return "contradicted";
  return found.every(({ interval: [low, high] }) => low > -margin && high < margin) ? "confirmed" : undecided;
}

/** No other number gives a higher accuracy than 0. */
export const noneIsBetter = (about: About, runs: Runs): Claim =>
  compared(about, [runs], [0], ([blocks]) => {
    const best = fromZero(blocks as Blocks).reduce((a, b) => (b.difference > a.difference ? b : a));
    const [low, high] = best.interval;
    const verdict: Verdict = low > 0 ? "contradicted" : high < margin ? "confirmed" : undecided;
    const note = `The best other number, ${best.value}, differs by ${points(best.difference)}; confirmed when its interval ends below 1 point, contradicted when it lies above 0.`;
    return { ...about, verdict, interval: best.interval, note };
  });

/** The accuracy at a number is below that at 0; where runs end in NaN, more of them do. */
export function lowerThanAtZero(about: About, runs: Runs, value: number): Claim {
  const [here, there] = [value, 0].map((one) => runs.filter((run) => run.value === one)) as [JudgedRun[], JudgedRun[]];
  if (here.some(isNan)) return moreEndInNan(about, here, there);
  return compared(about, [runs], [0, value], ([blocks]) => {
    const found = differenceOf(blocks as Blocks, 0, value);
    const [low, high] = found.interval;
    const verdict: Verdict = low > 0 ? "confirmed" : high < margin ? "contradicted" : undecided;
    const note = `Accuracy at 0 less that at ${value}: ${points(found.difference)}; confirmed when the interval lies above 0, else contradicted when it ends below 1 point.`;
    return { ...about, verdict, interval: found.interval, note };
  });
}

/** The accuracy falls more from 0 to a number here than there; where runs end in NaN, more of them do. */
export function largerFall(about: About, here: Runs, there: Runs, value: number): Claim {
  const ends = [here, there].map((runs) => runs.filter((run) => run.value === value)) as [JudgedRun[], JudgedRun[]];
  if (ends.some((runs) => runs.some(isNan))) return moreEndInNan(about, ...ends);
  return compared(about, [here, there], [0, value], ([one, other]) => {
    const found = fallsApart(one as Blocks, other as Blocks, value);
    const note = `The fall from 0 to ${value} is larger by ${points(found.difference)}; confirmed when the interval lies above 0, contradicted when below.`;
    const [low, high] = found.interval;
    const verdict: Verdict = low > 0 ? "confirmed" : high < 0 ? "contradicted" : undecided;
    return { ...about, verdict, interval: found.interval, note };
  });
}

/** Judges by tables of accuracies, when they have the numbers that it needs and something was learned. */
function compared(
  about: About,
  groups: readonly Runs[],
  needed: readonly number[],
  judge: (tables: readonly Blocks[]) => Claim,
): Claim {
  const tables = groups.flatMap((runs) => blocksOf(runs) ?? []);
  const verdict = undecided;
  if (tables.length < groups.length || tables.some(({ means }) => needed.some((value) => !means.has(value))))
    return {
      ...about,
      verdict,
      note: "An interval needs two seeds at least, with all their runs and without NaN at 0.",
    };
  const chance = groups[0]?.[0]?.chance ?? 0;
  if (tables.some(({ means }) => (means.get(0) as number) < 2 * chance))
    return { ...about, verdict, note: "At 0 the accuracy is not twice that of a guess: nothing was learned." };
  return judge(tables);
}

/** The differences of all numbers from 0, with intervals that hold together with 95 % (Bonferroni). */
function fromZero(blocks: Blocks): (Difference & { readonly value: number })[] {
  const others = [...blocks.means.keys()].filter((value) => value !== 0);
  return others.map((value) => ({ ...differenceOf(blocks, value, 0, 1 - 0.05 / others.length), value }));
}
