// Scalar functions that are the larger or the smaller of two branches.

import type { Algebra } from "../arithmetic/algebra.ts";
import type { Primitive } from "../door/primitive.ts";
import { core } from "../elementary/core.ts";
import type { Statement } from "../elementary/statement.ts";
import { AdError } from "../errors/adError.ts";
import { domainError } from "../errors/messages.ts";
import { first } from "../selections/selection.ts";
import type { Operand, Tensor } from "../tensors/tensor.ts";
import { applyElementary, corePrimitives, elementaryPrimitive } from "./elementary.ts";
import { settingLike } from "./operands.ts";
import type { SiteOptions } from "./options.ts";

/** `max(low, x)` for a number `low`: branches `[low, x]`. */
const atLeast = (low: number): Statement => ({
  arity: 1,
  value: (m, a) => m.maximum(m.constant(low), a),
  kink: { order: "max", default: first, branches: (m, a) => [m.constant(low), a], partials: [(_m, mix) => mix(0, 1)] },
});

/** `min(high, x)` for a number `high`: branches `[high, x]`. */
const atMost = (high: number): Statement => ({
  arity: 1,
  value: (m, a) => m.minimum(m.constant(high), a),
  kink: { order: "min", default: first, branches: (m, a) => [m.constant(high), a], partials: [(_m, mix) => mix(0, 1)] },
});

export const reluPrimitive: Primitive<null> = elementaryPrimitive<null>("relu", () => atLeast(0), null);

/**
 * Rectified linear unit, `y = max(0, x)`, element by element.
 *
 * Kink: `x = 0`. Branches there are `[0, x]`; the default `first` gives `relu'(0) = 0`. NaN passes.
 * Cost: 1 comparison per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @see [BLGP21] for the effect of the choice in training
 * @example
 * grad((x) => sum(relu(x)), { select: { relu: atKink(0.5) } })(tensor([-1, 0, 2])) // [0, 0.5, 1]
 */
export const relu = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(reluPrimitive, [x], null, options.site);

/** `slope x`, and 0 for a slope of 0 even where `x` is infinite. */
export const slanted = <N>(m: Algebra<N>, slope: number, a: N): N =>
  slope === 0 ? m.constant(0) : m.mul(m.constant(slope), a);

const leaky = (slope: number): Statement => ({
  arity: 1,
  value: (m, a) => (slope <= 1 ? m.maximum(slanted(m, slope, a), a) : m.minimum(slanted(m, slope, a), a)),
  kink: {
    order: slope <= 1 ? "max" : "min",
    default: first,
    branches: (m, a) => [slanted(m, slope, a), a],
    partials: [(_m, mix) => mix(slope, 1)],
  },
});

export const leakyReluPrimitive: Primitive<number> = elementaryPrimitive<number>("leakyRelu", leaky, 0.01);

/**
 * ReLU with a slope on the negative side, `y = x` for `x > 0`, else `slope x`.
 *
 * Kink: `x = 0`. Branches there are `[slope x, x]`; the default `first` gives the derivative `slope`.
 * Cost: 1 multiplication and 1 comparison per element.
 *
 * @param x - any shape of reals
 * @param slope - finite; 0.01 when absent
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans; "domain" when the slope is not finite
 * @example
 * leakyRelu(tensor([-1, 2]), 0.5) // [-0.5, 2]
 * grad((x) => leakyRelu(x, 0.5))(tensor(0)) // 0.5
 */
export function leakyRelu(x: Operand, slope = 0.01, options: SiteOptions = {}): Tensor {
  if (!Number.isFinite(slope)) throw domainError("leakyRelu", "slope", "a finite number", slope, "pass a finite slope");
  return applyElementary(leakyReluPrimitive, [x], settingLike("leakyRelu", x, slope), options.site);
}

export const relu6LowPrimitive: Primitive<null> = elementaryPrimitive<null>("relu6.low", () => atLeast(0), null);
export const relu6HighPrimitive: Primitive<null> = elementaryPrimitive<null>("relu6.high", () => atMost(6), null);

/**
 * ReLU with a ceiling, `y = min(6, max(0, x))`.
 *
 * Kinks: `relu6.low` at 0, branches `[0, x]`, and `relu6.high` at 6, branches `[6, x]`; the name `relu6` selects for
 * both. The default `first` gives 0 at both.
 * Cost: 2 comparisons per element.
 *
 * @param x - any shape of reals
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans
 * @example
 * grad((x) => sum(relu6(x)), { select: { "relu6.high": last } })(tensor([0, 3, 6])) // [0, 1, 1]
 */
export const relu6 = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(
    relu6HighPrimitive,
    [applyElementary(relu6LowPrimitive, [x], null, options.site)],
    null,
    options.site,
  );

export const hardtanhLowPrimitive: Primitive<number> = elementaryPrimitive<number>("hardtanh.low", atLeast, -1);
export const hardtanhHighPrimitive: Primitive<number> = elementaryPrimitive<number>("hardtanh.high", atMost, 1);

/**
 * Linear function between two bounds, `y = min(high, max(low, x))`.
 *
 * Kinks: `hardtanh.low` at `low`, branches `[low, x]`, and `hardtanh.high` at `high`, branches `[high, x]`; the name
 * `hardtanh` selects for both. The default `first` gives 0 at both.
 * Cost: 2 comparisons per element.
 *
 * @param x - any shape of reals
 * @param bounds - `low` and `high`; -1 and 1 when absent
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans; "domain" unless `low < high`
 * @example
 * hardtanh(tensor([-3, 0.5, 3])) // [-1, 0.5, 1]
 */
