// The record: everything that the engine knows about one operation.
import type { Arithmetic, Histogram } from "../arithmetic/algebra.ts";
import { type DType, isReal } from "../dtypes/dtype.ts";
import type { Statement } from "../elementary/statement.ts";
import { dtypeError } from "../errors/messages.ts";
import type { PointSelection, TieSelection } from "../selections/selection.ts";
import type { Shape } from "../tensors/shape.ts";
import type { Tensor, TensorType } from "../tensors/tensor.ts";

/** The derivative of an operation with respect to one input, at one point: a linear map, read in two directions. */
export interface LinearMap {
  /** `dy = J dx`. */
  jvp(dx: Tensor): Tensor;
  /** `gx = Jᵀ gy`. */
  vjp(gy: Tensor): Tensor;
}

/**
 * One linear map per input, or null for an input without derivative. The maps are made only for the inputs that carry
 * a derivative; making one computes what both directions share, as part of the forward run.
 */
export type Linearization = readonly ((() => LinearMap) | null)[];

/** A list typed so that rules can take it apart: it says three, and has as many as the operation takes. */
export type Inputs<T> = readonly [T, T, T, ...T[]];

/** Maps such a list, keeping its type. */
export const mapInputs = <S, T>(inputs: Inputs<S>, change: (input: S, index: number) => T): Inputs<T> =>
  inputs.map(change) as unknown as Inputs<T>;

/** The place where an operation is linearized. */
export interface Point<P> {
  readonly inputs: Inputs<Tensor>;
  readonly output: Tensor;
  readonly params: P;
  /**
   * Weighted sum of `coefficients`, one for each tensor of {@link TieKink.branches}, by the weights of the branches of a
   * tie kink. With branches along an axis there is one tensor of them, and the weights have its shape.
   */
  weights(coefficients: readonly number[]): Tensor;
  /**
   * For a kink of order `sort`, where each place of the sorted rows comes from: numbers of elements of the branches, in
   * row-major order and in the shape of the branches, `i32`. Null when the selection mixes elements that tie.
   */
  permutation(): Tensor | null;
  /**
   * What a point kink uses for the direction `x / |x|` at 0, in the dtype of the first input: one vector of the length
   * asked for, or a vector for each row, in the shape of {@link PointKink.rows}.
   */
  vectorAtZero(length: number): Tensor;
}

/**
 * Which of the branches the operation is: the largest, the smallest, the one in the middle, or all of them in ascending
 * order. With `sort` there is one row of weights for each place, in a tensor of shape [rows, places, branches].
 */
export type Order = "max" | "min" | "median" | "sort";

/** Values that meet where the operation is not differentiable: branches of which it takes some by their size. */
export interface Branches<P> {
  order(params: P): Order;
  /**
   * The branches in written order: tensors in the shape of the output, one for each branch; or, with `along`, one tensor
   * that holds them along one further, last axis.
   */
  branches(inputs: Inputs<Tensor>, params: P): readonly Tensor[];
  readonly along: boolean;
  /**
   * `bool`, in the shape of the branches along an axis: false for places that are no branch. All are when null. It is
   * for `max` and `min` only.
   */
  present?(inputs: Inputs<Tensor>, params: P): Tensor | null;
}

/** A kink where the operation takes the largest, or another, of several branches: continuous, and with a choice. */
export interface TieKink<P> extends Branches<P> {
  readonly type: "tie";
  readonly default: TieSelection;
}

/** A kink at one point: the Euclidean norm at 0. */
export interface PointKink<P = unknown> {
  readonly type: "point";
  readonly default: PointSelection;
  /** The vectors whose norms are taken, each along a further, last axis. */
  rows(inputs: Inputs<Tensor>, params: P): Tensor;
}

/** A jump of the value where branches meet: reported, never selected. */
export interface JumpKink<P> extends Branches<P> {
  readonly type: "jump";
}

/** Where the operation is not differentiable. */
export type Kink<P> = TieKink<P> | PointKink<P> | JumpKink<P>;

/** A tensor as a kernel sees it: a shape over numbers of any kind. */
export interface Cells<N> extends TensorType {
  readonly data: ArrayLike<N>;
}

