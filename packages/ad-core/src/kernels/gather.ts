// Moving slices by numbers that stand in a tensor.
import type { Arithmetic, Store } from "../arithmetic/algebra.ts";
import type { Cells } from "../door/primitive.ts";
import { domainError } from "../errors/messages.ts";
import { sizeOf } from "../tensors/shape.ts";

/** The numbers in a tensor of indices, each from 0 to `size - 1`. */
function readIndices<N>(where: string, k: Arithmetic<N>, indices: Cells<N>, size: number): Int32Array {
  return Int32Array.from({ length: indices.data.length }, (_, i) => {
    const index = k.read(indices.data[i] as N);
    if (index >= 0 && index < size) return index;
    const expected = size === 0 ? "no index, for the axis is empty" : `0 to ${size - 1}`;
    throw domainError(where, `index ${i}`, expected, index, "check the indices or the axis");
  });
}

/** For each element of the gathered slices, in row-major order, the element of `x` that it is. */
function sources<N>(where: string, k: Arithmetic<N>, x: Cells<N>, indices: Cells<N>, axis: number): Int32Array {
  const size = x.shape[axis] as number;
  const found = readIndices(where, k, indices, size);
  const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
  const from = new Int32Array(outer * found.length * inner);
  let filled = 0;
  for (let block = 0; block < outer; block++) {
    for (const index of found) {
      const start = (block * size + index) * inner;
      for (let i = 0; i < inner; i++) from[filled++] = start + i;
    }
  }
  return from;
}

/** The slices of `x` along an axis whose numbers are given. */
export function takeSlices<N>(k: Arithmetic<N>, x: Cells<N>, indices: Cells<N>, axis: number): Store<N> {
  const from = sources("gather", k, x, indices, axis);
  const out = k.allocate(from.length);
  for (let i = 0; i < from.length; i++) out[i] = x.data[from[i] as number] as N;
  return out;
}

/** `x` with updates added at the slices whose numbers are given, one after the other in row-major order of the updates. */
export function addSlices<N>(
  k: Arithmetic<N>,
  x: Cells<N>,
  indices: Cells<N>,
  updates: Cells<N>,
  axis: number,
): Store<N> {
  const to = sources("scatterAdd", k, x, indices, axis);
  const out = k.allocate(x.data.length);
  for (let i = 0; i < out.length; i++) out[i] = x.data[i] as N;
  for (let i = 0; i < to.length; i++) {
    const target = to[i] as number;
    out[target] = k.sum.add(out[target] as N, updates.data[i] as N);
  }
  return out;
}
