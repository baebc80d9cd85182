// Whether steps stay as fast as they were.
import { AdError } from "@nonsmooth/ad-core";
import { median } from "../../studies/timing.ts";

/** Times at the beginning and at the end. */
export interface Trend {
  readonly first: number;
  readonly last: number;
  readonly median: number;
  /** Whether the end is about as fast as the beginning. */
  readonly isFlat: boolean;
}

/** So many times as slow as at the beginning, and no more. */
const slower = 1.15;

/** The medians of the first and the last steps, at most a hundred of each, and a tenth at least. */
export function trendOf(times: readonly number[]): Trend {
  if (times.length === 0) throw nothing();
  const part = Math.max(1, Math.min(100, Math.floor(times.length / 10)));
  const [first, last] = [median(times.slice(0, part)), median(times.slice(-part))];
  return { first, last, median: median(times), isFlat: last <= slower * first };
}

function nothing(): AdError {
  const [problem, expected] = ["there is nothing to compare", "times of steps, one after the other"];
  const remedy = "measure more of them";
  return new AdError({ code: "domain", where: "gpuCheck", problem, expected, got: "none", remedy });
}
