// Axes in another order.
import { apply } from "../door/interpreter.ts";
import type { Primitive } from "../door/primitive.ts";
import { shapeError } from "../errors/messages.ts";
import { offsets } from "../kernels/indices.ts";
import { moveCells } from "../kernels/scatter.ts";
import { checkAxis, type Shape, stridesOf } from "../tensors/shape.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";

const permute = (shape: Shape, order: readonly number[]): number[] => order.map((axis) => shape[axis] as number);

const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

export const transposePrimitive: Primitive<readonly number[]> = {
  name: "transpose",
  shape: ([x], order) => permute(x.shape, order),
  forward: (k, [x], order) => moveCells(k, x, offsets(permute(x.shape, order), permute(stridesOf(x.shape), order))),
  linearize: ({ params: order }) => [
    () => ({
      jvp: (dx) => apply(transposePrimitive, [dx], order),
      vjp: (gy) => apply(transposePrimitive, [gy], inverse(order)),
    }),
  ],
  cost: () => ({}),
};

/**
 * Reorders axes.
 *
 * Cost: no arithmetic.
 *
 * @param x - any shape
 * @param order - axis `i` of the result is axis `order[i]` of `x`; the reverse of all axes when absent
 * @returns the permuted shape
 * @throws AdError "shape" when `order` does not name each axis once
 * @example
 * transpose(tensor([[1, 2], [3, 4]])) // [[1, 3], [2, 4]]
 */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  checkOperand("transpose", x);
  const axes =
    order?.map((axis) => checkAxis("transpose", axis, x.shape)) ?? x.shape.map((_, axis) => axis).toReversed();
  if (axes.length !== x.shape.length || new Set(axes).size !== axes.length) {
    throw shapeError("transpose", `[${order}] is no order`, "each axis once", [x.shape], "name every axis");
  }
  return axes.every((axis, i) => axis === i) ? x : apply(transposePrimitive, [x], axes);
}
