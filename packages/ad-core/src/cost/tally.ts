// Sums over the elementary functions of a program: the costs of the literal algorithms.
import type { Elementary } from "./dictionary.ts";
import type { Prices } from "./prices.ts";

/** How often each part of the formulas occurs in a program. */
export interface Sums {
  /** `Σ cost(g_i)`: the price of one evaluation. */
  readonly value: number;
  /** `Σ cost(gd_i)`. */
  readonly derived: number;
  /** `Σ |pr(i)|`: one product each in either mode. */
  readonly edges: number;
  /** `Σ (|pr(i)| - 1)` where there are edges: additions of forward mode. */
  readonly joins: number;
}

export const noSums: Sums = { value: 0, derived: 0, edges: 0, joins: 0 };

/** Adds sums, the second one repeated. */
export const addSums = (a: Sums, b: Sums, times = 1): Sums => ({
  value: a.value + times * b.value,
  derived: a.derived + times * b.derived,
  edges: a.edges + times * b.edges,
  joins: a.joins + times * b.joins,
});

/** What one elementary function contributes. */
export const sumsOf = ({ value, derived, edges }: Elementary): Sums => ({
  value,
  derived,
  edges,
  joins: Math.max(0, edges - 1),
});

/** Cost of the literal backward mode, value included: `Σ cost(gd_i) + |pr(i)| (c_mul + c_add)`. */
export const backwardCost = ({ derived, edges }: Sums, { mul, add }: Prices): number => derived + edges * (mul + add);

/** Cost of the literal forward mode with `r` tangents: `Σ cost(gd_i) + r (|pr(i)| c_mul + (|pr(i)| - 1) c_add)`. */
export const forwardCost = ({ derived, edges, joins }: Sums, { mul, add }: Prices, r: number): number =>
  derived + r * (edges * mul + joins * add);

/** The largest quotients that one elementary function can have: bounds for every program made of them. */
export interface Bounds {
  /** Bound of backward mode. */
  readonly omegaB: number;
  /** Bound of forward mode for each tangent. */
  readonly omegaF: number;
}

/** The bounds of a dictionary: 1 when no derivative passes; infinite when one passes through something free. */
export function boundsOf(used: Iterable<Elementary>, prices: Prices): Bounds {
  let [omegaB, omegaF] = [1, 1];
  for (const entry of used) {
    if (entry.derived === 0 && entry.edges === 0) continue;
    omegaB = Math.max(omegaB, backwardCost(sumsOf(entry), prices) / entry.value);
    omegaF = Math.max(omegaF, forwardCost(sumsOf(entry), prices, 1) / entry.value);
  }
  return { omegaB, omegaF };
}
