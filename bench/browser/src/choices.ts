// The choices at kinks that the page offers, as layers and selections.
import { first, last, type Select, uniform } from "@nonsmooth/ad-core";
import { type Layer, maxPool2d, maxPoolChoice, type PoolChoice, reluChoice } from "@nonsmooth/nets/layers";

const window = 2;
const plain = (select: Select): PoolChoice => ({ pool: maxPool2d({ window }), select });

/** Rules of the pooling where cells of a window tie. */
export const poolRules = {
  first: (_beta: number): PoolChoice => plain({ maxPool2d: first }),
  last: (_beta: number): PoolChoice => plain({ maxPool2d: last }),
  uniform: (_beta: number): PoolChoice => plain({ maxPool2d: uniform }),
  beta: (beta: number): PoolChoice => maxPoolChoice({ beta, form: "fused", window }),
  coded: (beta: number): PoolChoice => maxPoolChoice({ beta, form: "coded", window }),
} as const;

/** The name of such a rule. */
export type PoolRule = keyof typeof poolRules;

/** Layers with kinks, and the selections that decide there. */
export interface Choices {
  readonly activation: Layer;
  readonly pool: Layer;
  readonly select: Select;
}

/** The layers for `ReLU'(0)` and for a rule of the pooling. */
export function choicesOf(slope: number, rule: PoolRule, beta: number): Choices {
  const { activation, select: ofActivation } = reluChoice({ alpha: slope, rule: "multiply" });
  const { pool, select: ofPool } = poolRules[rule](beta);
  return { activation, pool, select: { ...ofActivation, ...ofPool } };
}
