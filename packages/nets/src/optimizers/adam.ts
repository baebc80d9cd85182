// Adam, and Adam with decoupled weight decay.
import { type ChainState, named } from "./chain.ts";
import { checkNumbers, checkOptions } from "./checks.ts";
import { decayOf } from "./decay.ts";
import type { Mask, Optimizer } from "./optimizer.ts";
import { scaleByRate } from "./scale.ts";
import { adamScaling, type MomentsOptions } from "./scaleByAdam.ts";
import { type Rate, scheduleFrom } from "./schedules.ts";

/** Settings of {@link adam} and of its relatives. */
export interface AdamOptions extends MomentsOptions {
  /** γ > 0, or a schedule; 1e-3 when absent. */
  readonly rate?: Rate;
  /** λ ≥ 0; the default is the optimizer's. */
  readonly weightDecay?: number;
  /** Which parameters decay; all when absent. */
  readonly mask?: Mask;
}

/** The names of the settings of {@link AdamOptions}. */
export const adamSettings: readonly string[] = ["rate", "beta1", "beta2", "epsilon", "weightDecay", "mask"];

/**
 * Adam: `m ← β₁ m + (1 - β₁) h` and `v ← β₂ v + (1 - β₂) h²` with `h = g + λ θ`, then at step t = 1, 2, ...
 * `θ ← θ - γ (m / (1 - β₁^t)) / (√v / √(1 - β₂^t) + ε)`.
 *
 * As PyTorch's `Adam`, in its defaults too: λ acts through the gradient. For decay that does not, take {@link adamW}.
 * Cost: 6 multiplications, 5 additions, 1 root and 1 division per parameter, and 1 and 1 with decay; 2 numbers of state per
 * parameter.
 *
 * @param options - `rate` γ (1e-3), `beta1` β₁ (0.9), `beta2` β₂ (0.999), `epsilon` ε (1e-8), `weightDecay` λ (0), `mask`
 * @returns the optimizer
 * @throws AdError "domain" for settings out of range or unknown, and by `init` when ε is 0 in the dtype of a parameter: in
 *   `f16`, below 3e-8
 * @see [KB15] (number unchecked)
 * @example
 * const optimizer = adam({ rate: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 0 });
 * optimizer.update(tensor([-4, 9]), optimizer.init(tensor([0, 0])), tensor([0, 0]))[0] // [0.5, -0.5]
 */
export function adam(options: AdamOptions = {}): Optimizer<ChainState> {
  checkOptions("adam", options, adamSettings);
  const { rate = 1e-3, weightDecay = 0, mask } = options;
  checkNumbers("adam", { weightDecay }, { weightDecay: "notNegative" });
  const last = scaleByRate(scheduleFrom("adam", rate));
  return named("adam", [...decayOf(weightDecay, mask), adamScaling("adam", options), last]);
}

/**
 * Adam with decoupled weight decay: m and v as in {@link adam} with `h = g`, then
 * `θ ← (1 - γ λ) θ - γ (m / (1 - β₁^t)) / (√v / √(1 - β₂^t) + ε)`.
 *
 * As PyTorch's `AdamW`, in its defaults too: the scheduled rate multiplies the decay.
 * Cost: 7 multiplications, 6 additions, 1 root and 1 division per parameter; 2 numbers of state per parameter.
 *
 * @param options - `rate` γ (1e-3), `beta1` β₁ (0.9), `beta2` β₂ (0.999), `epsilon` ε (1e-8), `weightDecay` λ (0.01), `mask`
 * @returns the optimizer
 * @throws AdError "domain" for settings out of range or unknown, and by `init` when ε is 0 in the dtype of a parameter: in
 *   `f16`, below 3e-8
 * @see [LH19] (number unchecked; there the decay is multiplied by the schedule alone, not by γ)
 * @example
 * const optimizer = adamW({ rate: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 0, weightDecay: 0.5 });
 * optimizer.update(tensor(-4), optimizer.init(tensor(4)), tensor(4))[0] // -0.5
 */
export function adamW(options: AdamOptions = {}): Optimizer<ChainState> {
  checkOptions("adamW", options, adamSettings);
  const { rate = 1e-3, weightDecay = 0.01, mask } = options;
  checkNumbers("adamW", { weightDecay }, { weightDecay: "notNegative" });
  const last = scaleByRate(scheduleFrom("adamW", rate));
  return named("adamW", [adamScaling("adamW", options), ...decayOf(weightDecay, mask), last]);
}
