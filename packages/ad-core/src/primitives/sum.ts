// Sums over axes and broadcasting: each is the transpose of the other.
import { timesHistogram } from "../arithmetic/algebra.ts";
import { apply } from "../door/interpreter.ts";
import { numericDType, type Primitive } from "../door/primitive.ts";
import { shapeError } from "../errors/messages.ts";
import { dropAxes, keepAxes, offsets } from "../kernels/indices.ts";
import { reduceRows, sumOf } from "../kernels/reduce.ts";
import { moveCells } from "../kernels/scatter.ts";
import { broadcastShapes, checkShape, type Shape, sameShape, sizeOf, stridesOf } from "../tensors/shape.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";
import { type AxisOptions, axesOf, keepDims } from "./options.ts";
import { reshape } from "./reshape.ts";
import { reducedAxes } from "./summed.ts";

export const sumPrimitive: Primitive<readonly number[]> = {
  name: "sum",
  dtype: (inputs) => numericDType("sum", inputs),
  shape: ([x], axes) => dropAxes(x.shape, axes),
  forward: (k, [x], axes) => reduceRows(k, x, axes, (n, term) => sumOf(k, n, term)),
  // y = sum x: each term moves the sum by as much as itself
  linearize: ({ inputs: [x], params: axes }) => [
    () => ({ jvp: (dx) => apply(sumPrimitive, [dx], axes), vjp: (gy) => spread(gy, x.shape, axes) }),
  ],
  cost: ([x], axes) => {
    const rows = sizeOf(dropAxes(x.shape, axes));
    return timesHistogram(Math.max(0, sizeOf(x.shape) - rows), { add: 1 });
  },
  sums: (_inputs, axes) => reducedAxes(axes),
};

/** Repeats `gy` along the axes that a reduction of a tensor of this shape has dropped. */
export const spread = (gy: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  broadcastTo(reshape(gy, keepAxes(shape, axes)), shape);

/** The axes along which a tensor of shape `from` is repeated to fill shape `to`. */
const repeatedAxes = (from: Shape, to: Shape): number[] =>
  to.map((_, axis) => axis).filter((axis) => (from[axis - to.length + from.length] ?? 1) !== to[axis]);

export const broadcastToPrimitive: Primitive<Shape> = {
  name: "broadcastTo",
  shape: (_inputs, shape) => shape,
  forward(k, [x], shape) {
    const strides = stridesOf(x.shape);
    const steps = shape.map((_, axis) => axis - shape.length + x.shape.length);
    return moveCells(
      k,
      x,
      offsets(
        shape,
        steps.map((axis) => (x.shape[axis] === 1 ? 0 : (strides[axis] ?? 0))),
      ),
    );
  },
  // y repeats x: a repeated element collects the cotangents of its copies
  linearize: ({ inputs: [x], params: shape }) => [
    () => ({
      jvp: (dx) => broadcastTo(dx, shape),
      vjp: (gy) => reshape(apply(sumPrimitive, [gy], repeatedAxes(x.shape, shape)), x.shape),
    }),
  ],
  cost: () => ({}),
};

/**
 * Sum over axes, `y = x_1 + ... + x_n`.
 *
 * Cost: n - 1 additions for n terms. An empty sum is 0. In `f16` and `bf16` sums are kept in 32 bits and rounded once.
 * The terms of one sum are added in a stated order: groups of 4096, 16 lanes within a group.
 *
 * @param x - any shape; `i32` sums wrap around
 * @param options - `axes` (all when absent), `keepDims`, `site`
 * @returns the shape of `x` without the axes
 * @throws AdError "shape" when an axis does not exist or repeats
 * @example
 * sum(tensor([[1, 2], [3, 4]]), { axes: 0 }) // [4, 6]
 */
export function sum(x: Tensor, options: AxisOptions = {}): Tensor {
  const axes = axesOf("sum", x, options);
  return keepDims(apply(sumPrimitive, [x], axes, options.site), x.shape, axes, options);
}

/**
 * Repeats a tensor to fill a shape, by NumPy's rule.
 *
 * Cost: no arithmetic; backward, a sum over the copies.
 *
 * @param x - any shape that broadcasts to `shape`
 * @param shape - rank 0 to 6
 * @returns a tensor of that shape
 * @throws AdError "shape" when `x` does not broadcast to it
 * @example
 * broadcastTo(tensor([1, 2]), [2, 2]) // [[1, 2], [1, 2]]
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkOperand("broadcastTo", x);
  if (sameShape(x.shape, shape)) return x;
  checkShape("broadcastTo", shape);
  if (!sameShape(broadcastShapes("broadcastTo", [x.shape, shape]), shape)) {
    const expected = `a shape that fills [${shape.join(", ")}]`;
    throw shapeError(
      "broadcastTo",
      "the shape does not hold the tensor",
      expected,
      [x.shape],
      "broadcast the other way",
    );
  }
  return apply(broadcastToPrimitive, [x], [...shape]);
}
