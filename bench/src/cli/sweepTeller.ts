/** The progress of a sweep as one line that is written again and again. */
import type { RunningJob, SweepProgress } from "../sweeps/progress.ts";
import type { Output } from "./output.ts";

/** How often the line is written, at most. */
const everyMs = 500;

/** How many of the jobs that run are told of: the line must fit on a terminal. */
const shown = 2;

/** Writes the line now and then, and after each job. */
export function sweepTeller(output: Output, now: () => number = Date.now): (progress: SweepProgress) => void {
  let [told, ended, width] = [-everyMs, -1, 0];
  return (progress) => {
    const { done, failed } = progress;
    if (now() - told < everyMs && done + failed === ended) return;
    [told, ended] = [now(), done + failed];
    const line = progressText(progress);
    output.warn(`\r${line.padEnd(width)}`);
    width = line.length;
  };
}

/** The line. */
export function progressText({ done, failed, total, running, secondsLeft }: SweepProgress): string {
  const failures = failed === 0 ? "" : `, ${failed} failed`;
  const left = secondsLeft === null ? "" : `, ${timeText(secondsLeft)} left`;
  const more = running.length > shown ? `; ${running.length - shown} more` : "";
  const notes = `${running.slice(0, shown).map(noteOf).join("; ")}${more}`;
  return `sweep: ${done} of ${total} done${failures}${left}${notes === "" ? "" : ` [${notes}]`}`;
}

const noteOf = ({ kind, done, total, note }: RunningJob): string =>
  `${kind} ${done} of ${total}${note === "" ? "" : `, ${note}`}`;

function timeText(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
