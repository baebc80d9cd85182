/** How published claims about shares are judged: by Wilson's intervals of 95 %. */
import type { Claim, Verdict } from "../../../report/report.ts";
import { wilson } from "../../../report/statistics.ts";

/** So many of so many. */
export interface Share {
  readonly successes: number;
  readonly trials: number;
}

/** What a claim says besides its verdict. */
export type About = Pick<Claim, "statement" | "source" | "figure">;

const intervalOf = ({ successes, trials }: Share): [number, number] => wilson(successes, trials);

const says = ({ successes, trials }: Share): string => `${successes} of ${trials}`;
const undecided = "undecided at this size";

/** None at all: contradicted by a single case, confirmed when at most 2 in 100 can be. */
export function none(about: About, share: Share): Claim {
  const interval = intervalOf(share);
  const verdict: Verdict = share.successes > 0 ? "contradicted" : interval[1] < 0.02 ? "confirmed" : undecided;
  return { ...about, verdict, interval, note: `${says(share)}; confirmed when none and the interval ends below 0.02.` };
}

/** Nearly all: the interval lies above 0.8, or below. */
export function nearlyAll(about: About, share: Share): Claim {
  const interval = intervalOf(share);
  const verdict: Verdict = interval[0] > 0.8 ? "confirmed" : interval[1] < 0.8 ? "contradicted" : undecided;
  return { ...about, verdict, interval, note: `${says(share)}; confirmed when the interval lies above 0.8.` };
}

/** More here than there: the intervals do not meet. */
export function more(about: About, here: Share, there: Share): Claim {
  const [interval, other] = [intervalOf(here), intervalOf(there)];
  const verdict: Verdict = interval[0] > other[1] ? "confirmed" : interval[1] < other[0] ? "contradicted" : undecided;
  const note = `${says(here)} against ${says(there)}; confirmed when the intervals do not meet.`;
  return { ...about, verdict, interval, note };
}

/** Some, and fewer than there. */
export function someButFewer(about: About, here: Share, there: Share): Claim {
  const [interval, other] = [intervalOf(here), intervalOf(there)];
  const isFewer = interval[1] < other[0];
  const verdict: Verdict =
    interval[0] > other[1] ? "contradicted" : here.successes > 0 && isFewer ? "confirmed" : undecided;
  const note = `${says(here)} against ${says(there)}; confirmed when there are some and the intervals do not meet.`;
  return { ...about, verdict, interval, note };
}
