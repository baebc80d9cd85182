// Dividing updates by the size that they usually have.
import { add, div, relu, sqrt, square, sub, type Tensor, type Tree } from "@nonsmooth/ad-core";
import { checkNumbers, checkOptions, checkState } from "./checks.ts";
import type { Optimizer } from "./optimizer.ts";
import { averaged, checkEpsilon, nextCount, noSteps, scaled, seenBy, zerosLike } from "./scalars.ts";
import { mapTree } from "./tree.ts";

/** Settings of {@link scaleByDeviation}. */
export interface ScaleByDeviationOptions {
  /** σ in [0, 1); 0.99 when absent. */
  readonly decay?: number;
  /** ε ≥ 0, added after the root; 1e-8 when absent. */
  readonly epsilon?: number;
}

/** Settings of {@link scaleByRms}. */
export interface ScaleByRmsOptions extends ScaleByDeviationOptions {
  /** Whether the average is divided by `1 - σ^t`, which makes up for its start at 0; false when absent. */
  readonly debiased?: boolean;
}

/** The state of {@link scaleByRms}: the number of steps, and the average of squares. */
export type RmsState = { readonly count: Tensor; readonly squares: Tree };

/** The state of {@link scaleByDeviation}: averages of squares and of updates. */
export type DeviationState = { readonly squares: Tree; readonly means: Tree };

const ranges = { decay: "fraction", epsilon: "notNegative" } as const;

/**
 * Divides by the root of an average of squares: `v ← σ v + (1 - σ) u²`, then `u ← u / (√v + ε)`.
 *
 * With `debiased` the root at step t is `√v / √(1 - σ^t)`. Averages are computed as `v + (1 - σ) (u² - v)`, which loses less
 * in short formats.
 * Cost: 2 multiplications, 3 additions, 1 root and 1 division per parameter, with `debiased` 3 multiplications; 1 number of
 * state per parameter.
 *
 * @param options - `decay` σ (0.99), `epsilon` ε (1e-8), `debiased` (false)
 * @returns the transform
 * @throws AdError "domain" for settings out of range or unknown, and by `init` when ε is 0 in the dtype of a parameter: in
 *   `f16`, below 3e-8
 * @see [TH12] (number unchecked)
 * @example
 * const transform = scaleByRms({ decay: 0.75, epsilon: 0 });
 * transform.update(tensor(-4), transform.init(tensor(0)), tensor(0))[0] // -2
 */
export const scaleByRms = (options: ScaleByRmsOptions = {}): Optimizer<RmsState> => rmsScaling("scaleByRms", options);

/** The transform, whose errors speak of the one who makes it. */
export function rmsScaling(name: string, options: ScaleByRmsOptions): Optimizer<RmsState> {
  checkOptions(name, options, ["decay", "epsilon", "debiased"]);
  const { decay = 0.99, epsilon = 1e-8, debiased = false } = options;
  checkNumbers(name, { decay, epsilon }, ranges);
  return {
    name,
    init(params) {
      checkEpsilon(name, epsilon, params);
      return { count: noSteps(), squares: zerosLike(name, params) };
    },
    update(grads, state) {
      checkState(name, state, ["count", "squares"]);
      const count = nextCount(state.count);
      const squares = mapTree(name, [grads, state.squares], ([u, v]) => averaged(v, square(u), decay));
      const grow = debiased ? div(1, sqrt(seenBy(decay, count))) : undefined;
      const root = (v: Tensor): Tensor => (grow ? scaled(sqrt(v), grow) : sqrt(v));
      return [mapTree(name, [grads, squares], ([u, v]) => div(u, add(root(v), epsilon))), { count, squares }];
    },
  };
}

/**
 * Divides by the deviation from the average: `v` as in {@link scaleByRms}, `m ← σ m + (1 - σ) u`, then
 * `u ← u / (√max(0, v - m²) + ε)`.
 *
 * PyTorch's centered RMSprop takes no maximum, and gives NaN where rounding makes the difference negative.
 * Cost: 4 multiplications, 6 additions, 1 comparison, 1 root and 1 division per parameter; 2 numbers of state per parameter.
 *
 * @param options - `decay` σ (0.99), `epsilon` ε (1e-8)
 * @returns the transform
 * @throws AdError as {@link scaleByRms}
 * @see [Graves13] (number unchecked)
 * @example
 * const transform = scaleByDeviation({ decay: 0.5, epsilon: 0 });
 * transform.update(tensor(-4), transform.init(tensor(0)), tensor(0))[0] // -2
 */
export const scaleByDeviation = (options: ScaleByDeviationOptions = {}): Optimizer<DeviationState> =>
  deviationScaling("scaleByDeviation", options);

/** The transform, whose errors speak of the one who makes it. */
export function deviationScaling(name: string, options: ScaleByDeviationOptions): Optimizer<DeviationState> {
  checkOptions(name, options, ["decay", "epsilon"]);
  const { decay = 0.99, epsilon = 1e-8 } = options;
  checkNumbers(name, { decay, epsilon }, ranges);
  return {
    name,
    init(params) {
      checkEpsilon(name, epsilon, params);
      return { squares: zerosLike(name, params), means: zerosLike(name, params) };
    },
    update(grads, state) {
      checkState(name, state, ["squares", "means"]);
      const squares = mapTree(name, [grads, state.squares], ([u, v]) => averaged(v, square(u), decay));
      const means = mapTree(name, [grads, state.means], ([u, m]) => averaged(m, u, decay));
      const divided = mapTree(name, [grads, squares, means], ([u, v, m]) =>
        div(u, add(sqrt(relu(sub(v, square(m)))), epsilon)),
      );
      return [divided, { squares, means }];
    },
  };
}
