// Which branches a run along directions took where several tie.
import type { Tensor } from "@nonsmooth/ad-core";
import { pick } from "../branches/rank.ts";
import { eachRow, type Numbers } from "../branches/rows.ts";
import type { Lock } from "./chooser.ts";
import { indexOf, numbersOf } from "./numbers.ts";

/** One place of an instruction where branches tie. */
export interface LockedPlace {
  /** Where it is in the result of the operation, without the axis that is sorted. */
  readonly index: readonly number[];
  /** How many branches tie; 0 for a norm at 0. */
  readonly ties: number;
  /** Numbers of the branches taken, in written order from 0; none for a norm at 0, which takes a direction. */
  readonly branches: readonly number[];
}

/** An instruction that sat on a kink, and what was taken there. */
export interface LockedInstruction {
  readonly name: string;
  readonly site: string;
  /** How many instructions passed before it in the run. */
  readonly position: number;
  /** At how many places branches tie. */
  readonly tied: number;
  /** At how many of them the branches tie along every direction too, so that the first in written order was taken. */
  readonly undecided: number;
  /** The first of them, at most 100. */
  readonly places: readonly LockedPlace[];
}

const limit = 100;

const numbers = (x: Tensor): Numbers => {
  const { shape, data } = numbersOf("locked", x);
  return { shape, at: (i) => data[i] as number };
};

/** Reads one kink. An instruction without ties has no places. */
function readLock(lock: Lock, tolerance: number): LockedInstruction {
  const { name, site, position, lists, present, along, order } = lock;
  const [first] = lists.map(([branch]) => (branch as Tensor).shape) as [readonly number[]];
  const shape = along ? first.slice(0, -1) : first;
  const layout = { keys: lists.length, along, masked: present !== null };
  const places: LockedPlace[] = [];
  const count = { tied: 0, undecided: 0 };
  const take = (place: number, ties: number, branches: readonly number[], isUndecided: boolean): void => {
    count.tied++;
    if (isUndecided) count.undecided++;
    if (places.length < limit) places.push({ index: indexOf(place, shape), ties, branches });
  };
  eachRow([...lists.flat(), ...(present ? [present] : [])].map(numbers), layout, (row, place) => {
    if (order === "point") {
      const isZero = (key: Float64Array): boolean => key.every((v) => v === 0);
      const [values, ...tangents] = row.keys as [Float64Array, ...Float64Array[]];
      if (values.every((v) => v * v === 0)) take(place, 0, [], tangents.every(isZero));
      return;
    }
    const { branches, tied, undecided } = pick(row, order, tolerance);
    if (tied > 1) take(place, tied, branches, undecided > 1);
  });
  return { name, site, position, ...count, places };
}

/**
 * The instructions that sat on a kink, in the order of the run. Kinks inside of a branch stand under the name of the
 * operation that has it, and only if they are undecided.
 */
export const readLocks = (locks: readonly Lock[], tolerance: number): LockedInstruction[] =>
  locks.flatMap((lock) => {
    const read = readLock(lock, tolerance);
    return read.undecided > 0 || (read.tied > 0 && !lock.isInner) ? [read] : [];
  });
