// Gradient descent, plain and with momentum.
import { add, type Tree } from "@nonsmooth/ad-core";
import { type ChainState, named } from "./chain.ts";
import { checkNumbers, checkOptions, checkState } from "./checks.ts";
import { decayOf } from "./decay.ts";
import type { Mask, Optimizer } from "./optimizer.ts";
import { scaled, zerosLike } from "./scalars.ts";
import { scaleByRate } from "./scale.ts";
import { type Rate, scheduleFrom } from "./schedules.ts";
import { mapTree } from "./tree.ts";

/** Settings of {@link sgd}. */
export interface SgdOptions {
  /** γ > 0, or a schedule. */
  readonly rate: Rate;
  /** λ ≥ 0, added to the gradient as λ θ; 0 when absent. */
  readonly weightDecay?: number;
  /** Which parameters decay; all when absent. */
  readonly mask?: Mask;
}

/** Settings of {@link momentum}. */
export interface MomentumOptions extends SgdOptions {
  /** μ in [0, 1); 0.9 when absent. */
  readonly momentum?: number;
  /** Whether the step looks ahead; false when absent. */
  readonly nesterov?: boolean;
}

/** The state of {@link addMomentum}: the momenta, in the form of the parameters. */
export type MomentumState = { readonly momenta: Tree };

/**
 * Stochastic gradient descent: `θ ← θ - γ (g + λ θ)`, with the letters of the settings. PyTorch's `SGD`.
 *
 * Cost: 1 multiplication per parameter, and 1 and 1 addition with decay; no state but the count.
 *
 * @param options - `rate` γ (no default), `weightDecay` λ (0), `mask`
 * @returns the optimizer
 * @throws AdError "domain" for settings out of range or unknown
 * @example
 * const optimizer = sgd({ rate: 0.5 });
 * optimizer.update(tensor([2, -4]), optimizer.init(tensor([0, 0])), tensor([0, 0]))[0] // [-1, 2]
 */
export function sgd(options: SgdOptions): Optimizer<ChainState> {
  checkOptions("sgd", options, ["rate", "weightDecay", "mask"]);
  const { rate, weightDecay = 0, mask } = options;
  checkNumbers("sgd", { weightDecay }, { weightDecay: "notNegative" });
  return named("sgd", [...decayOf(weightDecay, mask), scaleByRate(scheduleFrom("sgd", rate))]);
}

/**
 * Gradient descent with momentum: `m ← μ m + g + λ θ`, then `θ ← θ - γ m`: the heavy ball [Polyak64]. With `nesterov`,
 * `θ ← θ - γ (g + λ θ + μ m)` with the new m.
 *
 * As PyTorch's `SGD` with dampening 0: m starts at 0, the rate is outside of m, and the Nesterov step is the variant of
 * [SMDH13] that takes gradients where the parameters are.
 * Cost: 2 multiplications and 1 addition per parameter (with `nesterov` 3 and 2), and 1 and 1 with decay; 1 number of state
 * per parameter.
 *
 * @param options - `rate` γ (no default), `momentum` μ (0.9), `nesterov` (false), `weightDecay` λ (0), `mask`
 * @returns the optimizer
 * @throws AdError "domain" for settings out of range or unknown
 * @see [Polyak64], [SMDH13] (numbers unchecked)
 * @example
 * const optimizer = momentum({ rate: 1, momentum: 0.5 });
 * const [, state] = optimizer.update(tensor(4), optimizer.init(tensor(0)), tensor(0));
 * optimizer.update(tensor(4), state, tensor(0))[0] // -6
 */
export function momentum(options: MomentumOptions): Optimizer<ChainState> {
  checkOptions("momentum", options, ["rate", "momentum", "nesterov", "weightDecay", "mask"]);
  const { rate, momentum: mu = 0.9, nesterov = false, weightDecay = 0, mask } = options;
  const ranges = { momentum: "fraction", weightDecay: "notNegative" } as const;
  checkNumbers("momentum", { momentum: mu, weightDecay }, ranges);
  const last = scaleByRate(scheduleFrom("momentum", rate));
  return named("momentum", [...decayOf(weightDecay, mask), addMomentum({ momentum: mu, nesterov }), last]);
}

/** Settings of {@link addMomentum}. */
export interface AddMomentumOptions {
  /** μ in [0, 1); 0.9 when absent. */
  readonly momentum?: number;
  /** Whether the result is `u + μ m` instead of m; false when absent. */
  readonly nesterov?: boolean;
}

/**
 * Adds up updates that fade: `m ← μ m + u`, and the result is m, or `u + μ m` with `nesterov`.
 *
 * Cost: 1 multiplication and 1 addition per parameter, with `nesterov` 2 and 2; 1 number of state per parameter.
 *
 * @param options - `momentum` μ (0.9), `nesterov` (false)
 * @returns the transform
 * @throws AdError "domain" for settings out of range or unknown
 * @see [Polyak64] (number unchecked)
 * @example
 * const transform = addMomentum({ momentum: 0.5, nesterov: true });
 * transform.update(tensor(4), transform.init(tensor(0)), tensor(0))[0] // 6
 */
export function addMomentum(options: AddMomentumOptions = {}): Optimizer<MomentumState> {
  const name = "addMomentum";
  checkOptions(name, options, ["momentum", "nesterov"]);
  const { momentum: mu = 0.9, nesterov = false } = options;
  checkNumbers(name, { momentum: mu }, { momentum: "fraction" });
  return {
    name,
    init: (params) => ({ momenta: zerosLike(name, params) }),
    update(grads, state) {
      checkState(name, state, ["momenta"]);
      const momenta = mapTree(name, [grads, state.momenta], ([u, m]) => add(scaled(m, mu), u));
      const ahead = (): Tree => mapTree(name, [grads, momenta], ([u, m]) => add(u, scaled(m, mu)));
      return [nesterov ? ahead() : momenta, { momenta }];
    },
  };
}
