// Reductions in their stated order, which is the same on every machine and for every number of threads.
import type { Arithmetic, Store } from "../arithmetic/algebra.ts";
import type { Cells } from "../door/primitive.ts";
import { rowsAlong } from "./indices.ts";

const lanes = 16;
const groupSize = 4096;

/** Combines one group: lane `l` takes the terms `l, l + 16, ...` in order; then halves of the lanes are combined. */
function reduceGroup<N>(start: number, end: number, term: (i: number) => N, combine: (a: N, b: N) => N): N {
  const width = Math.min(lanes, end - start);
  const lane: N[] = [];
  for (let l = 0; l < width; l++) {
    let total = term(start + l);
    for (let i = start + l + lanes; i < end; i += lanes) total = combine(total, term(i));
    lane.push(total);
  }
  for (let half = lanes / 2; half >= 1; half /= 2) {
    for (let l = 0; l < half && l + half < width; l++) lane[l] = combine(lane[l] as N, lane[l + half] as N);
  }
  return lane[0] as N;
}

/**
 * The stated order of every sum of `n >= 1` terms: groups of 4096 consecutive terms, 16 lanes within a group combined
 * by halving, then the groups in order. It costs `n - 1` combinations.
 */
export function reduceInOrder<N>(n: number, term: (i: number) => N, combine: (a: N, b: N) => N): N {
  let total = reduceGroup(0, Math.min(groupSize, n), term, combine);
  for (let start = groupSize; start < n; start += groupSize) {
    total = combine(total, reduceGroup(start, Math.min(start + groupSize, n), term, combine));
  }
  return total;
}

/** Calls `reduceRow` for every row along `axes`, with a reader of the row's elements. */
export function reduceRows<N>(
  k: Arithmetic<N>,
  x: Cells<N>,
  axes: readonly number[],
  reduceRow: (n: number, term: (i: number) => N) => N,
): Store<N> {
  const { starts, steps } = rowsAlong(x.shape, axes);
  const out = k.allocate(starts.length);
  for (let row = 0; row < starts.length; row++) {
    const start = starts[row] as number;
    out[row] = reduceRow(steps.length, (i) => x.data[start + (steps[i] as number)] as N);
  }
  return out;
}

/** Writes every row along `axes` anew: `rewrite` sees the row, and returns what its elements become. Empty rows are left. */
export function rewriteRows<N>(
  k: Arithmetic<N>,
  x: Cells<N>,
  axes: readonly number[],
  rewrite: (n: number, term: (i: number) => N) => (i: number) => N,
): Store<N> {
  const { starts, steps } = rowsAlong(x.shape, axes);
  const out = k.allocate(x.data.length);
  for (const start of steps.length === 0 ? [] : starts) {
    const element = rewrite(steps.length, (i) => x.data[start + (steps[i] as number)] as N);
    for (let i = 0; i < steps.length; i++) out[start + (steps[i] as number)] = element(i);
  }
  return out;
}

/** Sum of a row; 0 when it is empty. */
export const sumOf = <N>(k: Arithmetic<N>, n: number, term: (i: number) => N): N =>
  n === 0 ? k.sum.constant(0) : reduceInOrder(n, term, k.sum.add);

/** The largest of a row that is not empty. */
export const maximumOf = <N>(k: Arithmetic<N>, n: number, term: (i: number) => N): N =>
  reduceInOrder(n, term, k.sum.maximum);
