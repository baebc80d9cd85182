// Layers that count how often a step stands on a kink.
import {
  cast,
  type DType,
  equal,
  greater,
  max,
  mul,
  reshape,
  sum,
  type Tensor,
  type Tree,
  zeros,
} from "@nonsmooth/ad-core";
import type { Layer } from "@nonsmooth/nets/layers";

/** What one step met. */
export interface Ties {
  /** Inputs of a ReLU that are 0. */
  readonly zeros: number;
  /** Windows whose largest value stands in several cells. */
  readonly windows: number;
  /** Those of them whose largest value is above 0: only there a ReLU before the pooling lets a derivative through. */
  readonly above: number;
}

/** How many of some conditions are true. */
const count = (conditions: Tensor): Tensor => sum(cast(conditions, "f32"));

/** A number that begins with 0. */
const counter = {
  ...{ shape: [], fans: { in: 1, out: 1 } },
  initializer: (_key: Tensor, _variable: unknown, dtype: DType): Tensor => zeros([], { dtype }),
};

/** A layer that leaves the counts of a step behind as its state; what it computes is the same. */
const counting = (layer: Layer, names: readonly (keyof Ties)[], counts: (x: Tensor) => Tree): Layer => ({
  ...layer,
  plan: (shape) => ({ ...layer.plan(shape), state: Object.fromEntries(names.map((name) => [name, counter])) }),
  apply: (variables, x, context) => ({ y: layer.apply(variables, x, context).y, state: counts(x) }),
});

/** A ReLU that counts its zeros. */
export const countingZeros = (activation: Layer): Layer =>
  counting(activation, ["zeros"], (x) => ({ zeros: count(equal(x, 0)) }));

/** A pooling of windows of 2 by 2 cells that counts those that tie. */
export const countingWindows = (pool: Layer): Layer =>
  counting(pool, ["windows", "above"], (x) => {
    const [batch, channels, height, width] = x.shape as [number, number, number, number];
    const cells = reshape(x, [batch * channels, height / 2, 2, width / 2, 2]);
    const largest = max(cells, { axes: [2, 4], keepDims: true });
    const ties = sum(cast(equal(cells, largest), "f32"), { axes: [2, 4], keepDims: true });
    const tied = cast(greater(ties, 1), "f32");
    return { windows: sum(tied), above: sum(mul(tied, cast(greater(largest, 0), "f32"))) };
  });

/** The counts of the last step, of all layers together, from the state that it leaves. */
export function tiesIn(state: Tree): Ties {
  const found = { zeros: 0, windows: 0, above: 0 };
  for (const layer of Object.values(state as Record<string, Record<string, Tensor>>))
    for (const [name, { data }] of Object.entries(layer)) found[name as keyof Ties] += data[0] as number;
  return found;
}
