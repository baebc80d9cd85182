// One element of the Clarke subdifferential, at a cost that does not grow with the dimension.
import type { Tensor } from "@nonsmooth/ad-core";
import { domainError, filled, type LikeAll, within } from "@nonsmooth/ad-core/transforms";
import { ask, checkOptions, type DirectionOptions, type Question } from "../derivatives/asked.ts";
import { ExactRun } from "../exactness/exactRun.ts";
import { denseOf } from "../sweep/numbers.ts";
import { type Certificate, claimOf, innerProduct, residualsOf } from "./certificate.ts";
import { drawDirections, entriesOf } from "./directions.ts";
import { type Found, search, undecidedOf } from "./search.ts";

const where = "clarkeElement";

/** Settings of {@link clarkeElement}. */
export interface ClarkeOptions extends DirectionOptions {
  /** Of the random direction, a whole number; 0 when absent. The same seed gives the same element. */
  readonly seed?: number;
  /** Steps of the check along the direction; 2^-8, 2^-16 and 2^-24 when absent. Each is one evaluation. */
  readonly steps?: readonly number[];
}

/** An element of the Clarke subdifferential. */
export interface ClarkeElement<Args extends readonly unknown[] = readonly unknown[]> {
  readonly value: Tensor;
  /** A list like the arguments. */
  readonly gradient: LikeAll<Args>;
  readonly certificate: Certificate<Args>;
}

function checkClarkeOptions({ seed = 0, steps = [] }: ClarkeOptions): void {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw domainError(where, "seed", "a whole number from 0 to 2^53 - 1", seed, "round it, or choose another");
  const odd = Array.isArray(steps) ? steps.find((step) => !(step > 0 && step < Infinity)) : "no list";
  if (odd !== undefined) throw domainError(where, "steps", "positive numbers", odd, "steps go along the direction");
}

/**
 * An element of the Clarke subdifferential of a scalar function, with a certificate.
 *
 * A random direction is followed through the program; where branches tie, those that a small step along it takes are
 * locked; the locked program is smooth, and one backward sweep gives its gradient: the limit of the gradients along
 * the direction. Plain backpropagation gives an element of a conservative field, which may lie outside.
 *
 * The subdifferential is that with respect to all real arguments together. A direction that misses the difference of
 * two branches, one in 2^20 at most in `f64`, is found where branches tie along it too, and mended by a second direction.
 * With `tolerance` above 0 numbers that rounding has moved apart tie again, and nothing is promised.
 * Cost: one sweep along the direction, one back, whatever the number of inputs; one more forward sweep with two
 * directions where branches tie along the first one; one evaluation for each of `steps`.
 *
 * @param f - returns one scalar of a real dtype; it is run once or twice, and once for each step
 * @param args - the arguments, in a list
 * @param options - `seed` of the direction (0), `tolerance` of ties (0), `steps` of the check
 * @returns the value, the gradient as a list like the arguments, and the certificate: directions, locked branches, what
 *   forward mode and small steps say, whether any operation was rounded
 * @throws AdError "shape" when the result is no scalar; "domain" where an instruction jumps or has no finite slope;
 *   "unsupported" for a derivative of one's own or a cut one; "escaped" inside a transform
 * @see [KL18] the method, [KB13] the rules at kinks, [Khan18] locked branches in reverse mode
 * @example
 * const identity = (x) => sub(relu(x), relu(neg(x)));
 * grad(identity)(tensor(0)) // 0
 * clarkeElement(identity, [tensor(0)], { seed: 1 }).gradient // [1]
 */
export function clarkeElement<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  options: ClarkeOptions = {},
): ClarkeElement<Args> {
  checkOptions(where, options, ["seed", "steps"]);
  checkClarkeOptions(options);
  const { seed = 0, steps = [2 ** -8, 2 ** -16, 2 ** -24] } = options;
  const question = ask(where, f, args, options);
  const leaves = question.leaves.map((x) => denseOf(where, x));
  const watch = new ExactRun(where);
  const drawn = drawDirections(seed, leaves, 2);
  const found = within(watch, () => search({ ...question, leaves }, drawn));
  const [value] = found.sweep.outputs as [Tensor];
  const gradient = question.form.build(found.gradient) as LikeAll<Args>;
  return { value, gradient, certificate: certify({ ...question, leaves }, found, watch.isExact, steps) };
}

/** Puts together what is known about an element. */
function certify<Args extends readonly unknown[]>(
  { form, run, leaves, tolerance }: Question,
  { sweep, directions, gradient, locked }: Found,
  isExact: boolean,
  steps: readonly number[],
): Certificate<Args> {
  const number = (x: Tensor): number => denseOf(where, x).data[0] as number;
  const [y, direction] = [sweep.outputs[0] as Tensor, directions[0] as readonly Tensor[]];
  const product = innerProduct(where, gradient, direction);
  const known = { value: number(y), product };
  const residuals = residualsOf((x) => number(run(x)[0] as Tensor), { leaves, direction }, known, steps);
  const grounds = {
    arithmetic: isExact ? "exact" : "numerical",
    tolerance,
    undecided: undecidedOf(locked),
    residuals,
    product,
  } as const;
  return {
    ...grounds,
    directions: directions.map((d) => form.build(d) as LikeAll<Args>),
    locked,
    slope: number(filled(sweep.tangents[0]?.[0], y)),
    sweeps: { forward: directions.length, reverse: 1 },
    claim: claimOf(grounds, entriesOf(leaves)),
  };
}
