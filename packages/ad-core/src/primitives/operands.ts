// From what the user wrote to what a primitive takes: numbers become tensors, shapes are broadcast.
import { type DType, roundTo } from "../dtypes/dtype.ts";
import { full } from "../tensors/create.ts";
import { broadcastShapes, type Shape } from "../tensors/shape.ts";
import { checkOperand, type Operand, type Tensor } from "../tensors/tensor.ts";
import { broadcastTo } from "./sum.ts";

/** Tensors of one shape: plain numbers take the dtype of the first tensor (`f64` when there is none). */
export function operands(where: string, values: readonly Operand[]): Tensor[] {
  for (const value of values) checkOperand(where, value, true);
  const dtype: DType = values.find((value) => typeof value !== "number")?.dtype ?? "f64";
  const shape = broadcastShapes(
    where,
    values.map((value) => (typeof value === "number" ? [] : value.shape)),
  );
  return values.map((value) => fill(value, shape, dtype));
}

/** A setting that is a number takes the dtype of the operand too: it is rounded to it. */
export function settingLike(where: string, x: Operand, value: number): number {
  checkOperand(where, x, true);
  return typeof x === "number" ? value : roundTo(x.dtype)(value);
}

/** An operand as a tensor of this shape. */
export const fill = (value: Operand, shape: Shape, dtype: DType): Tensor =>
  typeof value === "number" ? full(shape, value, { dtype }) : broadcastTo(value, shape);
