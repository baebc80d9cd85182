// Layers that count how often a step stands on a kink.
import { cast, equal, greater, max, mul, reshape, sum, type Tensor, type Tree } from "@nonsmooth/ad-core";
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

/** A layer that leaves counts behind as its state; what it computes is the same. */
const counting = (layer: Layer, counts: (x: Tensor) => Tree): Layer => ({
  ...layer,
  apply: (variables, x, context) => ({ y: layer.apply(variables, x, context).y, state: counts(x) }),
});

/** A ReLU that counts its zeros. */
export const countingZeros = (activation: Layer): Layer => counting(activation, (x) => ({ zeros: count(equal(x, 0)) }));

/** A pooling of windows of 2 by 2 cells that counts those that tie. */
export const countingWindows = (pool: Layer): Layer =>
  counting(pool, (x) => {
    const [batch, channels, height, width] = x.shape as [number, number, number, number];
    const cells = reshape(x, [batch * channels, height / 2, 2, width / 2, 2]);
    const largest = max(cells, { axes: [2, 4], keepDims: true });
    const ties = sum(cast(equal(cells, largest), "f32"), { axes: [2, 4], keepDims: true });
    const tied = cast(greater(ties, 1), "f32");
    return { windows: sum(tied), above: sum(mul(tied, cast(greater(largest, 0), "f32"))) };
  });

/** The counts of all layers, from the state that a step leaves. */
export function tiesIn(state: Tree): Ties {
  const found = { zeros: 0, windows: 0, above: 0 };
  for (const layer of Object.values(state as Record<string, Record<string, Tensor>>))
    for (const [name, { data }] of Object.entries(layer)) found[name as keyof Ties] += data[0] as number;
  return found;
}
