// One transform after the other.
import type { Tree } from "@nonsmooth/ad-core";
import { checkState } from "./checks.ts";
import type { Optimizer } from "./optimizer.ts";
import { checkTrees } from "./tree.ts";

/** The states of the parts of a chain, in their order. */
export type ChainState = readonly Tree[];

/** A chain with a name, which its errors speak of. */
export function named(name: string, transforms: readonly Optimizer[]): Optimizer<ChainState> {
  return {
    name,
    init(params) {
      checkTrees(name, params);
      return transforms.map((transform) => transform.init(params));
    },
    update(grads, state, params) {
      checkTrees(name, params, grads);
      checkState(name, state, transforms.length);
      let updates = grads;
      const next = transforms.map((transform, i) => {
        const [changed, kept] = transform.update(updates, state[i] as Tree, params);
        updates = changed;
        return kept;
      });
      return [updates, next];
    },
  };
}

/**
 * Puts transforms in a row: each gets the updates of the one before it, the first the gradients.
 *
 * The result is an optimizer when the last ones turn gradients into steps, as {@link scaleByRate} and {@link inertia} do.
 * Cost: that of its parts.
 *
 * @param transforms - in the order in which they act; none leaves gradients as they are
 * @returns the chain; its state is the list of the states
 * @throws AdError "data", "shape" or "dtype" when gradients, state and parameters do not fit together
 * @example
 * const optimizer = chain(clipByGlobalNorm(1), sgd({ rate: 0.5 }));
 * const params = tensor([0, 0]);
 * optimizer.update(tensor([0, 4]), optimizer.init(params), params)[0] // [-0, -0.5]
 */
export const chain = (...transforms: readonly Optimizer[]): Optimizer<ChainState> =>
  named(`chain(${transforms.map(({ name }) => name).join(", ")})`, transforms);
