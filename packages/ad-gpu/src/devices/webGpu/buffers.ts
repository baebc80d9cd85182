// Which cells share a buffer: those that are never needed at the same time.
import type { Cell, Plan } from "../../lowering/plan.ts";

/** Buffers, and the one of each cell. */
export interface Slots {
  /** Numbers that each buffer holds. */
  readonly sizes: readonly number[];
  readonly of: readonly number[];
}

/**
 * Gives every cell a buffer. Kept cells have their own. A dispatch writes to no buffer that it reads, so that a buffer is free
 * again after the last dispatch that reads its cell; the smallest free one that is large enough is taken, or else the largest
 * grows.
 */
export function slotsOf({ sizes, dispatches, kept }: Plan): Slots {
  const of = new Array<number>(sizes.length).fill(-1);
  const buffers: number[] = [];
  const own = (cell: Cell): void => {
    of[cell] = buffers.push(sizes[cell] as number) - 1;
  };
  const used = new Set(dispatches.flatMap(({ writes }) => writes));
  for (const [cell] of sizes.entries()) if (kept.has(cell) || !used.has(cell)) own(cell);
  const last = new Map<Cell, number>();
  dispatches.forEach(({ reads, writes }, k) => {
    for (const cell of [...reads, writes]) last.set(cell, k);
  });
  const free: number[] = [];
  dispatches.forEach(({ reads, writes }, k) => {
    const size = sizes[writes] as number;
    if ((of[writes] as number) < 0) of[writes] = taken(free, buffers, size);
    for (const cell of new Set([...reads, writes])) {
      if (last.get(cell) !== k || kept.has(cell) || !used.has(cell)) continue;
      free.push(of[cell] as number);
    }
  });
  return { sizes: buffers, of };
}

/** Takes a buffer for so many numbers out of the free ones. */
function taken(free: number[], buffers: number[], size: number): number {
  const bySize = free.toSorted((a, b) => (buffers[a] as number) - (buffers[b] as number));
  const found = bySize.find((buffer) => (buffers[buffer] as number) >= size) ?? bySize.at(-1);
  if (found === undefined) return buffers.push(size) - 1;
  free.splice(free.indexOf(found), 1);
  buffers[found] = Math.max(buffers[found] as number, size);
  return found;
}
