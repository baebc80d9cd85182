// Moving elements by a list of positions, and its transpose.
import type { Arithmetic, Store } from "../arithmetic/algebra.ts";
import type { Cells } from "../door/primitive.ts";

/** Sums that begin with their first term, which a sum that has not begun takes as it is; without terms they are 0. */
export interface Accumulator<N> {
  readonly cells: Store<N>;
  /** 1 where the sum has begun. */
  readonly begun: Uint8Array;
}

/** Places for `size` sums, each of which runs in the order in which its terms come. */
export function accumulator<N>(k: Arithmetic<N>, size: number): Accumulator<N> {
  const cells = k.allocate(size);
  for (let i = 0; i < size; i++) cells[i] = k.sum.constant(0);
  return { cells, begun: new Uint8Array(size) };
}

/** Position `i` of the result is element `from[i]`, or `fill` where `from[i]` is negative. */
export function moveCells<N>(k: Arithmetic<N>, x: Cells<N>, from: Int32Array, fill = 0): ArrayLike<N> {
  const empty = k.sum.constant(fill);
  const out = k.allocate(from.length);
  for (let i = 0; i < from.length; i++) {
    const source = from[i] as number;
    out[i] = source < 0 ? empty : (x.data[source] as N);
  }
  return out;
}

/** The transpose of {@link moveCells}: element `i` is added to position `to[i]`, in ascending order of `i`. */
export function scatterCells<N>(k: Arithmetic<N>, x: Cells<N>, to: Int32Array, size: number): ArrayLike<N> {
  const { cells, begun } = accumulator(k, size);
  for (let i = 0; i < to.length; i++) {
    const target = to[i] as number;
    if (target < 0) continue;
    cells[target] = begun[target] === 1 ? k.sum.add(cells[target] as N, x.data[i] as N) : (x.data[i] as N);
    begun[target] = 1;
  }
  return cells;
}
