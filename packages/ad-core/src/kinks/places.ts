// Reading signals: at which elements branches meet.
import type { Tensor } from "../tensors/tensor.ts";
import { rankRow } from "./ranks.ts";
import type { Signal, Source } from "./watch.ts";

/** One element of a result that sits on a kink. */
export interface KinkPlace {
  /** Where it is in the result of the operation; where it is without the axis that is sorted, for the elements of a row. */
  readonly index: readonly number[];
  /** The values of all branches in written order; for a norm its value; for a slope that is not finite the slopes. */
  readonly branches: readonly number[];
  /** How many branches tie, of several runs of a sorted row in the longest one; 0 for norms and slopes. */
  readonly ties: number;
}

/** What one instruction says about its elements. */
export interface Reading {
  /** How many elements sit on the kink. */
  readonly count: number;
  /** The first of them. */
  readonly places: readonly KinkPlace[];
  /**
   * Which branch is extreme at each element, the first one of several; for a median those in the middle, for a sort the
   * branches in order; empty for norms and slopes.
   */
  readonly winners: Int32Array;
}

/** How to read. */
export interface ReadingOptions {
  /** Branches this close to the extreme one tie with it. */
  readonly tolerance: number;
  /** At most so many places are kept for each instruction. */
  readonly limit: number;
}

/** The branches of one element. */
export interface Branches {
  readonly values: readonly number[];
  /** Numbers of the branches that exist there. */
  readonly present: readonly number[];
}

/** Reads branches element by element. */
function branchReader({ source, tensors }: Signal): { size: number; at: (element: number) => Branches } {
  const list = source.masked ? tensors.slice(0, -1) : tensors;
  const data = list.map((x) => x.data);
  const mask = source.masked ? tensors.at(-1)?.data : undefined;
  const width = source.along ? (list[0]?.shape.at(-1) ?? 1) : 1;
  const size = (data[0]?.length ?? 0) / width;
  const branches = Array.from({ length: data.length * width }, (_, i) => i);
  const at = (element: number): Branches => ({
    values: branches.map((i) => data[Math.floor(i / width)]?.[element * width + (i % width)] as number),
    present: mask ? branches.filter((i) => mask[element * width + i] !== 0) : branches,
  });
  return { size, at };
}

/** The extreme branch of an element, and how many tie with it. NaN is no kink. */
export function weigh({ values, present }: Branches, order: Source["order"], tolerance: number): [number, number] {
  const sign = order === "max" ? 1 : -1;
  let winner = present[0] ?? 0;
  for (const i of present) if (sign * (values[i] as number) > sign * (values[winner] as number)) winner = i;
  const extreme = values[winner] as number;
  const ties = present.filter((i) => values[i] === extreme || Math.abs((values[i] as number) - extreme) <= tolerance);
  return [winner, ties.length];
}

/** The branches that an element takes, and how many tie. */
function meet(
  branches: Branches,
  order: Source["order"],
  tolerance: number,
): [winners: ArrayLike<number>, ties: number] {
  if (order === "sort" || order === "median") return rankRow(branches.values, order, tolerance);
  const [winner, ties] = weigh(branches, order, tolerance);
  return [[winner], ties];
}

function indexOf(element: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let left = element;
  for (const size of shape.toReversed()) {
    index.unshift(left % size);
    left = Math.floor(left / size);
  }
  return index;
}

/** Which elements of an instruction sit on its kink. */
export function readSignal(signal: Signal, { tolerance, limit }: ReadingOptions): Reading {
  const { source, tensors } = signal;
  const { size, at } = branchReader(signal);
  const hasBranches = source.type === "tie" || source.type === "jump";
  const winners: number[] = [];
  const shape = (tensors[0] as Tensor).shape.slice(0, source.along ? -1 : undefined);
  const places: KinkPlace[] = [];
  let count = 0;
  for (let element = 0; element < size; element++) {
    const branches = at(element);
    const [found, ties] = hasBranches ? meet(branches, source.order, tolerance) : [[], 0];
    for (let i = 0; i < found.length; i++) winners.push(found[i] as number);
    if (!isKink(source, branches.values, ties, tolerance)) continue;
    count++;
    if (places.length < limit) places.push({ index: indexOf(element, shape), branches: branches.values, ties });
  }
  return { count, places, winners: Int32Array.from(winners) };
}

function isKink({ type }: Source, values: readonly number[], ties: number, tolerance: number): boolean {
  if (type === "slope") return values.some((slope) => !Number.isFinite(slope));
  return type === "point" ? Math.abs(values[0] as number) <= tolerance : ties > 1;
}
