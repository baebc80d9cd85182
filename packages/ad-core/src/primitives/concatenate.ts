// Tensors one after the other along an axis.
import { apply } from "../door/interpreter.ts";
import type { Primitive } from "../door/primitive.ts";
import { shapeError } from "../errors/messages.ts";
import { offsets } from "../kernels/indices.ts";
import { checkAxis, type Shape, stridesOf } from "../tensors/shape.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";
import { reshape } from "./reshape.ts";
import { pad, slice } from "./slice.ts";

export const concatenatePrimitive: Primitive<number> = {
  name: "concatenate",
  shape: (parts, axis) =>
    joinedShape(
      parts.map((part) => part.shape),
      axis,
    ),
  forward(k, parts, axis) {
    const shape = joinedShape(
      parts.map((part) => part.shape),
      axis,
    );
    const out = k.allocate(shape.reduce((product, n) => product * n, 1));
    const strides = stridesOf(shape);
    let start = 0;
    for (const part of parts) {
      const corner = start * (strides[axis] as number);
      offsets(part.shape, strides).forEach((offset, i) => {
        out[corner + offset] = part.data[i] as (typeof part.data)[number];
      });
      start += part.shape[axis] as number;
    }
    return out;
  },
  // each part is a box of the result
  linearize: ({ inputs, params: axis, output }) =>
    inputs.map((part, i) => () => {
      const before = output.shape.map((_, a) => (a === axis ? lengthBefore(inputs, i, axis) : 0));
      const end = part.shape.map((n, a) => n + (before[a] as number));
      const after = output.shape.map((n, a) => n - (end[a] as number));
      return { jvp: (dx) => pad(dx, before, after), vjp: (gy) => slice(gy, before, end) };
    }),
  cost: () => ({}),
};

const lengthBefore = (parts: readonly Tensor[], index: number, axis: number): number =>
  parts.slice(0, index).reduce((total, part) => total + (part.shape[axis] as number), 0);

function joinedShape(shapes: readonly Shape[], axis: number): number[] {
  const model = shapes[0] as Shape;
  const fits = shapes.every((s) => s.length === model.length && s.every((n, a) => a === axis || n === model[a]));
  if (!fits) {
    const expected = `shapes that agree apart from axis ${axis}`;
    throw shapeError("concatenate", "parts do not fit together", expected, shapes, "pad or slice them first");
  }
  return model.map((n, a) => (a === axis ? shapes.reduce((total, s) => total + (s[axis] as number), 0) : n));
}

/**
 * Joins tensors along an axis.
 *
 * Cost: no arithmetic.
 *
 * @param parts - one or more tensors of one dtype whose other axes agree
 * @param axis - along which they follow each other; the first when absent
 * @returns the joined tensor
 * @throws AdError "shape" when there is no part, or other axes differ; "dtype" for mixed dtypes
 * @example
 * concatenate([tensor([1, 2]), tensor([3])]) // [1, 2, 3]
 */
export function concatenate(parts: readonly Tensor[], axis = 0): Tensor {
  for (const part of parts) checkOperand("concatenate", part);
  const shape = parts[0]?.shape;
  if (!shape) throw shapeError("concatenate", "nothing to join", "at least one tensor", [], "pass a tensor");
  const along = checkAxis("concatenate", axis, shape);
  return apply(concatenatePrimitive, parts, along);
}

/**
 * Joins tensors of one shape along a new axis.
 *
 * Cost: no arithmetic.
 *
 * @param parts - one or more tensors of one shape and dtype
 * @param axis - where the new axis stands in the result, counted from the end when negative; the first when absent
 * @returns the shape of the parts with a new axis as long as the list
 * @throws AdError "shape" when there is no part or shapes differ; "dtype" for mixed dtypes
 * @example
 * stack([tensor([1, 2]), tensor([3, 4])]) // [[1, 2], [3, 4]]
 */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  for (const part of parts) checkOperand("stack", part);
  const shape = parts[0]?.shape;
  if (!shape) throw shapeError("stack", "nothing to join", "at least one tensor", [], "pass a tensor");
  const at = checkAxis("stack", axis, [...shape, 1]);
  if (parts.some((part) => part.shape.join() !== shape.join())) {
    throw shapeError(
      "stack",
      "parts differ",
      "equal shapes",
      parts.map((part) => part.shape),
      "broadcast them first",
    );
  }
  return concatenate(
    parts.map((part) => reshape(part, part.shape.toSpliced(at, 0, 1))),
    at,
  );
}
