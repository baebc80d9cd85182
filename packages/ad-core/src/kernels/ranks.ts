// Rows in ascending order: sorting by merging, runs of values that tie, and the middle.
import type { Arithmetic, Store } from "../arithmetic/algebra.ts";
import type { Cells } from "../door/primitive.ts";
import { sizeOf } from "../tensors/shape.ts";
import { rowsAlong } from "./indices.ts";

/** Whether two numbers tie: NaN ties with NaN, and -0 with +0. */
export const isTied = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** Whether `a` stands before `b`: NaN stands after every number. */
const isBefore = (a: number, b: number): boolean => a < b || (Number.isNaN(b) && !Number.isNaN(a));

/** Merges two sorted runs of at most `width` places, which follow each other from `start` on; the left one first at ties. */
function merge(values: ArrayLike<number>, from: Int32Array, to: Int32Array, start: number, width: number): void {
  const middle = Math.min(start + width, from.length);
  const end = Math.min(middle + width, from.length);
  let [left, right] = [start, middle];
  const at = (place: number): number => values[from[place] as number] as number;
  for (let place = start; place < end; place++) {
    const takesRight = left === middle || (right < end && isBefore(at(right), at(left)));
    to[place] = from[takesRight ? right++ : left++] as number;
  }
}

/** Numbers of the elements in ascending order, NaN last; elements that tie stay in their order. */
export function ascending(values: ArrayLike<number>): Int32Array {
  let from = Int32Array.from(values, (_, i) => i);
  let to = new Int32Array(from.length);
  for (let width = 1; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width) merge(values, from, to, start, width);
    [from, to] = [to, from];
  }
  return from;
}

/** The most comparisons that {@link ascending} makes for `n` numbers: `n` in each of `⌈log2 n⌉` rounds. */
export function comparisons(n: number): number {
  let rounds = 0;
  for (let width = 1; width < n; width *= 2) rounds++;
  return n * rounds;
}

/** For each place of a row in ascending order, the place at which its run of values that tie begins. */
export function runStarts(values: ArrayLike<number>, order: Int32Array): Int32Array {
  const starts = new Int32Array(order.length);
  for (let place = 1; place < order.length; place++) {
    const [before, here] = [values[order[place - 1] as number], values[order[place] as number]] as [number, number];
    starts[place] = isTied(before, here) ? (starts[place - 1] as number) : place;
  }
  return starts;
}

/** The two places in the middle of a row in ascending order, which are one for an odd length; a NaN is the middle of all. */
export function middles(values: ArrayLike<number>, order: Int32Array): readonly [lower: number, upper: number] {
  const end = order.length - 1;
  if (Number.isNaN(values[order[end] as number])) return [end, end];
  return [Math.floor(end / 2), Math.ceil(end / 2)];
}

/** Sorts the rows along one axis. */
export function sortRows<N>(k: Arithmetic<N>, x: Cells<N>, axis: number): Store<N> {
  const { starts, steps } = rowsAlong(x.shape, [axis]);
  const out = k.allocate(sizeOf(x.shape));
  for (const start of starts) {
    const row = Array.from(steps, (step) => x.data[start + step] as N);
    ascending(row.map((value) => k.read(value))).forEach((source, place) => {
      out[start + (steps[place] as number)] = row[source] as N;
    });
  }
  return out;
}

/** The element in the middle of a row that is not empty, or half the sum of the two that are; NaN wins. */
export function medianOf<N>(k: Arithmetic<N>, n: number, term: (i: number) => N): N {
  const values = Array.from({ length: n }, (_, i) => k.read(term(i)));
  const order = ascending(values);
  const [lower, upper] = middles(values, order).map((place) => term(order[place] as number)) as [N, N];
  return n % 2 === 1 ? lower : k.sum.mul(k.sum.add(lower, upper), k.sum.constant(0.5));
}
