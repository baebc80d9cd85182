// Tensors made from a rule instead of from data.
import { allocate, checkDType, type DType, pack, roundTo } from "../dtypes/dtype.ts";
import { domainError } from "../errors/messages.ts";
import { checkShape, type Shape, sizeOf } from "./shape.ts";
import { DenseTensor, type Tensor } from "./tensor.ts";

/** Settings of the makers: the dtype, `f64` when absent. */
export interface DTypeOptions {
  readonly dtype?: DType;
}

/**
 * A tensor with one value everywhere.
 *
 * @param shape - rank 0 to 6
 * @param value - rounded once to the dtype
 * @returns a tensor of that shape
 * @throws AdError "shape" for more than six axes, "dtype" for an unknown dtype
 * @example
 * full([2, 2], 7) // [[7, 7], [7, 7]]
 */
export function full(shape: Shape, value: number, options: DTypeOptions = {}): Tensor {
  const checked = checkShape("full", shape);
  const dtype = checkDType("full", options.dtype ?? "f64");
  return new DenseTensor([...checked], dtype, allocate(dtype, sizeOf(checked)).fill(roundTo(dtype)(value)));
}

/**
 * A tensor of zeros.
 *
 * @param shape - rank 0 to 6
 * @returns a tensor of that shape
 * @throws AdError "shape" for more than six axes, "dtype" for an unknown dtype
 * @example
 * zeros([3]) // [0, 0, 0]
 */
export const zeros = (shape: Shape, options: DTypeOptions = {}): Tensor => full(shape, 0, options);

/**
 * A tensor of ones.
 *
 * @param shape - rank 0 to 6
 * @returns a tensor of that shape
 * @throws AdError "shape" for more than six axes, "dtype" for an unknown dtype
 * @example
 * ones([2], { dtype: "i32" }) // [1, 1]
 */
export const ones = (shape: Shape, options: DTypeOptions = {}): Tensor => full(shape, 1, options);

/**
 * The numbers 0, 1, ..., n - 1.
 *
 * @param n - how many, a whole number
 * @returns `[n]`
 * @throws AdError "domain" when `n` is not a whole number, "dtype" for an unknown dtype
 * @example
 * arange(4) // [0, 1, 2, 3]
 */
export function arange(n: number, options: DTypeOptions = {}): Tensor {
  const dtype = checkDType("arange", options.dtype ?? "f64");
  if (!Number.isSafeInteger(n) || n < 0) throw domainError("arange", "n", "a whole number", n, "round it");
  return new DenseTensor(
    [n],
    dtype,
    pack(
      dtype,
      Array.from({ length: n }, (_, i) => i),
    ),
  );
}
