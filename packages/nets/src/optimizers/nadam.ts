// Adam with Nesterov's momentum.
import { div, mul, pow, sub, type Tensor, tensor } from "@nonsmooth/ad-core";
import { type AdamOptions, adamSettings } from "./adam.ts";
import { type ChainState, named } from "./chain.ts";
import { checkNumbers, checkOptions, checkState } from "./checks.ts";
import { decayOf } from "./decay.ts";
import type { Optimizer } from "./optimizer.ts";
import { nextCount } from "./scalars.ts";
import { scaleByRate } from "./scale.ts";
import {
  checkMoments,
  direction,
  type MomentsOptions,
  type MomentsState,
  nextMoments,
  noMoments,
} from "./scaleByAdam.ts";
import { scheduleFrom } from "./schedules.ts";

/** Settings of {@link nadam}. */
export interface NadamOptions extends AdamOptions {
  /** ψ ≥ 0: how fast the momentum rises to β₁; 0.004 when absent. */
  readonly momentumDecay?: number;
}

/** The state of {@link nadam}: that of Adam, and the product of all momenta so far. */
export type NadamState = MomentsState & { readonly product: Tensor };

/**
 * Nadam: m and v as in {@link adam}, momenta `μ_t = β₁ (1 - 0.96^(t ψ) / 2)` and `π_t = μ_1 ⋯ μ_t`, then at step t = 1, 2, ...
 * `θ ← θ - γ (μ_{t+1} m / (1 - π_t μ_{t+1}) + (1 - μ_t) h / (1 - π_t)) / (√v / √(1 - β₂^t) + ε)` with `h = g + λ θ`.
 *
 * As PyTorch's `NAdam` from version 2.0 on, in its defaults too; before, its usual path multiplied π by μ_t once too often.
 * Cost: 7 multiplications, 6 additions, 1 root and 1 division per parameter, and 1 and 1 with decay; 2 numbers of state per
 * parameter.
 *
 * @param options - `rate` γ (2e-3), `beta1` β₁ (0.9), `beta2` β₂ (0.999), `epsilon` ε (1e-8), `momentumDecay` ψ (0.004),
 *   `weightDecay` λ (0), `mask`
 * @returns the optimizer
 * @throws AdError "domain" for settings out of range or unknown, and by `init` when ε is 0 in the dtype of a parameter: in
 *   `f16`, below 3e-8
 * @see [Dozat16] (number unchecked)
 * @example
 * const optimizer = nadam({ rate: 0.5, beta1: 0, beta2: 0.75, epsilon: 0 });
 * optimizer.update(tensor(-4), optimizer.init(tensor(0)), tensor(0))[0] // 0.5
 */
export function nadam(options: NadamOptions = {}): Optimizer<ChainState> {
  checkOptions("nadam", options, [...adamSettings, "momentumDecay"]);
  const { rate = 2e-3, weightDecay = 0, momentumDecay = 0.004, mask } = options;
  checkNumbers("nadam", { weightDecay, momentumDecay }, { weightDecay: "notNegative", momentumDecay: "notNegative" });
  const last = scaleByRate(scheduleFrom("nadam", rate));
  return named("nadam", [...decayOf(weightDecay, mask), nadamScaling(options, momentumDecay), last]);
}

function nadamScaling(options: MomentsOptions, momentumDecay: number): Optimizer<NadamState> {
  const settings = checkMoments("nadam", options);
  const momentumAt = (t: Tensor): Tensor => mul(settings.beta1, sub(1, mul(0.5, pow(0.96, mul(t, momentumDecay)))));
  return {
    name: "nadam",
    init: (params) => ({ ...noMoments("nadam", settings.epsilon, params), product: tensor(1) }),
    update(grads, state) {
      checkState("nadam", state, ["product"]);
      const next = nextMoments("nadam", settings, grads, state);
      const [now, ahead] = [momentumAt(next.count), momentumAt(nextCount(next.count))];
      const product = mul(state.product, now);
      const ofMean = div(ahead, sub(1, mul(product, ahead)));
      const ofGradient = div(sub(1, now), sub(1, product));
      return [direction("nadam", settings, next, grads, { ofMean, ofGradient }), { ...next, product }];
    },
  };
}
