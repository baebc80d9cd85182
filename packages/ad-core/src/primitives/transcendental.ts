// Roots and transcendental functions, element by element.
import type { Operand, Tensor } from "../tensors/tensor.ts";
import { applyElementary, corePrimitives } from "./elementary.ts";
import type { SiteOptions } from "./options.ts";

/**
 * Square root, `y = √x`.
 *
 * Special point: the derivative at 0 is +Infinity, and times an exact 0 it is 0, so that `sqrt(sum(square(x)))` has
 * derivative 0 at 0. For `x < 0` both are NaN.
 * Cost: 1 root per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * sqrt(tensor([4, 9])) // [2, 3]
 * grad(sqrt)(tensor(0)) // Infinity
 * grad((x) => sqrt(square(x)))(tensor(0)) // 0
 */
export const sqrt = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.sqrt, [x], null, options.site);

/**
 * Exponential, `y = e^x`.
 *
 * At most 1 ulp off in `f64`, rounded once to narrower dtypes, the same bits on every machine.
 * Cost: 1 exponential per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * exp(tensor(0)) // 1
 */
export const exp = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.exp, [x], null, options.site);

/**
 * `y = e^x - 1`, accurate near 0.
 *
 * At most 1 ulp off in `f64`, rounded once to narrower dtypes, the same bits on every machine.
 * Cost: 1 exponential per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * expm1(tensor(1e-20)) // 1e-20
 */
export const expm1 = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.expm1, [x], null, options.site);

/**
 * Natural logarithm.
 *
 * At most 1 ulp off in `f64`, rounded once to narrower dtypes, the same bits on every machine.
 * Special point: value -Infinity and derivative Infinity at 0; NaN below.
 * Cost: 1 logarithm per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * log(tensor(1)) // 0
 */
export const log = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.log, [x], null, options.site);

/**
 * `y = log(1 + x)`, accurate near 0.
 *
 * At most 1 ulp off in `f64`, rounded once to narrower dtypes, the same bits on every machine.
 * Special point: value -Infinity and derivative Infinity at -1; NaN below.
 * Cost: 1 logarithm per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * log1p(tensor(1e-20)) // 1e-20
 */
export const log1p = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.log1p, [x], null, options.site);

/**
 * Sine of `x` radians.
 *
 * At most 1 ulp off in `f64`, rounded once to narrower dtypes, the same bits on every machine.
 * Cost: 1 sine per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * sin(tensor(0)) // 0
 * grad(sin)(tensor(0)) // 1
 */
export const sin = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.sin, [x], null, options.site);

/**
 * Cosine of `x` radians.
 *
 * At most 1 ulp off in `f64`, rounded once to narrower dtypes, the same bits on every machine.
 * Cost: 1 cosine per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * cos(tensor(0)) // 1
 */
export const cos = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.cos, [x], null, options.site);

/**
 * Hyperbolic tangent.
 *
 * At most 1 ulp off in `f64`, rounded once to narrower dtypes, the same bits on every machine.
 * Cost: 1 hyperbolic tangent per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * grad(tanh)(tensor(0)) // 1
 */
export const tanh = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.tanh, [x], null, options.site);

/**
 * Error function, `y = 2/√π ∫₀ˣ exp(-t²) dt`.
 *
 * At most 1 ulp off in `f64`, rounded once to narrower dtypes, the same bits on every machine.
 * Cost: 1 error function per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * erf(tensor(0)) // 0
 */
export const erf = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.erf, [x], null, options.site);
