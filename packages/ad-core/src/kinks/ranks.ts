// Reading rows of which an operation takes elements by their rank: medians, and all of them in order.
import { ascending, middles } from "../kernels/ranks.ts";

/** For each place of a row in ascending order, the place where its run of values that tie begins. NaN is no kink. */
function runsOf(values: ArrayLike<number>, order: Int32Array, tolerance: number): number[] {
  const at = (place: number): number => values[order[place] as number] as number;
  const starts: number[] = [];
  for (let place = 0; place < order.length; place++) {
    const ties = place > 0 && (at(place) === at(place - 1) || at(place) - at(place - 1) <= tolerance);
    starts.push(ties ? (starts[place - 1] as number) : place);
  }
  return starts;
}

/**
 * How many elements compete for the place of one, or for the two places in the middle: 1 when none does. Two that tie in
 * the middle alone do not compete, for each of them has a place.
 */
function rivals(starts: readonly number[], [lower, upper]: readonly [number, number]): number {
  const lengthAt = (place: number): number => starts.filter((start) => start === starts[place]).length;
  if (lower !== upper && starts[lower] === starts[upper]) return lengthAt(lower) > 2 ? lengthAt(lower) : 1;
  return Math.max(lengthAt(lower), lengthAt(upper));
}

/** The elements that a row gives, and how many tie: in the middle, or in the longest run. */
export function rankRow(
  values: ArrayLike<number>,
  kind: "sort" | "median",
  tolerance: number,
): [winners: ArrayLike<number>, ties: number] {
  const order = ascending(values);
  const starts = runsOf(values, order, tolerance);
  if (kind === "sort") return [order, starts.reduce((most, start, place) => Math.max(most, place - start + 1), 0)];
  const middle = middles(values, order);
  return [middle.map((place) => order[place] as number), rivals(starts, middle)];
}
