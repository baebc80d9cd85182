// The direction of Adam and of its relatives: an average of gradients over the root of an average of their squares.
import { add, div, sqrt, square, type Tensor, type Tree } from "@nonsmooth/ad-core";
import { checkNumbers, checkOptions, checkState } from "./checks.ts";
import type { Optimizer } from "./optimizer.ts";
import { averaged, checkEpsilon, nextCount, noSteps, scaled, seenBy, zerosLike } from "./scalars.ts";
import { mapTree } from "./tree.ts";

/** Settings of {@link scaleByAdam}. */
export interface MomentsOptions {
  /** β₁ in [0, 1), of the average of gradients; 0.9 when absent. */
  readonly beta1?: number;
  /** β₂ in [0, 1), of the average of squares; 0.999 when absent. */
  readonly beta2?: number;
  /** ε ≥ 0, added after the root; 1e-8 when absent. */
  readonly epsilon?: number;
}

/** The state of {@link scaleByAdam}: the number of steps, the averages of gradients and of squares. */
export type MomentsState = { readonly count: Tensor; readonly means: Tree; readonly squares: Tree };

/** Two scalars that may change from step to step: the shares of the average and of the newest gradient in a direction. */
export interface Shares {
  readonly ofMean: Tensor;
  readonly ofGradient?: Tensor;
}

/** The settings with their defaults, checked. */
export function checkMoments(name: string, options: MomentsOptions): Required<MomentsOptions> {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkNumbers(name, { beta1, beta2, epsilon }, { beta1: "fraction", beta2: "fraction", epsilon: "notNegative" });
  return { beta1, beta2, epsilon };
}

/** The state of two averages before the first step. */
export function noMoments(name: string, epsilon: number, params: Tree): MomentsState {
  checkEpsilon(name, epsilon, params);
  return { count: noSteps(), means: zerosLike(name, params), squares: zerosLike(name, params) };
}

/** The averages one step later. */
export function nextMoments(
  name: string,
  { beta1, beta2 }: Required<MomentsOptions>,
  grads: Tree,
  state: MomentsState,
): MomentsState {
  checkState(name, state, ["count", "means", "squares"]);
  return {
    count: nextCount(state.count),
    means: mapTree(name, [grads, state.means], ([g, m]) => averaged(m, g, beta1)),
    squares: mapTree(name, [grads, state.squares], ([g, v]) => averaged(v, square(g), beta2)),
  };
}

/** `(a m + b g) / (√v / √(1 - β₂^t) + ε)`, with the shares a and b. */
export function direction(
  name: string,
  { beta2, epsilon }: Required<MomentsOptions>,
  { count, means, squares }: MomentsState,
  grads: Tree,
  { ofMean, ofGradient }: Shares,
): Tree {
  const grow = div(1, sqrt(seenBy(beta2, count)));
  return mapTree(name, [means, squares, grads], ([m, v, g]) => {
    const mixed = ofGradient ? add(scaled(m, ofMean), scaled(g, ofGradient)) : scaled(m, ofMean);
    return div(mixed, add(scaled(sqrt(v), grow), epsilon));
  });
}

/**
 * The direction of Adam: `m ← β₁ m + (1 - β₁) u` and `v ← β₂ v + (1 - β₂) u²`, then at step t = 1, 2, ...
 * `u ← (m / (1 - β₁^t)) / (√v / √(1 - β₂^t) + ε)`.
 *
 * Averages are computed as `m + (1 - β₁) (u - m)`, which loses less in short formats; powers of β in double precision.
 * Cost: 5 multiplications, 5 additions, 1 root and 1 division per parameter; 2 numbers of state per parameter.
 *
 * @param options - `beta1` β₁ (0.9), `beta2` β₂ (0.999), `epsilon` ε (1e-8)
 * @returns the transform
 * @throws AdError "domain" for settings out of range or unknown, and by `init` when ε is 0 in the dtype of a parameter: in
 *   `f16`, below 3e-8
 * @see [KB15] (number unchecked)
 * @example
 * const transform = scaleByAdam({ beta1: 0.5, beta2: 0.75, epsilon: 0 });
 * transform.update(tensor(-4), transform.init(tensor(0)), tensor(0))[0] // -1
 */
export function scaleByAdam(options: MomentsOptions = {}): Optimizer<MomentsState> {
  checkOptions("scaleByAdam", options, ["beta1", "beta2", "epsilon"]);
  return adamScaling("scaleByAdam", options);
}

/** The transform, whose errors speak of the one who makes it. */
export function adamScaling(name: string, options: MomentsOptions): Optimizer<MomentsState> {
  const settings = checkMoments(name, options);
  return {
    name,
    init: (params) => noMoments(name, settings.epsilon, params),
    update(grads, state) {
      const next = nextMoments(name, settings, grads, state);
      const ofMean = div(1, seenBy(settings.beta1, next.count));
      return [direction(name, settings, next, grads, { ofMean }), next];
    },
  };
}
