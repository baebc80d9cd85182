// Other shapes for the same elements in the same order.
import { apply } from "../door/interpreter.ts";
import type { Primitive } from "../door/primitive.ts";
import { shapeError } from "../errors/messages.ts";
import { checkAxes, checkShape, type Shape, sameShape, sizeOf } from "../tensors/shape.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";

export const reshapePrimitive: Primitive<Shape> = {
  name: "reshape",
  shape: (_inputs, shape) => shape,
  forward: (_k, [x]) => x.data,
  linearize: ({ inputs: [x], params: shape }) => [
    () => ({ jvp: (dx) => reshape(dx, shape), vjp: (gy) => reshape(gy, x.shape) }),
  ],
  cost: () => ({}),
};

/**
 * The same elements in another shape. One size may be -1: it is found from the others.
 *
 * Cost: no arithmetic.
 *
 * @param x - any shape
 * @param shape - as many elements, rank 0 to 6
 * @returns a tensor of that shape
 * @throws AdError "shape" when the number of elements differs
 * @example
 * reshape(tensor([1, 2, 3, 4]), [2, -1]) // [[1, 2], [3, 4]]
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkOperand("reshape", x);
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const found = shape.map((n) => (n === -1 ? sizeOf(x.shape) / known : n));
  if (sameShape(found, x.shape)) return x;
  const holes = shape.filter((n) => n === -1).length;
  if (holes > 1 || !found.every(Number.isSafeInteger) || sizeOf(found) !== sizeOf(x.shape)) {
    const expected = `a shape of ${sizeOf(x.shape)} elements for [${x.shape.join(", ")}]`;
    throw shapeError("reshape", "the number of elements differs", expected, [shape], "check the product of the sizes");
  }
  return apply(reshapePrimitive, [x], checkShape("reshape", found));
}

/**
 * Removes axes of size 1.
 *
 * @param x - any shape
 * @param axes - which ones; all of size 1 when absent
 * @returns the shape of `x` without them
 * @throws AdError "shape" when a named axis has another size
 * @example
 * squeeze(tensor([[1, 2]])) // [1, 2]
 */
export function squeeze(x: Tensor, axes?: number | readonly number[]): Tensor {
  checkOperand("squeeze", x);
  const every = x.shape.map((_, axis) => axis).filter((axis) => x.shape[axis] === 1);
  const removed = axes === undefined ? every : checkAxes("squeeze", axes, x.shape);
  if (removed.some((axis) => x.shape[axis] !== 1)) {
    throw shapeError("squeeze", "an axis is not 1 long", `size 1 at axes ${removed}`, [x.shape], "name other axes");
  }
  return reshape(
    x,
    x.shape.filter((_, axis) => !removed.includes(axis)),
  );
}
