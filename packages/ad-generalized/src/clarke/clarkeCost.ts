// What an element of the Clarke subdifferential costs, from the types of the arguments.
import { cost, type Histogram, ones, type Tensor, zeros } from "@nonsmooth/ad-core";
import { checkSettings, domainError, flattenArguments, isReal } from "@nonsmooth/ad-core/transforms";
import { ask, type Question } from "../derivatives/asked.ts";
import { gradientOf, sweepTaped } from "./search.ts";

const where = "clarkeCost";

/** Settings of {@link clarkeCost}. */
export interface ClarkeCostOptions {
  /** Along how many directions the run is made: 1 when absent; 2 is what it takes where branches tie along the first one. */
  readonly directions?: 1 | 2;
}

/** The value, the tangents along the directions, and the gradient of the locked program. */
function sweep(question: Question, directions: readonly (readonly Tensor[])[]): unknown {
  const found = sweepTaped(question, directions);
  return [found.outputs, found.tangents, gradientOf(question, found, found.outputs[0] as Tensor)];
}

/**
 * The scalar operations of the sweeps behind {@link clarkeElement}: one run along directions, value included, and one
 * sweep back. Nothing is computed, and no small step is counted.
 *
 * At a kink the most comparisons that telling its branches apart can take are counted, whether they tie or not.
 * `clarkeElement` makes the run with two directions only after one with a single direction that left branches tied.
 * Cost: one recording of `f`.
 *
 * @param f - returns one scalar of a real dtype
 * @param args - its arguments, in a list; their numbers matter only where `f` branches by `isTrue`
 * @param options - `directions`: 1 or 2 (1)
 * @returns how often each scalar operation occurs
 * @throws AdError "domain" for another number of directions; else as the function `cost` of ad-core
 * @see [KL18] a bound that does not grow with the number of inputs
 * @example
 * clarkeCost((x) => sum(relu(x)), [zeros([10])]) // { maximum: 10, less: 20, equal: 10, scaleBy: 30, mul: 10, add: 28 }
 */
export function clarkeCost<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  options: ClarkeCostOptions = {},
): Histogram {
  checkSettings(where, options, ["directions"]);
  const { directions = 1 } = options;
  if (directions !== 1 && directions !== 2)
    throw domainError(where, "directions", "1 or 2", String(directions), "an element takes no more");
  const { leaves } = flattenArguments(where, args);
  const along = leaves.map(({ shape, dtype }) => (isReal(dtype) ? ones(shape, { dtype }) : zeros(shape, { dtype })));
  const sweeps = (at: readonly Tensor[], ...drawn: (readonly Tensor[])[]): unknown =>
    sweep({ ...ask(where, f, args, {}), leaves: at }, drawn);
  return cost(sweeps, [leaves, ...Array.from({ length: directions }, () => along)]);
}
