// Smooth scalar functions made of the algebra's operations.
import type { Primitive } from "../door/primitive.ts";
import type { Operand, Tensor } from "../tensors/tensor.ts";
import { applyElementary, elementaryPrimitive } from "./elementary.ts";
import type { SiteOptions } from "./options.ts";

export const sigmoidPrimitive: Primitive<null> = elementaryPrimitive<null>(
  "sigmoid",
  () => ({
    arity: 1,
    value: (m, a) => m.inv(m.add(m.constant(1), m.exp(m.neg(a)))),
    partials: [(m, y) => m.mul(y, m.sub(m.constant(1), y))],
  }),
  null,
);

/**
 * Logistic function, `y = 1 / (1 + exp(-x))`.
 *
 * Cost: 1 negation, 1 exponential, 1 addition and 1 reciprocal per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * sigmoid(tensor(0)) // 0.5
 * grad(sigmoid)(tensor(0)) // 0.25
 */
export const sigmoid = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(sigmoidPrimitive, [x], null, options.site);

export const softplusPrimitive: Primitive<null> = elementaryPrimitive<null>(
  "softplus",
  () => ({
    arity: 1,
    value: (m, a) => m.add(m.maximum(a, m.constant(0)), m.log1p(m.exp(m.neg(m.abs(a))))),
    // the logistic function is 1 - exp(-y)
    partials: [(m, y) => m.neg(m.expm1(m.neg(y)))],
  }),
  null,
);

/**
 * Smooth ReLU, `y = log(1 + exp(x))`, computed as `max(x, 0) + log1p(exp(-|x|))`, which never overflows.
 *
 * It is one operation with one smooth derivative, the logistic function: 1/2 at 0, whatever is selected for max and
 * abs. (The same formula written with `maximum` and `abs` has kinks, and is right at 0 only for matching choices.)
 * Cost: 2 comparisons, 1 negation, 1 exponential, 1 logarithm and 1 addition per element.
 *
 * @param x - any shape of reals; at -Infinity the derivative is 0, at Infinity it is 1
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * grad(softplus)(tensor(0)) // 0.5
 * grad(softplus)(tensor(-Infinity)) // 0
 */
export const softplus = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(softplusPrimitive, [x], null, options.site);

export const siluPrimitive: Primitive<null> = elementaryPrimitive<null>(
  "silu",
  () => ({
    arity: 1,
    value: (m, a) => m.scaleBy(a, m.inv(m.add(m.constant(1), m.exp(m.neg(a))))),
    // s (1 + a (1 - s)) with the logistic function s
    residual: (m, _y, a) => m.inv(m.add(m.constant(1), m.exp(m.neg(a)))),
    partials: [(m, _y, a, _b, s) => m.scaleBy(s, m.add(m.constant(1), m.scaleBy(a, m.sub(m.constant(1), s))))],
  }),
  null,
);

/**
 * Sigmoid-weighted linear unit, `y = x / (1 + exp(-x))`, also called swish.
 *
 * Special points: value and derivative are 0 at -Infinity; the derivative is 1 at Infinity.
 * Cost: 1 negation, 1 exponential, 1 addition, 1 reciprocal and 1 product per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * silu(tensor([0, -Infinity])) // [0, 0]
 * grad(silu)(tensor(0)) // 0.5
 */
export const silu = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(siluPrimitive, [x], null, options.site);

const rootHalf = Math.SQRT1_2;
const densityAtZero = 0.3989422804014327;

export const geluPrimitive: Primitive<null> = elementaryPrimitive<null>(
  "gelu",
  () => ({
    arity: 1,
    value: (m, a) => m.scaleBy(a, m.mul(m.constant(0.5), m.add(m.constant(1), m.erf(m.mul(m.constant(rootHalf), a))))),
    // the normal distribution at a, and a times its density
    partials: [
      (m, _y, a) => {
        const below = m.mul(m.constant(0.5), m.add(m.constant(1), m.erf(m.mul(m.constant(rootHalf), a))));
        const density = m.mul(m.constant(densityAtZero), m.exp(m.mul(m.constant(-0.5), m.square(a))));
        return m.add(below, m.scaleBy(a, density));
      },
    ],
  }),
  null,
);

/**
 * Gaussian error linear unit, `y = x (1 + erf(x / √2)) / 2`, in its exact form.
 *
 * Special points: value and derivative are 0 at -Infinity; the derivative is 1 at Infinity.
 * Cost: 3 products, 1 error function and 1 addition per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * gelu(tensor([0, -Infinity])) // [0, 0]
 * grad(gelu)(tensor(0)) // 0.5
 */
export const gelu = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(geluPrimitive, [x], null, options.site);