/**
 * An index that an operation sums over. In exact arithmetic nothing changes when all axes that it is are permuted alike;
 * in floating point the terms are added in another order.
 */
export interface SummedIndex {
  /** The axis of each input that it is; null for an input without it. */
  readonly inputs: readonly (number | null)[];
  /** The axis of the result that is then permuted with them, as that of a softmax is; absent when the sum takes it away. */
  readonly output?: number;
}

/** Everything that the engine knows about one operation. This record is the only place to look. */
export interface Primitive<P = unknown> {
  /** What the user writes; a user's own operation is called `package/name`. */
  readonly name: string;
  /** Output shape; throws a shape error. */
  shape(inputs: Inputs<TensorType>, params: P): Shape;
  /** Output dtype; when absent all inputs have one dtype, the output's. */
  dtype?(inputs: Inputs<TensorType>, params: P): DType;
  /** The value, over any arithmetic. */
  forward<N>(k: Arithmetic<N>, inputs: Inputs<Cells<N>>, params: P): ArrayLike<N>;
  /** The derivative. Written with primitives only, so it is counted, traced and run like any program. */
  linearize(at: Point<P>): Linearization;
  /** Scalar operations of `forward`, from shapes alone. */
  cost(inputs: Inputs<TensorType>, params: P): Histogram;
  /** How many of the operations of `cost` have a number as second operand that the operation brings itself. */
  fixed?(inputs: Inputs<TensorType>, params: P): Histogram;
  readonly kink?: Kink<P>;
  /** The scalar function of which the operation applies one to each element; absent when it is something else. */
  statement?(params: P): Statement;
  /** Set when equal instructions must not be merged: what is computed again stays computed again. */
  readonly isBarrier?: true;
  /** Set when the result is exactly 0 wherever an input is. */
  readonly isZeroAtZero?: true;
  /**
   * The indices that it sums over and that may run in any order; the sums of a record that names none stay in their
   * stated order, and so do those over anything else than whole axes, such as the taps of a window.
   */
  sums?(inputs: Inputs<TensorType>, params: P): readonly SummedIndex[];
}

/** A tangent or a cotangent; null stands for a zero that was never computed. */
export type Maybe = Tensor | null;

/** One use of a primitive. */
export interface Instruction<P = unknown> extends TensorType {
  readonly primitive: Primitive<P>;
  readonly inputs: Inputs<Tensor>;
  readonly params: P;
  /** Where the program says it is, such as `"block1/relu"`; empty when it says nothing. */
  readonly site: string;
}

/**
 * The dtype that all inputs share.
 *
 * @param where - the function that the caller wrote
 * @param inputs - one or more types
 * @returns their dtype
 * @throws AdError "dtype" when they differ
 * @example
 * commonDType("add", [tensor(1), tensor(2)]) // "f64"
 */
export function commonDType(where: string, inputs: readonly TensorType[]): DType {
  const found = [...new Set(inputs.map((x) => x.dtype))];
  if (found.length === 1) return found[0] as DType;
  throw dtypeError(where, "operands of one dtype", found, "convert one of them with cast");
}

/**
 * The dtype that all inputs share, which must not be `bool`.
 *
 * @param where - the function that the caller wrote
 * @param inputs - one or more types
 * @returns their dtype
 * @throws AdError "dtype" when they differ or are conditions
 * @example
 * numericDType("sum", [tensor(true)]) // AdError "dtype"
 */
export function numericDType(where: string, inputs: readonly TensorType[]): DType {
  const dtype = commonDType(where, inputs);
  if (dtype !== "bool") return dtype;
  throw dtypeError(where, "f64, f32, f16, bf16 or i32", [dtype], "convert it with cast");
}

/**
 * The dtype that all inputs share, which must carry derivatives.
 *
 * @param where - the function that the caller wrote
 * @param inputs - one or more types
 * @returns their dtype
 * @throws AdError "dtype" when they differ or are integers or conditions
 * @example
 * realDType("exp", [tensor(1, { dtype: "i32" })]) // AdError "dtype"
 */
export function realDType(where: string, inputs: readonly TensorType[]): DType {
  const dtype = commonDType(where, inputs);
  if (isReal(dtype)) return dtype;
  throw dtypeError(where, "f64, f32, f16 or bf16", [dtype], "convert it with cast");
}
