// Minimizing a function with kinks by gradients at random points nearby.
import { type Tensor, tensor } from "@nonsmooth/ad-core";
import { checkSettings, domainError, type LikeAll } from "@nonsmooth/ad-core/transforms";
import { ask } from "../derivatives/asked.ts";
import { descend, type Reason, type Settings, type Step } from "./loop.ts";
import { objectiveOf } from "./objective.ts";

const where = "gradientSampling";

/** Settings of {@link gradientSampling}. */
export interface SamplingOptions {
  /** Of the random points, a whole number; 0 when absent. The same seed gives the same steps. */
  readonly seed?: number;
  /** Half the side of the cube around the point that is sampled first; 0.1 when absent. */
  readonly radius?: number;
  /** Gradients for each step; twice the number of entries when absent. The theory asks for more than there are entries. */
  readonly samples?: number;
  /** The most steps that are taken; 1000 when absent. */
  readonly steps?: number;
  /** Radius and norm at which the method stops; 1e-8 when absent. */
  readonly tolerance?: number;
  /** Told of every step. */
  readonly onStep?: (step: SamplingStep) => void;
}

/** One step as it was taken. */
export type SamplingStep = Step;

/** Where the method stopped, and why. */
export interface SamplingResult<Args extends readonly unknown[] = readonly unknown[]> {
  /** A list like the arguments. */
  readonly args: LikeAll<Args>;
  readonly value: Tensor;
  /** The last radius that was sampled. */
  readonly radius: number;
  /** The least norm in the convex hull of the gradients that were sampled last. */
  readonly norm: number;
  readonly steps: number;
  /**
   * "stationary": within the last radius, up to the tolerance, gradients were sampled whose hull comes as near to 0 as it
   * says. "line search": along none of the last ten directions the value fell as promised, as happens where it has no
   * more digits to lose. "steps": there were no steps left.
   */
  readonly reason: SamplingReason;
}

/** Why the method stopped. */
export type SamplingReason = Reason;

const isWhole = (v: number, from: number): boolean => Number.isSafeInteger(v) && v >= from;
const isPositive = (v: number): boolean => v > 0 && v < Infinity;

function checkSampling({ seed, radius, samples, steps, tolerance, onStep }: Settings): void {
  const refuse = (name: string, expected: string, got: unknown, remedy: string): never => {
    throw domainError(where, name, expected, got, remedy);
  };
  if (!isWhole(seed, 0)) refuse("seed", "a whole number from 0 to 2^53 - 1", seed, "round it, or choose another");
  if (!isPositive(radius)) refuse("radius", "a positive number", radius, "take the scale of the arguments");
  if (!isWhole(samples, 1)) refuse("samples", "a whole number from 1", samples, "take twice the number of entries");
  if (!isWhole(steps, 1)) refuse("steps", "a whole number from 1", steps, "each costs one gradient a sample");
  if (!isPositive(tolerance)) refuse("tolerance", "a positive number", tolerance, "1e-8 goes far in doubles");
  if (typeof onStep !== "function") refuse("onStep", "a function", typeof onStep, "leave it out to hear nothing");
}

/**
 * Minimizes a locally Lipschitz function by gradient sampling: near a kink one gradient says little, but the shortest
 * vector in the convex hull of several nearby ones points down.
 *
 * Gradients are those of reverse mode, at random points of a cube around the point, where such a function has a gradient
 * almost surely; so nothing hangs on selections, and a start on a kink does no harm. A step goes along the shortest vector
 * as far as the value falls enough; where it is shorter than the radius, or nothing falls, the radius shrinks to a quarter.
 * What it finds is stationary as far as samples tell: a local minimum at best, perhaps a saddle, and no proof.
 * Cost: for each step one gradient for each sample, a least norm, and one to 40 evaluations.
 *
 * @param f - returns one scalar; it should be differentiable at almost every point
 * @param args - where to start: a list of trees of `f64` tensors
 * @param options - `seed` (0), `radius` (0.1), `samples` (twice the number of entries), `steps` (1000), `tolerance` (1e-8),
 *   `onStep`
 * @returns the arguments and the value where it stopped, the last radius and norm, the number of steps, the reason
 * @throws AdError "dtype" for arguments that are not `f64`; "shape" when the result is no scalar; "domain" for settings out
 *   of range, a value at the start or a gradient that is not finite; "escaped" inside a transform
 * @see [BLO05] the method; [Wolfe76] the least norm
 * @example
 * const f = (x) => add(max(abs(sub(x, tensor([1, 2])))), mul(0.1, sum(abs(x))));
 * gradientSampling(f, [tensor([5, 5])]).reason // "stationary"
 */
export function gradientSampling<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  options: SamplingOptions = {},
): SamplingResult<Args> {
  checkSettings(where, options, ["seed", "radius", "samples", "steps", "tolerance", "onStep"]);
  const objective = objectiveOf(ask(where, f, args, {}));
  const settings: Settings = {
    seed: 0,
    radius: 0.1,
    samples: 2 * objective.start.length,
    steps: 1000,
    tolerance: 1e-8,
    onStep: () => {},
    ...options,
  };
  checkSampling(settings);
  const { point, value, ...rest } = descend(objective, settings);
  return { args: objective.argsAt(point) as LikeAll<Args>, value: tensor(value), ...rest };
}
