// Schedules: numbers that change from step to step, as functions of the count of steps.
import {
  add,
  cos,
  div,
  floor,
  greaterEqual,
  minimum,
  mul,
  pow,
  sub,
  type Tensor,
  tensor,
  where,
} from "@nonsmooth/ad-core";
import { checkNumbers, checkOptions, rangeError } from "./checks.ts";
import { checkScalar } from "./scalars.ts";

/**
 * The rate of each step: a function from the number `k` of steps already done (an `f64` scalar, 0 at the first step) to a
 * scalar, made of operations, so that one recorded program serves all steps.
 */
export interface Schedule {
  (count: Tensor): Tensor;
  /** The largest value that it takes, where it is known. */
  readonly largest?: number;
}

/** A rate that never changes, or one for each step. */
export type Rate = number | Schedule;

const bounded = (largest: number, at: (count: Tensor) => Tensor): Schedule => Object.assign(at, { largest });

/** Turns a rate into a schedule, and checks it: a number is positive, a function returns one number. */
export function scheduleFrom(owner: string, rate: Rate): Schedule {
  if (typeof rate !== "function") {
    checkNumbers(owner, { rate }, { rate: "positive" });
    return constant(rate);
  }
  const at = (count: Tensor): Tensor => checkScalar(owner, "the value of the schedule", rate(count));
  return rate.largest === undefined ? at : bounded(rate.largest, at);
}

/**
 * The same rate at every step, `γ_k = γ`.
 *
 * @param rate - γ > 0
 * @returns the schedule
 * @throws AdError "domain" when the rate is not positive or not finite
 * @example
 * constant(0.1)(tensor(7)) // 0.1
 */
export function constant(rate: number): Schedule {
  checkNumbers("constant", { rate }, { rate: "positive" });
  return bounded(rate, () => tensor(rate));
}

/** Settings of {@link step}. */
export interface StepOptions {
  /** γ > 0. */
  readonly rate: number;
  /** T, how many steps a rate stays. */
  readonly every: number;
  /** q in [0, 1]; 0.1 when absent. */
  readonly factor?: number;
}

/**
 * A rate that falls in steps, `γ_k = γ q^⌊k/T⌋`: PyTorch's `StepLR`.
 *
 * @param options - `rate` γ, `every` T, `factor` q (0.1)
 * @returns the schedule
 * @throws AdError "domain" for settings out of range
 * @example
 * const schedule = step({ rate: 1, every: 2, factor: 0.5 });
 * [0, 1, 2, 3, 4].map((k) => schedule(tensor(k))) // [1, 1, 0.5, 0.5, 0.25]
 */
export function step(options: StepOptions): Schedule {
  checkOptions("step", options, ["rate", "every", "factor"]);
  const { rate, every, factor = 0.1 } = options;
  checkNumbers("step", { rate, every, factor }, { rate: "positive", every: "steps", factor: "share" });
  return bounded(rate, (count) => mul(rate, pow(factor, floor(div(count, every)))));
}

/** Settings of {@link cosine}. */
export interface CosineOptions {
  /** γ > 0, at the first step. */
  readonly rate: number;
  /** T, how many steps until the floor is reached. */
  readonly steps: number;
  /** γ_min from 0 to γ, kept from step T on; 0 when absent. */
  readonly floor?: number;
}

/**
 * Half a wave, `γ_k = γ_min + (γ - γ_min) (1 + cos(π min(k, T) / T)) / 2`.
 *
 * Up to T these are the values of PyTorch's `CosineAnnealingLR`; after T its rate rises again, this one stays.
 *
 * @param options - `rate` γ, `steps` T, `floor` γ_min (0)
 * @returns the schedule
 * @throws AdError "domain" for settings out of range
 * @see [BBPP24] the schedule of its experiments (number unchecked)
 * @example
 * const schedule = cosine({ rate: 1, steps: 4, floor: 0.5 });
 * [0, 4, 9].map((k) => schedule(tensor(k))) // [1, 0.5, 0.5]
 */
export function cosine(options: CosineOptions): Schedule {
  checkOptions("cosine", options, ["rate", "steps", "floor"]);
  const { rate, steps, floor: least = 0 } = options;
  checkNumbers("cosine", { rate, steps, floor: least }, { rate: "positive", steps: "steps", floor: "notNegative" });
  if (least > rate) throw rangeError("cosine", "floor", `at most the rate, ${rate}`, least);
  return bounded(rate, (count) => {
    const angle = div(mul(Math.PI, minimum(count, steps)), steps);
    return add(least, mul((rate - least) / 2, add(1, cos(angle))));
  });
}

/** Settings of {@link linearWarmup}. */
export interface WarmupOptions {
  /** W, how many steps the warm-up takes. */
  readonly steps: number;
  /** a in [0, 1], the share of the rate that the first step takes; 0 when absent. */
  readonly start?: number;
}

/**
 * A rate that first rises in a straight line: with the schedule γ that follows, `γ_0 (a + (1 - a) k / W)` for k < W, then
 * `γ_{k - W}`.
 *
 * With a = 0 the first step has rate 0, as in the scripts of [BBPP24]; PyTorch's `LinearLR` has a = 1/3 when not told.
 *
 * @param next - a number, or the schedule after the warm-up, which counts from its end
 * @param options - `steps` W, `start` a (0)
 * @returns the schedule
 * @throws AdError "domain" for settings out of range
 * @example
 * const schedule = linearWarmup(cosine({ rate: 1, steps: 10 }), { steps: 4 });
 * [0, 1, 4, 9, 14].map((k) => schedule(tensor(k))) // [0, 0.25, 1, 0.5, 0]
 */
export function linearWarmup(next: Rate, options: WarmupOptions): Schedule {
  checkOptions("linearWarmup", options, ["steps", "start"]);
  const { steps, start = 0 } = options;
  checkNumbers("linearWarmup", { steps, start }, { steps: "steps", start: "share" });
  const after = scheduleFrom("linearWarmup", next);
  const at = (count: Tensor): Tensor => {
    const share = add(start, mul(1 - start, div(minimum(count, steps), steps)));
    const later = sub(count, minimum(count, steps));
    return where(greaterEqual(count, steps), after(later), mul(share, after(tensor(0))));
  };
  return after.largest === undefined ? at : bounded(after.largest, at);
}

/** Settings of {@link inversePower}. */
export interface InversePowerOptions {
  /** γ > 0, at the first step. */
  readonly rate: number;
  /** p of at least 0; 1/2 when absent. */
  readonly exponent?: number;
}

/**
 * A rate that falls like a power, `γ_k = γ (k + 1)^-p`: that of INNA's experiments with p = 1/2.
 *
 * @param options - `rate` γ, `exponent` p (1/2)
 * @returns the schedule
 * @throws AdError "domain" for settings out of range
 * @see [CBFP21] (number unchecked)
 * @example
 * inversePower({ rate: 1, exponent: 1 })(tensor(3)) // 0.25
 */
export function inversePower(options: InversePowerOptions): Schedule {
  checkOptions("inversePower", options, ["rate", "exponent"]);
  const { rate, exponent = 0.5 } = options;
  checkNumbers("inversePower", { rate, exponent }, { rate: "positive", exponent: "notNegative" });
  return bounded(rate, (count) => div(rate, pow(add(count, 1), exponent)));
}
