// Taking slices by their number, and adding slices at numbers: each is the transpose of the other.
import { apply } from "../door/interpreter.ts";
import { type Inputs, numericDType, type Primitive } from "../door/primitive.ts";
import type { DType } from "../dtypes/dtype.ts";
import { checkSettings, dtypeError, shapeError } from "../errors/messages.ts";
import { addSlices, takeSlices } from "../kernels/gather.ts";
import { full } from "../tensors/create.ts";
import { type Shape, sameShape, sizeOf } from "../tensors/shape.ts";
import { checkOperand, type Tensor, type TensorType } from "../tensors/tensor.ts";
import { identity } from "./maps.ts";
import { axisOf, type SiteOptions } from "./options.ts";
import { broadcastTo } from "./sum.ts";

/** The dtype of `x`, when the indices are integers. */
function checkIndices(where: string, [x, indices]: readonly TensorType[]): DType {
  if (indices?.dtype === "i32") return (x as TensorType).dtype;
  throw dtypeError(where, "indices of dtype i32", [String(indices?.dtype)], 'convert them with cast(indices, "i32")');
}

const gatheredShape = (shape: Shape, indices: Shape, axis: number): number[] => [
  ...shape.slice(0, axis),
  ...indices,
  ...shape.slice(axis + 1),
];

const zeros = (shape: Shape, dtype: DType): Tensor => broadcastTo(full([], 0, { dtype }), shape);

export const gatherPrimitive: Primitive<number> = {
  name: "gather",
  dtype: (inputs) => checkIndices("gather", inputs),
  shape: ([x, indices], axis) => gatheredShape(x.shape, indices.shape, axis),
  forward: (k, [x, indices], axis) => takeSlices(k, x, indices, axis),
  // y moves as the slices that it takes
  linearize: ({ inputs: [x, indices], params: axis }) => [
    () => ({
      jvp: (dx) => apply(gatherPrimitive, [dx, indices], axis),
      vjp: (gy) => apply(scatterAddPrimitive, [zeros(x.shape, x.dtype), indices, gy], axis),
    }),
    null,
  ],
  cost: () => ({}),
};

function scatteredDType(inputs: Inputs<TensorType>): DType {
  checkIndices("scatterAdd", inputs);
  return numericDType("scatterAdd", [inputs[0], inputs[2]]);
}

function scatteredShape([x, indices, updates]: Inputs<TensorType>, axis: number): Shape {
  const expected = gatheredShape(x.shape, indices.shape, axis);
  if (sameShape(updates.shape, expected)) return x.shape;
  const remedy = "give one slice for each index";
  throw shapeError("scatterAdd", "updates do not fit", `updates [${expected.join(", ")}]`, [updates.shape], remedy);
}

export const scatterAddPrimitive: Primitive<number> = {
  name: "scatterAdd",
  dtype: scatteredDType,
  shape: scatteredShape,
  forward: (k, [x, indices, updates], axis) => addSlices(k, x, indices, updates, axis),
  // y = x + the updates, each at its place
  linearize: ({ inputs: [x, indices], params: axis }) => [
    () => identity,
    null,
    () => ({
      jvp: (du) => apply(scatterAddPrimitive, [zeros(x.shape, x.dtype), indices, du], axis),
      vjp: (gy) => apply(gatherPrimitive, [gy, indices], axis),
    }),
  ],
  cost: ([, , updates]) => (sizeOf(updates.shape) === 0 ? {} : { add: sizeOf(updates.shape) }),
  // over the updates, and their indices with them; `x` stays the first term
  sums: ([, indices], axis) => indices.shape.map((_, i) => ({ inputs: [null, i, axis + i] })),
};

/** Settings of {@link gather} and {@link scatterAdd}. */
export interface GatherOptions extends SiteOptions {
  /** Along which the indices count, from the end when negative; the first when absent. */
  readonly axis?: number;
}

function axisFrom(where: string, tensors: readonly Tensor[], options: GatherOptions): number {
  for (const x of tensors) checkOperand(where, x);
  checkSettings(where, options, ["axis", "site"]);
  return axisOf(where, tensors[0] as Tensor, options.axis ?? 0);
}

/**
 * The slices of a tensor whose numbers stand in `indices`, as NumPy's `take`: for a vector `y_i = x[indices_i]`.
 *
 * Linear in `x`, with {@link scatterAdd} as its transpose; the indices carry no derivative.
 * Cost: no arithmetic; backward, 1 addition for each element of the result.
 *
 * @param x - any dtype, rank 1 to 6
 * @param indices - `i32`, any shape, from 0 to the size of the axis less 1
 * @param options - `axis` (0 when absent), `site`
 * @returns the shape of `x` with the axis replaced by the shape of `indices`
 * @throws AdError "dtype" when indices are not `i32`; "domain" when one is out of range; "shape" when the axis does not
 *   exist or the result has more than six axes
 * @example
 * gather(tensor([10, 20, 30]), tensor([2, 0, 2], { dtype: "i32" })) // [30, 10, 30]
 * gather(tensor([[1, 2], [3, 4]]), tensor(1, { dtype: "i32" }), { axis: 1 }) // [2, 4]
 * grad((x) => sum(gather(x, tensor([2, 0, 2], { dtype: "i32" }))))(tensor([10, 20, 30])) // [1, 0, 2]
 */
export const gather = (x: Tensor, indices: Tensor, options: GatherOptions = {}): Tensor =>
  apply(gatherPrimitive, [x, indices], axisFrom("gather", [x, indices], options), options.site);

/**
 * A tensor with slices added to those whose numbers stand in `indices`: for a vector `y = x`, then `y[indices_i] +=
 * updates_i` for one `i` after the other, in row-major order of the updates.
 *
 * Linear in `x` and in `updates`, with {@link gather} as its transpose; the indices carry no derivative. Indices that
 * repeat add up. In `f16` and `bf16` sums are kept in 32 bits and rounded once.
 * Cost: 1 addition for each element of `updates`.
 *
 * @param x - numbers, rank 1 to 6
 * @param indices - `i32`, any shape, from 0 to the size of the axis less 1
 * @param updates - the dtype of `x`, the shape of `x` with the axis replaced by the shape of `indices`
 * @param options - `axis` (0 when absent), `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" when indices are not `i32` or the others differ; "domain" when an index is out of range; "shape"
 *   when the axis does not exist or the updates do not fit
 * @example
 * scatterAdd(tensor([1, 1, 1]), tensor([2, 0, 2], { dtype: "i32" }), tensor([10, 20, 30])) // [21, 1, 41]
 */
export const scatterAdd = (x: Tensor, indices: Tensor, updates: Tensor, options: GatherOptions = {}): Tensor =>
  apply(
    scatterAddPrimitive,
    [x, indices, updates],
    axisFrom("scatterAdd", [x, indices, updates], options),
    options.site,
  );
