// Weight decay.
import { add } from "@nonsmooth/ad-core";
import { checkNumbers, checkOptions } from "./checks.ts";
import { type Mask, type NoState, type Optimizer, stateless } from "./optimizer.ts";
import { scaled } from "./scalars.ts";
import { mapTree } from "./tree.ts";

/** Settings of {@link addDecayedWeights}. */
export interface DecayOptions {
  /** Which parameters decay; all when absent. */
  readonly mask?: Mask;
}

/**
 * Adds a multiple of the parameters, `u ← u + λ θ`.
 *
 * Before a transform that scales by gradients it is the gradient of `λ |θ|² / 2` (PyTorch's `weight_decay` of SGD and
 * Adam); after it, and before the rate, it is decoupled weight decay [LH19]: `θ ← (1 - γ λ) θ - γ u`.
 * Cost: 1 multiplication and 1 addition per parameter that decays.
 *
 * @param weightDecay - λ ≥ 0
 * @param options - `mask`
 * @returns the transform
 * @throws AdError "domain" when λ is negative or not finite
 * @see [LH19] (number unchecked)
 * @example
 * const transform = addDecayedWeights(0.5, { mask: (path) => path !== "bias" });
 * const params = { weight: tensor([2]), bias: tensor([2]) };
 * transform.update({ weight: tensor([1]), bias: tensor([1]) }, [], params)[0] // { bias: [1], weight: [2] }
 */
export function addDecayedWeights(weightDecay: number, options: DecayOptions = {}): Optimizer<NoState> {
  checkOptions("addDecayedWeights", options, ["mask"]);
  checkNumbers("addDecayedWeights", { weightDecay }, { weightDecay: "notNegative" });
  const { mask = () => true } = options;
  return stateless("addDecayedWeights", (grads, params) =>
    mapTree("addDecayedWeights", [grads, params], ([g, p], path) =>
      mask(path, p) ? add(g, scaled(p, weightDecay)) : g,
    ),
  );
}

/** The decay of an optimizer: nothing at all when λ is 0. */
export const decayOf = (weightDecay: number, mask?: Mask): Optimizer<NoState>[] =>
  weightDecay === 0 ? [] : [addDecayedWeights(weightDecay, mask ? { mask } : {})];
