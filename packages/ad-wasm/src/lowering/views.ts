// How a broadcast is seen by a loop over its elements.
import type { Shape } from "@nonsmooth/ad-core";
import type { Values } from "@nonsmooth/ad-core/machines";
import type { View } from "../elementwise/loop.ts";

/** A run of axes that are all kept, or all repeated. */
interface Run {
  readonly isKept: boolean;
  size: number;
}

/** Runs of axes of a broadcast, from the first axis to the last; axes of size 1 belong to none. */
function runsOf(from: Shape, to: Shape): Run[] {
  const runs: Run[] = [];
  to.forEach((size, axis) => {
    if (size === 1) return;
    const isKept = (from[axis - to.length + from.length] ?? 1) !== 1;
    const last = runs.at(-1);
    if (last?.isKept === isKept) last.size *= size;
    else runs.push({ isKept, size });
  });
  return runs;
}

const isMultiple = (size: number): boolean => size % 4 === 0;

/** How a tensor of shape `from` is seen as one of shape `to`; null when four neighbours are neither neighbours nor one. */
export function viewOf(from: Shape, to: Shape): View | null {
  if (to.includes(0)) return null;
  const runs = runsOf(from, to);
  if (runs.every(({ isKept }) => !isKept)) return { kind: "splat" };
  if (runs.every(({ isKept }) => isKept)) return { kind: "direct" };
  const inside = runs[0]?.isKept ? runs : runs.slice(1);
  const [kept, after, ...more] = inside;
  if (kept === undefined || more.length > 0) return null;
  const [period, inner] = [kept.size, after?.size ?? 1];
  if (inner === 1) return isMultiple(period) ? { kind: "repeat", inner, period } : null;
  return isMultiple(inner) ? { kind: "repeat", inner, period } : null;
}

/** The values of a program, with the broadcasts that loops of this machine see as views. */
export type ViewedValues = Values<View>;
