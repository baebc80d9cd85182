// INNA, the inertial Newton algorithm, and INNAprop, which scales its gradients.
import { isTrue, less, type Tensor } from "@nonsmooth/ad-core";
import { type ChainState, named } from "./chain.ts";
import { checkNumbers, checkOptions, rangeError } from "./checks.ts";
import { type InertiaOptions, inertialSteps, inertiaSettings } from "./inertia.ts";
import type { Optimizer } from "./optimizer.ts";
import { rmsScaling } from "./scaleByRms.ts";
import { type Rate, type Schedule, scheduleFrom } from "./schedules.ts";

/** Settings of {@link inna}: those of {@link inertia}, all with defaults. */
export type InnaOptions = Partial<InertiaOptions>;

/** Settings of {@link innaprop}: those of {@link inertia} but `initialSpeed`, all with defaults, and two of the scaling. */
export interface InnapropOptions extends Omit<InnaOptions, "initialSpeed"> {
  /** σ in [0, 1), of the average of squares; 0.999 when absent. */
  readonly sigma?: number;
  /** ε ≥ 0, added after the root; 1e-8 when absent. */
  readonly epsilon?: number;
}

/**
 * INNA: `ψ ← ψ + γ d` and `θ ← θ + γ (d - β g)` with `d = (1/β - α) θ - ψ/β`, where ψ begins with `(1 - αβ) θ`.
 *
 * It is the discrete form of `θ'' + α θ' + β ∇²J(θ) θ' + ∇J(θ) = 0`, and converges for nonsmooth J too. The paper's experiments
 * begin with velocity -g: `initialSpeed: 1`, and let the rate fall as {@link inversePower} does. Decay is decoupled: θ is
 * `(1 - γλ) θ` on the right, as in the file that comes with INNAprop. Here the rate may reach β: nothing divides by `β - γ`.
 * Cost: that of {@link inertia}; 1 number of state per parameter.
 *
 * @param options - `rate` γ (0.01), `alpha` α (0.5), `beta` β (0.1), `weightDecay` λ (0), `mask`, `state` ("velocity"),
 *   `initialSpeed` s (β)
 * @returns the optimizer
 * @throws AdError "domain" for settings out of range or unknown
 * @see [CBFP21] (number unchecked)
 * @example
 * const optimizer = inna({ rate: 0.5, alpha: 0.5, beta: 1 });
 * optimizer.update(tensor(4), optimizer.init(tensor(1)), tensor(1))[0] // -2
 */
export function inna(options: InnaOptions = {}): Optimizer<ChainState> {
  checkOptions("inna", options, inertiaSettings);
  return named("inna", [inertialSteps("inna", { rate: 0.01, alpha: 0.5, beta: 0.1, ...options })]);
}

/**
 * INNAprop: INNA along scaled gradients. At step t = 1, 2, ... `θ ← (1 - γλ) θ`, `v ← σ v + (1 - σ) g²`,
 * `ĝ = g / (√v / √(1 - σ^t) + ε)`, `d = (1/β - α) θ - ψ/β`, `ψ ← ψ + γ d` and `θ ← θ + γ (d - β ĝ)`; ψ begins with `(1 - αβ) θ`
 * from before the first decay.
 *
 * The published step, `θ ← (1 + γ (1 - αβ) / (β - γ)) θ - γ / (β - γ) ψ - γβ ĝ` with the new ψ, is the same in exact arithmetic and
 * divides by `β - γ`. As there, the rate must stay below β: it is checked here for numbers and for the schedules of this
 * package, and at every step for other functions (in a recorded program, by a guard).
 * (0.1, 0.9) is fast at first and the default; (2, 2) ends lower in long runs; with α = β = 1 it is {@link adamW} with β₁ = 0.
 * `state` "psi" keeps what the authors' code keeps; see {@link inertia} for why "velocity" is the default.
 * Cost: 8 multiplications, 6 additions, 1 root and 1 division per parameter, and at most 3 and 2 more with decay; 2 numbers of
 * state per parameter.
 *
 * @param options - `rate` γ (1e-3), `alpha` α (0.1), `beta` β (0.9), `sigma` σ (0.999), `epsilon` ε (1e-8),
 *   `weightDecay` λ (0.01), `mask`, `state` ("velocity")
 * @returns the optimizer
 * @throws AdError "domain" for settings out of range or unknown, for a rate that is not below β, and by `init` when ε is 0 in
 *   the dtype of a parameter: in `f16`, below 3e-8; "guard" when a recorded step meets a rate that is not below β
 * @see [BBPP24] (number unchecked)
 * @example
 * const optimizer = innaprop({ rate: 0.5, alpha: 1, beta: 1, sigma: 0.75, epsilon: 0, weightDecay: 0 });
 * optimizer.update(tensor([4, -3]), optimizer.init(tensor([1, 1])), tensor([1, 1]))[0] // [-0.5, 0.5]
 */
export function innaprop(options: InnapropOptions = {}): Optimizer<ChainState> {
  const name = "innaprop";
  const known = inertiaSettings.filter((setting) => setting !== "initialSpeed");
  checkOptions(name, options, [...known, "sigma", "epsilon"]);
  const { sigma = 0.999, epsilon = 1e-8, rate = 1e-3, beta = 0.9, ...rest } = options;
  checkNumbers(name, { sigma, beta }, { sigma: "fraction", beta: "positive" });
  const steps = { alpha: 0.1, weightDecay: 0.01, ...rest, beta, rate: below(name, rate, beta) };
  return named(name, [rmsScaling(name, { decay: sigma, epsilon, debiased: true }), inertialSteps(name, steps)]);
}

/** The same rate, which is known to stay below β or is asked at every step. */
function below(name: string, rate: Rate, beta: number): Schedule {
  const schedule = scheduleFrom(name, rate);
  const [text, { largest }] = [`below beta, ${beta}, at every step`, schedule];
  if (largest === undefined) {
    return (count: Tensor) => {
      const value = schedule(count);
      if (isTrue(less(value, beta))) return value;
      throw rangeError(name, "rate", text, "a step of the schedule with a rate that is not");
    };
  }
  if (largest < beta) return schedule;
  throw rangeError(name, "rate", text, largest);
}
