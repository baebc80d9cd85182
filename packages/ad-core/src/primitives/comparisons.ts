// Comparisons and logic, element by element.
import type { Primitive } from "../door/primitive.ts";
import type { Operand, Tensor } from "../tensors/tensor.ts";
import { applyElementary, corePrimitives, elementaryPrimitive } from "./elementary.ts";
import type { SiteOptions } from "./options.ts";

/**
 * Whether `a < b`, element by element, as `bool`.
 *
 * Cost: 1 comparison per element. NaN compares as false.
 * Jump: where `a = b`. The result carries no derivative.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * less(tensor([1, 2]), 2) // [true, false]
 */
export const less = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.less, [a, b], null, options.site);

/**
 * Whether `a <= b`, element by element, as `bool`.
 *
 * Cost: 1 comparison per element. NaN compares as false.
 * Jump: where `a = b`. The result carries no derivative.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * lessEqual(tensor([1, 2]), 1) // [true, false]
 */
export const lessEqual = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.lessEqual, [a, b], null, options.site);

/**
 * Whether `a > b`, element by element, as `bool`.
 *
 * Cost: 1 comparison per element. NaN compares as false.
 * Jump: where `a = b`. The result carries no derivative.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * greater(tensor([1, 2]), 1) // [false, true]
 */
export const greater = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.less, [b, a], null, options.site);

/**
 * Whether `a >= b`, element by element, as `bool`.
 *
 * Cost: 1 comparison per element. NaN compares as false.
 * Jump: where `a = b`. The result carries no derivative.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * greaterEqual(tensor([1, 2]), 2) // [false, true]
 */
export const greaterEqual = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.lessEqual, [b, a], null, options.site);

/**
 * Whether `a = b`, element by element, as `bool`.
 *
 * Cost: 1 comparison per element. NaN compares as false.
 * Jump: where `a = b`. The result carries no derivative.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * equal(tensor([1, 2]), 2) // [false, true]
 */
export const equal = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.equal, [a, b], null, options.site);

export const notPrimitive: Primitive<null> = elementaryPrimitive<null>(
  "not",
  () => ({ arity: 1, on: "bool", value: (m, a) => m.equal(a, m.constant(0)) }),
  null,
);

export const andPrimitive: Primitive<null> = elementaryPrimitive<null>(
  "and",
  () => ({ arity: 2, on: "bool", value: (m, a, b) => m.minimum(a, b) }),
  null,
);

export const orPrimitive: Primitive<null> = elementaryPrimitive<null>(
  "or",
  () => ({ arity: 2, on: "bool", value: (m, a, b) => m.maximum(a, b) }),
  null,
);

/**
 * Negation of conditions.
 *
 * Cost: 1 comparison per element.
 *
 * @param a - `bool`, any shape
 * @returns the shape of `a`
 * @throws AdError "dtype" for other dtypes
 * @example
 * not(tensor([true, false])) // [false, true]
 */
export const not = (a: Tensor): Tensor => applyElementary(notPrimitive, [a], null);

/**
 * Whether both conditions hold.
 *
 * Cost: 1 comparison per element.
 *
 * @param a - `bool`
 * @param b - `bool`; shapes broadcast
 * @returns the broadcast shape
 * @throws AdError "dtype" for other dtypes
 * @example
 * and(tensor([true, true]), tensor([true, false])) // [true, false]
 */
export const and = (a: Tensor, b: Tensor): Tensor => applyElementary(andPrimitive, [a, b], null);

/**
 * Whether one of the conditions holds.
 *
 * Cost: 1 comparison per element.
 *
 * @param a - `bool`
 * @param b - `bool`; shapes broadcast
 * @returns the broadcast shape
 * @throws AdError "dtype" for other dtypes
 * @example
 * or(tensor([true, false]), tensor([false, false])) // [true, false]
 */
export const or = (a: Tensor, b: Tensor): Tensor => applyElementary(orPrimitive, [a, b], null);

/**
 * Whether `a ≠ b`, element by element, as `bool`.
 *
 * Cost: 2 comparisons per element. NaN differs from everything.
 * Jump: where `a = b`. The result carries no derivative.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * notEqual(tensor([1, 2]), 2) // [true, false]
 */
export const notEqual = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor => not(equal(a, b, options));

export const isFinitePrimitive: Primitive<null> = elementaryPrimitive<null>(
  "isFinite",
  () => ({ arity: 1, on: "any", result: "bool", value: (m, a) => m.less(m.abs(a), m.constant(Infinity)) }),
  null,
);

/**
 * Whether a number is neither infinite nor NaN, as `bool`.
 *
 * Cost: 1 absolute value and 1 comparison per element.
 *
 * @param x - any shape
 * @returns the shape of `x`
 * @example
 * isFinite(tensor([1, Infinity, NaN])) // [true, false, false]
 */
export const isFinite = (x: Operand): Tensor => applyElementary(isFinitePrimitive, [x], null);
