// Choosing between two tensors, element by element.
import { apply } from "../door/interpreter.ts";
import { commonDType, type Primitive } from "../door/primitive.ts";
import { dtypeError, shapeError } from "../errors/messages.ts";
import { mapCells } from "../kernels/map.ts";
import { broadcastShapes, sameShape, sizeOf } from "../tensors/shape.ts";
import { checkOperand, type Operand, type Tensor, type TensorType } from "../tensors/tensor.ts";
import { symmetric } from "./maps.ts";
import { fill, operands } from "./operands.ts";
import type { SiteOptions } from "./options.ts";

function whereDType([condition, a, b]: readonly TensorType[]): TensorType["dtype"] {
  if (condition?.dtype === "bool") return commonDType("where", [a as TensorType, b as TensorType]);
  throw dtypeError("where", "a condition of dtype bool", [String(condition?.dtype)], "compare with notEqual(x, 0)");
}

export const wherePrimitive: Primitive<null> = {
  name: "where",
  dtype: whereDType,
  shape(inputs) {
    const shapes = inputs.map((x) => x.shape);
    if (shapes.every((shape) => sameShape(shape, inputs[0].shape))) return inputs[0].shape;
    throw shapeError("where", "operands differ", "three equal shapes", shapes, "use broadcastTo");
  },
  forward: (k, inputs) => mapCells(k, (m, condition, a, b) => m.select(condition, a, b), inputs),
  // the branch not taken gets an exact zero, which no later factor can turn into NaN
  linearize: ({ inputs: [condition] }) => [
    null,
    () => symmetric((v) => where(condition, v, 0)),
    () => symmetric((v) => where(condition, 0, v)),
  ],
  cost: ([x]) => ({ select: sizeOf(x.shape) }),
};

/**
 * Chooses element by element: `y = a` where the condition is true, else `b`.
 *
 * The branch not taken gets derivative exactly 0, also when its own derivative is infinite or NaN there.
 * Cost: 1 selection per element. Operands broadcast as in NumPy.
 *
 * @param condition - `bool`
 * @param a - tensor or number, taken where the condition is true
 * @param b - tensor or number of the dtype of `a`, taken elsewhere
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "dtype" when the condition is not bool or `a` and `b` differ; "shape" when they do not broadcast
 * @example
 * grad((x) => where(greater(x, 0), sqrt(x), 0))(tensor(-1)) // 0
 */
export function where(condition: Tensor, a: Operand, b: Operand, options: SiteOptions = {}): Tensor {
  checkOperand("where", condition);
  const [left, right] = operands("where", [a, b]) as [Tensor, Tensor];
  const shape = broadcastShapes("where", [condition.shape, left.shape]);
  const inputs = [condition, left, right].map((x) => fill(x, shape, x.dtype));
  return apply(wherePrimitive, inputs, null, options.site);
}
