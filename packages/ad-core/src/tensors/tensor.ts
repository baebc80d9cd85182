// What a tensor is, and how one copy of the engine recognises its own.

import { checkDType, type Data, type DType, pack } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import { checkSettings, shapeError } from "../errors/messages.ts";
import { checkShape, type Shape, sizeOf } from "./shape.ts";

/** Sizes and number format: all that shape rules and costs may look at. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/**
 * Numbers in row-major order with a shape of rank 0 to 6. Immutable by agreement.
 *
 * Inside a function that is being differentiated a tensor is *traced*: it has a shape and a dtype, but reading its
 * `data` is an {@link AdError} `"escaped"`, because a program that read it could not be differentiated.
 */
export interface Tensor extends TensorType {
  readonly data: Data;
}

/** What operations accept: tensors, and plain numbers, which take the dtype of the other operand. */
export type Operand = Tensor | number;

/** What marks the tensors of a copy of the package: equal names, but one object for each copy. */
export interface Brand {
  readonly package: "@nonsmooth/ad-core";
}

/** The mark of this copy. */
export const brand: Brand = Object.freeze({ package: "@nonsmooth/ad-core" });

/** A tensor with its numbers in memory. */
export class DenseTensor implements Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: Data;

  constructor(shape: Shape, dtype: DType, data: Data) {
    this.shape = shape;
    this.dtype = dtype;
    this.data = data;
  }

  /** On the prototype, so that a printed tensor shows its shape, dtype and numbers only. */
  get brand(): Brand {
    return brand;
  }

  toString(): string {
    return `${this.dtype}[${this.shape.join(", ")}] ${Array.from(this.data).join(" ")}`;
  }
}

/** Whether a value is a tensor of this copy of the package, traced or not. Another copy's tensor is an error. */
export function isTensor(where: string, value: unknown): value is Tensor {
  const found = (value as { readonly brand?: Brand } | null | undefined)?.brand;
  if (found === brand) return true;
  if (found?.package !== brand.package) return false;
  throw new AdError({
    code: "unsupported",
    where,
    problem: "a tensor comes from another copy of @nonsmooth/ad-core",
    expected: "one copy of the package",
    got: "two",
    remedy: "run `npm ls @nonsmooth/ad-core` and deduplicate",
  });
}

/** Checks that an operand is a tensor of this copy, or a plain number where one may stand. */
export function checkOperand(where: string, value: unknown, mayBeNumber = false): void {
  if ((mayBeNumber && typeof value === "number") || isTensor(where, value)) return;
  const isPromise = value instanceof Promise;
  const got = isPromise ? "a promise" : value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
  const expected = mayBeNumber ? "a tensor or a number" : "a tensor";
  const remedy = isPromise ? "await it before the transform" : "wrap it with tensor";
  throw new AdError({ code: "data", where, problem: "an operand is not a tensor", expected, got, remedy });
}

/** Nested lists of numbers or booleans, as deep as the tensor has axes. */
export type Nested = number | boolean | readonly Nested[];

/** Settings of {@link tensor}. */
export interface TensorOptions {
  /** Sizes; found from the nesting when absent. */
  readonly shape?: Shape;
  /** `f64` when absent, or `bool` when the first element is a boolean. */
  readonly dtype?: DType;
}

function nestedShape(data: Nested): number[] {
  return Array.isArray(data) ? [data.length, ...(data.length > 0 ? nestedShape(data[0] as Nested) : [])] : [];
}

function flatten(where: string, data: Nested, shape: Shape, out: (number | boolean)[]): void {
  const fits = Array.isArray(data) ? data.length === shape[0] : shape.length === 0;
  if (!fits) {
    const got = nestedShape(data);
    throw shapeError(where, "lists are ragged", `a part of shape [${shape.join(", ")}]`, [got], "make all rows equal");
  }
  if (Array.isArray(data)) for (const part of data) flatten(where, part as Nested, shape.slice(1), out);
  else out.push(data as number | boolean);
}

function checkNumbers(where: string, values: ArrayLike<unknown>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === "number" || typeof value === "boolean") continue;
    const got = `${typeof value} at position ${i}`;
    const remedy = "convert it first; a traced tensor goes through operations such as stack";
    throw new AdError({
      code: "data",
      where,
      problem: "an element is not a number",
      expected: "numbers or booleans",
      got,
      remedy,
    });
  }
}

/**
 * Makes a tensor from a number, nested lists or a typed array. The numbers are copied and rounded once to the dtype.
 *
 * @param data - a number, nested lists of numbers or booleans, or a typed array
 * @param options - `shape` (rank 0 to 6) and `dtype` (default `f64`)
 * @returns the tensor
 * @throws AdError "shape" when lists are ragged or the shape does not hold as many numbers; "data" for other elements;
 *   "dtype" for an unknown dtype
 * @example
 * tensor([[1, 2], [3, 4]]).shape // [2, 2]
 * tensor([1, 2, 3, 4], { shape: [2, 2], dtype: "f32" }) // [[1, 2], [3, 4]]
 * tensor(0.1, { dtype: "f16" }) // 0.0999755859375
 */
export function tensor(data: Nested | Data, options: TensorOptions = {}): Tensor {
  const values: (number | boolean)[] | Data = ArrayBuffer.isView(data) ? data : [];
  const inferred = ArrayBuffer.isView(data) ? [data.length] : nestedShape(data);
  if (!ArrayBuffer.isView(data)) flatten("tensor", data, inferred, values as (number | boolean)[]);
  checkNumbers("tensor", values);
  checkSettings("tensor", options, ["shape", "dtype"]);
  const shape = checkShape("tensor", options.shape ?? inferred);
  if (sizeOf(shape) !== values.length) {
    const expected = `${values.length} elements`;
    throw shapeError("tensor", "the shape holds another number of elements", expected, [shape], "change the shape");
  }
  const dtype = checkDType("tensor", options.dtype ?? (typeof values[0] === "boolean" ? "bool" : "f64"));
  return new DenseTensor([...shape], dtype, pack(dtype, Array.from(values as ArrayLike<number>, Number)));
}
