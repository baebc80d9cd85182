// The same numbers, seen or treated differently.
import { apply } from "../door/interpreter.ts";
import type { Primitive } from "../door/primitive.ts";
import { checkDType, type DType, isReal } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import { domainError, dtypeError } from "../errors/messages.ts";
import { sizeOf } from "../tensors/shape.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";
import { identity } from "./maps.ts";

export const castPrimitive: Primitive<DType> = {
  name: "cast",
  dtype: (_inputs, dtype) => dtype,
  shape: ([x]) => x.shape,
  forward: (_k, [x]) => x.data,
  linearize: ({ inputs: [x], params: dtype }) => [
    isReal(x.dtype) && isReal(dtype) ? () => ({ jvp: (dx) => cast(dx, dtype), vjp: (gy) => cast(gy, x.dtype) }) : null,
  ],
  cost: () => ({}),
};

/**
 * The same numbers in another dtype: rounded once to nearest for reals, towards zero and saturating for `i32` (NaN
 * becomes 0), and zero or not for `bool`.
 *
 * Between reals the derivative is the cast itself; towards `i32` and `bool` there is none.
 * Cost: no arithmetic.
 *
 * @param x - any shape
 * @param dtype - the dtype of the result
 * @returns the shape of `x`
 * @throws AdError "dtype" for an unknown dtype
 * @example
 * cast(tensor([1.5, -2.7]), "i32") // [1, -2]
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  checkOperand("cast", x);
  return checkDType("cast", dtype) === x.dtype ? x : apply(castPrimitive, [x], dtype);
}

export const stopGradientPrimitive: Primitive<null> = {
  name: "stopGradient",
  shape: ([x]) => x.shape,
  forward: (_k, [x]) => x.data,
  linearize: () => [null],
  cost: () => ({}),
  statement: () => ({ arity: 1, on: "any", value: (_m, a) => a }),
};

/**
 * The same value without derivative.
 *
 * Cost: no arithmetic.
 *
 * @param x - any shape
 * @returns the shape of `x`
 * @example
 * grad((x) => mul(x, stopGradient(x)))(tensor(3)) // 3
 */
export const stopGradient = (x: Tensor): Tensor => apply(stopGradientPrimitive, [x], null);

/** The same value, behind a wall that no simplification sees through: what is computed again stays computed again. */
export const barrierPrimitive: Primitive<null> = {
  name: "barrier",
  shape: ([x]) => x.shape,
  forward: (_k, [x]) => x.data,
  linearize: () => [() => identity],
  cost: () => ({}),
  isBarrier: true,
};

export const barrier = (x: Tensor): Tensor => apply(barrierPrimitive, [x], null);

/**
 * The value of a function that has a derivative of its own, and after it the arguments: in a recording, which cannot hold
 * that derivative. Whatever follows one of them is refused.
 */
export const customValuePrimitive: Primitive<null> = {
  name: "customValue",
  dtype: ([y]) => y.dtype,
  shape: ([y]) => y.shape,
  forward: (_k, [y]) => y.data,
  linearize: ({ inputs }) => inputs.map(() => refuseRecorded),
  cost: () => ({}),
};

function refuseRecorded(): never {
  throw new AdError({
    code: "unsupported",
    where: "customDerivative",
    problem: "a recorded program was differentiated where a derivative of its own was given",
    expected: "a program that holds the derivative",
    got: "one that holds the value only",
    remedy: "record the gradient: trace(grad(f), args)",
  });
}

export interface OneHotParams {
  readonly classes: number;
  readonly dtype: DType;
}

export const oneHotPrimitive: Primitive<OneHotParams> = {
  name: "oneHot",
  dtype([labels], { dtype }) {
    if (labels.dtype === "i32") return dtype;
    throw dtypeError("oneHot", "labels of dtype i32", [labels.dtype], 'convert them with cast(labels, "i32")');
  },
  shape: ([labels], { classes }) => [...labels.shape, classes],
  forward(k, [labels], { classes }) {
    const out = k.allocate(sizeOf(labels.shape) * classes);
    for (let i = 0; i < out.length; i++) out[i] = k.sum.constant(0);
    for (let i = 0; i < labels.data.length; i++) {
      const label = k.read(labels.data[i] as (typeof out)[number]);
      if (label < 0 || label >= classes) {
        throw domainError(
          "oneHot",
          `label ${i}`,
          `0 to ${classes - 1}`,
          label,
          "check the labels or the number of classes",
        );
      }
      out[i * classes + label] = k.sum.constant(1);
    }
    return out;
  },
  linearize: () => [null],
  cost: () => ({}),
};

/**
 * Turns labels into rows with a single 1. The result carries no derivative.
 *
 * Cost: no arithmetic.
 *
 * @param labels - `i32`, any shape up to rank 5, from 0 to `classes - 1`
 * @param classes - length of a row
 * @param dtype - `f64` when absent
 * @returns the shape of `labels` with one further axis
 * @throws AdError "dtype" when labels are not `i32`; "domain" when a label is out of range
 * @example
 * oneHot(tensor([1, 0], { dtype: "i32" }), 2) // [[0, 1], [1, 0]]
 */
export const oneHot = (labels: Tensor, classes: number, dtype: DType = "f64"): Tensor =>
  apply(oneHotPrimitive, [labels], { classes, dtype: checkDType("oneHot", dtype) });
