/** What many directional derivatives of one function cost, beside the bound that products of matrices put on it. */
import { metered } from "../meter.ts";
import { drawProblem, originOf, sumOf } from "./problem.ts";
import { type Kinked, readOff, smoothSlopes } from "./readOff.ts";

/** Bound of backward mode for sums, products, relu and absolute values, at unit prices. */
const omegaB = 5;

/** One size. */
export interface DirectionalRow {
  readonly n: number;
  /** One evaluation of the function of 2n inputs. */
  readonly evaluate: number;
  /** The n directional derivatives. */
  readonly forward: number;
  readonly forwardRatio: number;
  /** The derivatives, their sum, and its gradient in the directions. */
  readonly backward: number;
  readonly backwardRatio: number;
  /** Evaluations that n directional derivatives take at least, were the schoolbook count the least for a product. */
  readonly lowerBound: number;
  /** Its leading term, `n / 10`. */
  readonly leadingTerm: number;
  /** Largest difference between the product read off and the product. */
  readonly difference: number;
  /** The same number of derivatives of the smooth function with softplus: one gradient and n inner products. */
  readonly smooth: { readonly operations: number; readonly ratio: number; readonly difference: number };
}

/** What the study found. */
export interface DirectionalStudy {
  readonly function: Kinked;
  readonly seed: number;
  readonly omegaB: number;
  readonly rows: readonly DirectionalRow[];
}

/** Operations of a product of `[n, n]` matrices by rows and columns: n³ products and n² (n - 1) additions. */
const schoolbook = (n: number): number => 2 * n ** 3 - n ** 2;

function rowOf(kinked: Kinked, n: number, seed: number): DirectionalRow {
  const problem = drawProblem(n, seed);
  const evaluate = metered(() => sumOf(kinked, problem)(...originOf(problem))).operations;
  const { forward, backward, difference } = readOff(kinked, problem);
  const smooth = smoothSlopes(problem);
  return {
    ...{ n, evaluate, forward, forwardRatio: forward / evaluate, backward, backwardRatio: backward / evaluate },
    lowerBound: (schoolbook(n) / omegaB - n + 1) / evaluate,
    leadingTerm: n / (2 * omegaB),
    difference,
    smooth: { ...smooth, ratio: smooth.operations / evaluate },
  };
}

/** Studies several sizes; `tell` hears of each before it begins. */
export function directionalStudy(
  kinked: Kinked,
  sizes: readonly number[],
  seed: number,
  tell: (n: number, index: number) => void,
): DirectionalStudy {
  const rows = sizes.map((n, index) => {
    tell(n, index);
    return rowOf(kinked, n, seed);
  });
  return { function: kinked, seed, omegaB, rows };
}
