// DINAdam, an experiment.
import { div, type Tensor, tensor } from "@nonsmooth/ad-core";
import { type AdamOptions, adamSettings } from "./adam.ts";
import { type ChainState, named } from "./chain.ts";
import { checkNumbers, checkOptions, rangeError } from "./checks.ts";
import { decayOf } from "./decay.ts";
import type { Optimizer } from "./optimizer.ts";
import { seenBy } from "./scalars.ts";
import { scaleByRate } from "./scale.ts";
import { checkMoments, direction, type MomentsState, nextMoments, noMoments, type Shares } from "./scaleByAdam.ts";
import { scheduleFrom } from "./schedules.ts";

/** Settings of {@link dinAdam}. */
export interface DinAdamOptions extends AdamOptions {
  /** α ≥ 0, viscous damping; 0.1 when absent. */
  readonly alpha?: number;
  /** β ≥ 0, geometric damping; 0.9 when absent. */
  readonly beta?: number;
  /** Which of two formulas; "derived" when absent. */
  readonly form?: "derived" | "published";
}

/**
 * DINAdam, EXPERIMENTAL: no result is known for it, and it may change or go. With `c = αβ`, m and v as in {@link adam} with
 * `h = g`, and `m̂ = m / (1 - β₁^t)`: `θ ← (1 - γλ) θ - γ ((1 - c) m̂ + c g) / (√v / √(1 - β₂^t) + ε)`.
 *
 * This is "derived", quasi-hyperbolic Adam, which follows from the equation of {@link inna}. "published" is what the authors'
 * code computes, `m̂ - c g / ((1 - c) (1 - β₁^t))` in place of `(1 - c) m̂ + c g`: its sign looks like a mistake, its first step
 * goes uphill when `c / (1 - c) > 1 - β₁`, and c = 1 divides by 0. With c = 0 both are {@link adamW}.
 * Cost: 8 multiplications, 7 additions, 1 root and 1 division per parameter; 2 numbers of state per parameter.
 *
 * @param options - `rate` γ (1e-3), `alpha` α (0.1), `beta` β (0.9), `beta1` β₁ (0.9), `beta2` β₂ (0.999), `epsilon` ε (1e-8),
 *   `weightDecay` λ (0.01), `mask`, `form` ("derived")
 * @returns the optimizer
 * @throws AdError "domain" for settings out of range or unknown, for αβ = 1 in the published form, and by `init` when ε is 0 in
 *   the dtype of a parameter: in `f16`, below 3e-8
 * @see [BBPP24] (number unchecked)
 * @example
 * const optimizer = dinAdam({ rate: 0.5, alpha: 1, beta: 0.5, beta2: 0.75, epsilon: 0, weightDecay: 0 });
 * optimizer.update(tensor(-4), optimizer.init(tensor(0)), tensor(0))[0] // 0.5
 */
export function dinAdam(options: DinAdamOptions = {}): Optimizer<ChainState> {
  checkOptions("dinAdam", options, [...adamSettings, "alpha", "beta", "form"]);
  const { rate = 1e-3, weightDecay = 0.01, mask } = options;
  checkNumbers("dinAdam", { weightDecay }, { weightDecay: "notNegative" });
  const last = scaleByRate(scheduleFrom("dinAdam", rate));
  return named("dinAdam", [dinScaling(options), ...decayOf(weightDecay, mask), last]);
}

function dinScaling(options: DinAdamOptions): Optimizer<MomentsState> {
  const settings = checkMoments("dinAdam", options);
  const { alpha = 0.1, beta = 0.9, form = "derived" } = options;
  checkNumbers("dinAdam", { alpha, beta }, { alpha: "notNegative", beta: "notNegative" });
  const shares = sharesOf(form, alpha * beta);
  return {
    name: "dinAdam",
    init: (params) => noMoments("dinAdam", settings.epsilon, params),
    update(grads, state) {
      const next = nextMoments("dinAdam", settings, grads, state);
      return [direction("dinAdam", settings, next, grads, shares(seenBy(settings.beta1, next.count))), next];
    },
  };
}

/** The shares of m and g, from `1 - β₁^t`. */
function sharesOf(form: unknown, c: number): (seen: Tensor) => Shares {
  if (form === "derived") return (seen) => ({ ofMean: div(1 - c, seen), ofGradient: tensor(c) });
  if (form !== "published") throw rangeError("dinAdam", "form", '"derived" or "published"', form);
  if (c === 1) throw rangeError("dinAdam", "alpha * beta", "anything but 1 in the published form", c);
  return (seen) => ({ ofMean: div(1, seen), ofGradient: div(-c / (1 - c), seen) });
}
