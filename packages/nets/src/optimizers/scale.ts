// Multiplying updates by numbers.
import { neg, type Tensor } from "@nonsmooth/ad-core";
import { checkNumbers, checkState } from "./checks.ts";
import { type NoState, type Optimizer, stateless } from "./optimizer.ts";
import { nextCount, noSteps, scaled } from "./scalars.ts";
import { type Rate, type Schedule, scheduleFrom } from "./schedules.ts";
import { mapTree } from "./tree.ts";

/** The state of what counts steps. */
export type CountState = { readonly count: Tensor };

/**
 * Multiplies updates by a number, `u ← s u`.
 *
 * Cost: 1 multiplication per parameter.
 *
 * @param factor - s, finite
 * @returns the transform
 * @throws AdError "domain" when the factor is not finite
 * @example
 * scale(-2).update(tensor([1, 3]), [], tensor([0, 0]))[0] // [-2, -6]
 */
export function scale(factor: number): Optimizer<NoState> {
  checkNumbers("scale", { factor }, { factor: "finite" });
  return stateless("scale", (grads) => mapTree("scale", [grads], ([g]) => scaled(g, factor)));
}

/**
 * Multiplies updates by the value of a schedule, `u ← γ_k u`. Its state is the number k of steps done.
 *
 * Cost: 1 multiplication per parameter, and the schedule once.
 *
 * @param schedule - a number, or a function of the count
 * @returns the transform
 * @throws AdError "domain" for a number that is not positive; "shape" when the schedule does not return one number
 * @example
 * const transform = scaleBySchedule((count) => add(count, 1));
 * const [, state] = transform.update(tensor(5), transform.init(tensor(0)), tensor(0));
 * transform.update(tensor(5), state, tensor(0))[0] // 10
 */
export const scaleBySchedule = (schedule: Rate): Optimizer<CountState> =>
  counting("scaleBySchedule", scheduleFrom("scaleBySchedule", schedule));

/**
 * Turns a direction into a step: `u ← -γ_k u`. The last part of most optimizers.
 *
 * Cost: 1 multiplication per parameter, and the schedule once.
 *
 * @param rate - γ > 0, or a schedule
 * @returns the transform
 * @throws AdError "domain" for a number that is not positive; "shape" when the schedule does not return one number
 * @example
 * const transform = scaleByRate(0.5);
 * transform.update(tensor(4), transform.init(tensor(0)), tensor(0))[0] // -2
 */
export function scaleByRate(rate: Rate): Optimizer<CountState> {
  const schedule = scheduleFrom("scaleByRate", rate);
  return counting("scaleByRate", (count) => neg(schedule(count)));
}

function counting(name: string, schedule: Schedule): Optimizer<CountState> {
  return {
    name,
    init: () => ({ count: noSteps() }),
    update(grads, state) {
      checkState(name, state, ["count"]);
      const factor = schedule(state.count);
      return [mapTree(name, [grads], ([g]) => scaled(g, factor)), { count: nextCount(state.count) }];
    },
  };
}
