// Whether something stays as it was: times of steps, or memory.
import { AdError } from "@nonsmooth/ad-core";
import { median } from "../../studies/timing.ts";

/** Times at the beginning and at the end. */
export interface Trend {
  readonly first: number;
  readonly last: number;
  readonly median: number;
  /** By how much the end may be slower. */
  readonly isFlat: boolean;
}

/** So many times as slow as at the beginning, and no more. */
const slower = 1.15;

/** The medians of the first and the last steps, at most a hundred of each, and a tenth at least. */
export function trendOf(times: readonly number[]): Trend {
  if (times.length === 0) throw nothing("times");
  const part = Math.max(1, Math.min(100, Math.floor(times.length / 10)));
  const [first, last] = [median(times.slice(0, part)), median(times.slice(-part))];
  return { first, last, median: median(times), isFlat: last <= slower * first };
}

/** A number of bytes after some number of runs. */
export interface Mark {
  readonly runs: number;
  readonly bytes: number;
}

/** Bytes for each run that memory grew by, from the third mark on: the first runs compile code and fill buffers. */
export function growthOf(marks: readonly Mark[]): number {
  const [from, to] = [marks[2], marks.at(-1)];
  if (from === undefined || to === undefined || to.runs <= from.runs) throw nothing("marks");
  return (to.bytes - from.bytes) / (to.runs - from.runs);
}

function nothing(what: string): AdError {
  const [problem, expected] = [`there are no ${what}`, "some, taken one after the other"];
  const remedy = "measure more";
  return new AdError({ code: "domain", where: "gpuCheck", problem, expected, got: "too few", remedy });
}
