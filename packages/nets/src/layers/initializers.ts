// How variables begin: the distributions of PyTorch, from seeded keys.
import { add, cast, full, mul, randomNormal, randomUniform, type Shape, type Tensor } from "@nonsmooth/ad-core";
import { checkSettings } from "../data/checks.ts";
import type { RealDType } from "../data/labelledImages.ts";
import { checkBetween, settingError } from "./checks.ts";

/** How many numbers each output is a sum of, and to how many outputs each input goes. */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** A variable of a layer before it has numbers. */
export interface Variable {
  readonly shape: Shape;
  /** Those of the weight; a bias has the fans of its weight. */
  readonly fans: Fans;
  readonly initializer: Initializer;
}

/** The first numbers of a variable, a function of the key alone. Drawn in `f64` and rounded once, whatever the dtype. */
export type Initializer = (key: Tensor, variable: Pick<Variable, "shape" | "fans">, dtype: RealDType) => Tensor;

/** Settings of {@link kaimingUniform} and {@link kaimingNormal}. */
export interface KaimingOptions {
  /** The slope on the negative side of the activation that follows; 0, that of relu, when absent. */
  readonly slope?: number;
  /** Which fan keeps its variance: `"in"` that of values (when absent), `"out"` that of derivatives. */
  readonly fan?: "in" | "out";
}

/** The deviation `√(2 / (1 + slope²) / fan)` as a function of the fans. */
function kaimingDeviation(where: string, options: KaimingOptions): (fans: Fans) => number {
  checkSettings(where, options, ["slope", "fan"]);
  const { slope = 0, fan = "in" } = options;
  checkBetween(where, "slope", slope, [-Infinity, Infinity]);
  if (fan !== "in" && fan !== "out") throw settingError(where, "fan", '"in" or "out"', fan);
  return (fans) => Math.sqrt(2 / (1 + slope * slope) / fans[fan]);
}

const uniformWithin = (key: Tensor, shape: Shape, bound: number, dtype: RealDType): Tensor =>
  cast(add(mul(randomUniform(key, shape), 2 * bound), -bound), dtype);

/**
 * Uniform numbers within `√3` deviations of 0, where the deviation is `√(2 / (1 + slope²) / fan)`: PyTorch's
 * `kaiming_uniform_`. With `slope: √5` the bound is `1 / √fan`, which is what PyTorch's layers begin with.
 *
 * @param options - `slope` (0), `fan` (`"in"`)
 * @returns an initializer
 * @throws AdError "domain" for a slope that is not finite, another fan or an unknown setting
 * @see [HZRS15] the deviation
 * @example
 * const weight = kaimingUniform({ slope: Math.sqrt(5) })(key(1), { shape: [100, 4], fans: { in: 100, out: 4 } }, "f64");
 * [lessEqual(max(abs(weight)), 0.1), greater(max(abs(weight)), 0.099)] // [true, true]
 */
export function kaimingUniform(options: KaimingOptions = {}): Initializer {
  const deviation = kaimingDeviation("kaimingUniform", options);
  return (key, { shape, fans }, dtype) => uniformWithin(key, shape, Math.sqrt(3) * deviation(fans), dtype);
}

/**
 * Normal numbers with mean 0 and deviation `√(2 / (1 + slope²) / fan)`: PyTorch's `kaiming_normal_`.
 *
 * @param options - `slope` (0), `fan` (`"in"`)
 * @returns an initializer
 * @throws AdError "domain" for a slope that is not finite, another fan or an unknown setting
 * @see [HZRS15] the deviation
 * @example
 * const [fans, shape] = [{ in: 8, out: 2 }, [3]];
 * const drawn = kaimingNormal({ fan: "in" })(key(1), { shape, fans }, "f64");
 * equal(drawn, mul(0.5, randomNormal(key(1), shape))) // [true, true, true]
 */
export function kaimingNormal(options: KaimingOptions = {}): Initializer {
  const deviation = kaimingDeviation("kaimingNormal", options);
  return (key, { shape, fans }, dtype) => cast(mul(randomNormal(key, shape), deviation(fans)), dtype);
}

/**
 * Uniform numbers within `1 / √(fan in)` of 0, which is what the biases of PyTorch's layers begin with.
 *
 * @returns an initializer
 * @example
 * const bias = uniformByFanIn()(key(1), { shape: [50], fans: { in: 4, out: 50 } }, "f64");
 * [lessEqual(max(abs(bias)), 0.5), greater(max(abs(bias)), 0.45)] // [true, true]
 */
export const uniformByFanIn =
  (): Initializer =>
  (key, { shape, fans }, dtype) =>
    uniformWithin(key, shape, 1 / Math.sqrt(fans.in), dtype);

/**
 * Normal numbers with mean 0.
 *
 * @param deviation - their standard deviation, from 0
 * @returns an initializer
 * @throws AdError "domain" for a negative or infinite deviation
 * @example
 * normal(0)(key(1), { shape: [2], fans: { in: 1, out: 1 } }, "f32") // [0, 0]
 */
export function normal(deviation: number): Initializer {
  checkBetween("normal", "deviation", deviation, [0, Infinity]);
  return (key, { shape }, dtype) => cast(mul(randomNormal(key, shape), deviation), dtype);
}

/**
 * One number everywhere.
 *
 * @param value - rounded once to the dtype
 * @returns an initializer that draws nothing
 * @example
 * constant(1)(key(1), { shape: [2], fans: { in: 1, out: 1 } }, "f32") // [1, 1]
 */
export const constant =
  (value: number): Initializer =>
  (_key, { shape }, dtype) =>
    full(shape, value, { dtype });
