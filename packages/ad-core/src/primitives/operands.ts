// From what the user wrote to what a primitive takes: numbers become tensors, shapes are broadcast.
import type { DType } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import { full } from "../tensors/create.ts";
import { broadcastShapes, type Shape } from "../tensors/shape.ts";
import { isTensor, type Operand, type Tensor } from "../tensors/tensor.ts";
import { broadcastTo } from "./sum.ts";

function checkOperand(where: string, value: unknown): value is Operand {
  if (typeof value === "number" || isTensor(where, value)) return true;
  const promise = value instanceof Promise;
  const got = promise ? "a promise" : value === null ? "null" : typeof value;
  const remedy = promise ? "await it before the transform" : "wrap it with tensor";
  throw new AdError({
    code: "data",
    where,
    problem: "an operand is not a tensor",
    expected: "a tensor or a number",
    got,
    remedy,
  });
}

/** Tensors of one shape: plain numbers take the dtype of the first tensor (`f64` when there is none). */
export function operands(where: string, values: readonly Operand[]): Tensor[] {
  for (const value of values) checkOperand(where, value);
  const dtype: DType = values.find((value) => typeof value !== "number")?.dtype ?? "f64";
  const shape = broadcastShapes(
    where,
    values.map((value) => (typeof value === "number" ? [] : value.shape)),
  );
  return values.map((value) => fill(value, shape, dtype));
}

/** An operand as a tensor of this shape. */
export const fill = (value: Operand, shape: Shape, dtype: DType): Tensor =>
  typeof value === "number" ? full(shape, value, { dtype }) : broadcastTo(value, shape);
