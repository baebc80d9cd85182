/** Axes on which numbers stand side by side, in their order and not by their size. */
import type { ZeroLogAxis } from "./decades.ts";
import { distinct } from "./statistics.ts";

/** The axis for these numbers: each of them is a tick. */
export function stepAxis(values: readonly number[]): ZeroLogAxis {
  const places = distinct(values).toSorted((a, b) => a - b);
  const ticks = places.map((value, at) => ({ at, label: String(value).replace("-", "−") }));
  return { at: (value) => places.indexOf(value), domain: [0, Math.max(1, places.length - 1)], ticks, gap: null };
}
