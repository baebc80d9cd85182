// RMSprop.
import { type ChainState, named } from "./chain.ts";
import { checkNumbers, checkOptions } from "./checks.ts";
import { decayOf } from "./decay.ts";
import type { Mask, Optimizer } from "./optimizer.ts";
import { scaleByRate } from "./scale.ts";
import { deviationScaling, rmsScaling } from "./scaleByRms.ts";
import { type Rate, scheduleFrom } from "./schedules.ts";
import { addMomentum } from "./sgd.ts";

/** Settings of {@link rmsprop}. */
export interface RmspropOptions {
  /** γ > 0, or a schedule; 0.01 when absent. */
  readonly rate?: Rate;
  /** σ in [0, 1); 0.99 when absent. */
  readonly decay?: number;
  /** ε ≥ 0, added after the root; 1e-8 when absent. */
  readonly epsilon?: number;
  /** μ in [0, 1); 0 when absent. */
  readonly momentum?: number;
  /** Whether the square of the average gradient is taken off; false when absent. */
  readonly centered?: boolean;
  /** λ ≥ 0, added to the gradient as λ θ; 0 when absent. */
  readonly weightDecay?: number;
  /** Which parameters decay; all when absent. */
  readonly mask?: Mask;
}

/**
 * RMSprop: `v ← σ v + (1 - σ) g²`, then `θ ← θ - γ g / (√v + ε)`; with momentum `m ← μ m + g / (√v + ε)` and `θ ← θ - γ m`.
 *
 * As PyTorch's `RMSprop`, in its defaults too (there σ is called alpha); with `centered` see {@link scaleByDeviation}.
 * Cost: 3 multiplications, 3 additions, 1 root and 1 division per parameter; 1 number of state per parameter, one more each
 * with `momentum` and with `centered`.
 *
 * @param options - `rate` γ (0.01), `decay` σ (0.99), `epsilon` ε (1e-8), `momentum` μ (0), `centered` (false),
 *   `weightDecay` λ (0), `mask`
 * @returns the optimizer
 * @throws AdError "domain" for settings out of range or unknown, and by `init` when ε is 0 in the dtype of a parameter
 * @see [TH12] (number unchecked)
 * @example
 * const optimizer = rmsprop({ rate: 0.25, decay: 0.75, epsilon: 0 });
 * optimizer.update(tensor(-4), optimizer.init(tensor(1)), tensor(1))[0] // 0.5
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer<ChainState> {
  const known = ["rate", "decay", "epsilon", "momentum", "centered", "weightDecay", "mask"];
  checkOptions("rmsprop", options, known);
  const { rate = 0.01, decay = 0.99, epsilon = 1e-8, momentum = 0, centered = false, weightDecay = 0, mask } = options;
  checkNumbers("rmsprop", { momentum, weightDecay }, { momentum: "fraction", weightDecay: "notNegative" });
  const scaling = (centered ? deviationScaling : rmsScaling)("rmsprop", { decay, epsilon });
  return named("rmsprop", [
    ...decayOf(weightDecay, mask),
    scaling,
    ...(momentum === 0 ? [] : [addMomentum({ momentum })]),
    scaleByRate(scheduleFrom("rmsprop", rate)),
  ]);
}