export function hardtanh(x: Operand, bounds: { low?: number; high?: number } = {}, options: SiteOptions = {}): Tensor {
  const { low = -1, high = 1 } = bounds;
  if (!(low < high)) throw domainError("hardtanh", "low", `a number below high = ${high}`, low, "swap the bounds");
  const raised = applyElementary(hardtanhLowPrimitive, [x], settingLike("hardtanh", x, low), options.site);
  return applyElementary(hardtanhHighPrimitive, [raised], settingLike("hardtanh", x, high), options.site);
}

/** A statement of the core whose kink takes its first branch by default. */
const withFirst = (statement: Statement): Statement =>
  statement.kink ? { ...statement, kink: { ...statement.kink, default: first } } : statement;

export const clampLowPrimitive: Primitive<null> = elementaryPrimitive<null>(
  "clamp.low",
  () => withFirst(core.maximum),
  null,
);
export const clampHighPrimitive: Primitive<null> = elementaryPrimitive<null>(
  "clamp.high",
  () => withFirst(core.minimum),
  null,
);

/**
 * Keeps a value between two bounds, `y = min(high, max(low, x))`. A bound that is left out does not bound.
 *
 * Kinks: `clamp.low` where `x = low`, branches `[low, x]`, and `clamp.high` where `x = high`, branches `[high, x]`;
 * the name `clamp` selects for both. The default `first` gives `x` the derivative 0 there, and a tensor bound gets 1.
 * Where `low > high` the result is `high`.
 * Cost: 1 comparison per element and bound.
 *
 * @param x - any shape
 * @param bounds - `low` and `high`, each a number or a tensor of the dtype of `x` that broadcasts with it
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes; "missing" when no bound is given
 * @example
 * clamp(tensor([-3, 0.5, 3]), { low: 0, high: 1 }) // [0, 0.5, 1]
 * grad((x) => clamp(x, { low: 0 }), { select: { clamp: last } })(tensor(0)) // 1
 */
export function clamp(x: Tensor, bounds: { low?: Operand; high?: Operand }, options: SiteOptions = {}): Tensor {
  const { low, high } = bounds;
  if (low === undefined && high === undefined) {
    const remedy = "pass { low } or { high }";
    throw new AdError({
      code: "missing",
      where: "clamp",
      problem: "no bound",
      expected: "low, high or both",
      got: "neither",
      remedy,
    });
  }
  const raised = low === undefined ? x : applyElementary(clampLowPrimitive, [low, x], null, options.site);
  return high === undefined ? raised : applyElementary(clampHighPrimitive, [high, raised], null, options.site);
}

/**
 * Absolute value, element by element.
 *
 * Kink: `x = 0`. Branches there are `[-x, x]`; the default `uniform` gives derivative 0, `first` -1, `last` 1.
 * Cost: 1 comparison per element.
 *
 * @param x - any shape
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for booleans
 * @example
 * abs(tensor([-2, 3])) // [2, 3]
 * grad((x) => square(abs(x)), { select: { abs: last } })(tensor(0)) // 0
 */
export const abs = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.abs, [x], null, options.site);

/**
 * The larger of two values, element by element. NaN wins; +0 is above -0.
 *
 * Kink: `a = b`. Branches there are `[a, b]`; the default `uniform` gives each half.
 * Cost: 1 comparison per element.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * maximum(tensor([1, 5]), 3) // [3, 5]
 * grad((x) => maximum(x, 0))(tensor(0)) // 0.5
 */
export const maximum = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.maximum, [a, b], null, options.site);

/**
 * The smaller of two values, element by element. NaN wins; -0 is below +0.
 *
 * Kink: `a = b`. Branches there are `[a, b]`; the default `uniform` gives each half.
 * Cost: 1 comparison per element.
 *
 * @param a - tensor or number
 * @param b - tensor or number of the dtype of `a`; shapes broadcast as in NumPy
 * @param options - `site`
 * @returns the broadcast shape
 * @throws AdError "shape" when shapes do not broadcast; "dtype" for mixed dtypes
 * @example
 * minimum(tensor([1, 5]), 3) // [1, 3]
 */
export const minimum = (a: Operand, b: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(corePrimitives.minimum, [a, b], null, options.site);

export const signPrimitive: Primitive<null> = elementaryPrimitive<null>(
  "sign",
  () => ({
    arity: 1,
    on: "number",
    jumps: (m, a) => [a, m.constant(0)],
    value: (m, a) => {
      const zero = m.constant(0);
      return m.select(m.less(zero, a), m.constant(1), m.select(m.less(a, zero), m.constant(-1), a));
    },
  }),
  null,
);

/**
 * Sign: -1, 1, or `x` itself where it is a zero or NaN.
 *
 * Jump: at 0; the derivative is 0 everywhere.
 * Cost: 2 comparisons and 2 selections per element.
 *
 * @param x - any shape
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for booleans
 * @example
 * sign(tensor([-2, 0, 5])) // [-1, 0, 1]
 */
export const sign = (x: Operand, options: SiteOptions = {}): Tensor =>
  applyElementary(signPrimitive, [x], null, options.site);
