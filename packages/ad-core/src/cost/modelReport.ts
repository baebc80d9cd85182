// The model count of a program, from its sums.
import type { Elementary } from "./dictionary.ts";
import type { Prices } from "./prices.ts";
import { backwardCost, boundsOf, forwardCost, type Sums } from "./tally.ts";

/** The model count: costs of the literal algorithms on the scalar program that the function stands for. */
export interface ModelReport {
  /** One evaluation. */
  readonly evaluate: number;
  /** The value and the derivative with respect to every real input, by one backward sweep. */
  readonly backward: number;
  /** The value and one tangent. */
  readonly forward: number;
  /** The value and as many tangents as the gradient has entries; `ratio` is to one evaluation. */
  readonly forwardFull: { readonly cost: number; readonly bound: number; readonly ratio: number };
  readonly backwardRatio: number;
  readonly forwardRatio: number;
  /** Bound of `backwardRatio` for every program made of the same elementary functions. */
  readonly omegaB: number;
  /** Bound of `forwardRatio`. */
  readonly omegaF: number;
}

/** The report of a program with these sums, made of the elementary functions that it uses. */
export function modelReport(
  { sums, used }: { readonly sums: Sums; readonly used: Iterable<Elementary> },
  prices: Prices,
  directions: number,
): ModelReport {
  const { omegaB, omegaF } = boundsOf(used, prices);
  const [evaluate, backward] = [sums.value, backwardCost(sums, prices)];
  const [forward, full] = [forwardCost(sums, prices, 1), forwardCost(sums, prices, directions)];
  return {
    evaluate,
    backward,
    forward,
    forwardFull: { cost: full, bound: directions * omegaF, ratio: full / evaluate },
    backwardRatio: backward / evaluate,
    forwardRatio: forward / evaluate,
    omegaB,
    omegaF,
  };
}
