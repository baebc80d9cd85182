// Arithmetic, element by element.
import type { Operand, Tensor } from "../tensors/tensor.ts";
import { applyElementary, corePrimitives } from "./elementary.ts";
import type { SiteOptions } from "./options.ts";

/**
 * Sum, `y = a + b`.
 *
 * Cost: 1 addition per element.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * add(tensor([1, 2]), 10) // [11, 12]
 */
export const add = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.add, [a, b], null, options.site);

/**
 * Difference, `y = a - b`.
 *
 * Cost: 1 addition per element.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * sub(3, tensor([1, 2])) // [2, 1]
 */
export const sub = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.sub, [a, b], null, options.site);

/**
 * Product, `y = a b`, element by element.
 *
 * Cost: 1 multiplication per element.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * mul(tensor([1, 2]), tensor([3, 4])) // [3, 8]
 */
export const mul = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.mul, [a, b], null, options.site);

/**
 * Quotient, `y = a / b`.
 *
 * At `b = 0` the value and the derivative are infinite (NaN for 0 / 0), as IEEE 754 says.
 * Cost: 1 division per element.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes or integers
 * @example
 * div(1, tensor([2, 4])) // [0.5, 0.25]
 */
export const div = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.div, [a, b], null, options.site);

/**
 * Negation, `y = -x`.
 *
 * Cost: 1 negation per element.
 *
 * @param x - any shape
 * @param options - `site`
 * @returns the shape of `x`
 * @example
 * neg(tensor([1, -2])) // [-1, 2]
 */
export const neg = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.neg, [x], null, options.site);

/**
 * Square, `y = x²`.
 *
 * Cost: 1 multiplication per element.
 *
 * @param x - any shape
 * @param options - `site`
 * @returns the shape of `x`
 * @example
 * square(tensor([3, -2])) // [9, 4]
 */
export const square = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.square, [x], null, options.site);

/**
 * Power, `y = a^b`.
 *
 * Special points: the derivative in `a` is 0 where `b = 0`, also at `a = 0`; the derivative in `b` is 0 where `a = 0`.
 * Mixed second derivatives do not exist at `a = 0`: what comes out depends on the order of differentiation.
 * For `a < 0` the value exists for whole `b` only, and the derivative in `b` is NaN, because there is none.
 * Cost: 1 power per element.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes or integers
 * @example
 * pow(tensor([2, 3]), 2) // [4, 9]
 * grad((x) => pow(x, 0))(tensor(0)) // 0
 */
export const pow = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.pow, [a, b], null, options.site);

/**
 * The largest whole number not above `x`.
 *
 * Jump: at whole numbers; the derivative is 0 everywhere.
 * Cost: 1 rounding per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * floor(tensor([1.5, -0.5])) // [1, -1]
 */
export const floor = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.floor, [x], null, options.site);
