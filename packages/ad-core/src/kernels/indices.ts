// Where the elements of a view lie in memory.
import { type Shape, sizeOf, stridesOf } from "../tensors/shape.ts";

/** Memory offsets of all elements of `shape`, in row-major order, when axis `i` moves by `strides[i]`. */
export function offsets(shape: Shape, strides: readonly number[]): Int32Array {
  const found = new Int32Array(sizeOf(shape));
  let filled = found.length === 0 ? 0 : 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const [size, stride] = [shape[axis] as number, strides[axis] as number];
    for (let step = 1; step < size; step++) {
      for (let i = 0; i < filled; i++) found[step * filled + i] = (found[i] as number) + step * stride;
    }
    filled *= size;
  }
  return found;
}

/** A tensor seen as rows: where each row begins, and how far the elements of a row lie from its beginning. */
export interface Rows {
  readonly starts: Int32Array;
  readonly steps: Int32Array;
}

/** The rows of a reduction over `axes`: one row for each element of the result. */
export function rowsAlong(shape: Shape, axes: readonly number[]): Rows {
  const strides = stridesOf(shape);
  const part = (keep: (axis: number) => boolean): Int32Array => {
    const chosen = shape.map((_, axis) => axis).filter(keep);
    return offsets(
      chosen.map((axis) => shape[axis] as number),
      chosen.map((axis) => strides[axis] as number),
    );
  };
  return { starts: part((axis) => !axes.includes(axis)), steps: part((axis) => axes.includes(axis)) };
}

/** The shape without some axes. */
export const dropAxes = (shape: Shape, axes: readonly number[]): number[] =>
  shape.filter((_, axis) => !axes.includes(axis));

/** The shape with some axes reduced to size 1. */
export const keepAxes = (shape: Shape, axes: readonly number[]): number[] =>
  shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
