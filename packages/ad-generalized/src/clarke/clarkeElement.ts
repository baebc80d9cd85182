// One element of the Clarke subdifferential, at a cost that does not grow with the dimension.

import { ones, type Tensor } from "@nonsmooth/ad-core";
import {
  domainError,
  dtypeError,
  filled,
  isReal,
  type LikeAll,
  shapeError,
  within,
} from "@nonsmooth/ad-core/transforms";
import { ask, checkOptions, type DirectionOptions, type Question } from "../derivatives/asked.ts";
import { ExactRun } from "../exactness/exactRun.ts";
import { checkFinite, checkSweep } from "../sweep/check.ts";
import { type LockedInstruction, readLocks } from "../sweep/locked.ts";
import { numbersOf } from "../sweep/numbers.ts";
import { type Sweep, sweepFlat } from "../sweep/sweep.ts";
import { type Certificate, claimOf, innerProduct, residualsOf } from "./certificate.ts";
import { drawDirections, entriesOf } from "./directions.ts";

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

/** What the sweeps found. */
export interface Found {
  readonly sweep: Sweep;
  readonly directions: readonly (readonly Tensor[])[];
  readonly gradient: readonly Tensor[];
}

function checkScalar({ lowered }: Question, { outputs }: Sweep): Tensor {
  const [y] = outputs;
  if (lowered.form().text !== "*" || y === undefined || y.shape.length !== 0) {
    const shapes = outputs.map(({ shape }) => shape);
    throw shapeError(
      where,
      "the function is not scalar",
      "one tensor of shape []",
      shapes,
      "reduce it with sum or mean",
    );
  }
  if (!isReal(y.dtype)) throw dtypeError(where, "a real result", [y.dtype], "cast it");
  return y;
}

/** One taped run along directions; the gradient is what its maps give, read backwards. */
export function sweepTaped({ run, leaves, tolerance }: Question, directions: readonly (readonly Tensor[])[]): Sweep {
  return sweepFlat(run, leaves, directions, { where, tolerance, isTaped: true });
}

/** Reads a taped run backwards. */
export function gradientOf({ leaves }: Question, sweep: Sweep, y: Tensor): Tensor[] {
  const found = sweep.pullback([ones([], { dtype: y.dtype })]);
  return leaves.map((x, i) => filled(found[i], x));
}

const undecidedOf = (locked: readonly LockedInstruction[]): number =>
  locked.reduce((total, { undecided }) => total + undecided, 0);

/**
 * Locks the branches along the first direction. Where branches tie along it as well, the run is made once more with
 * the second direction to tell them apart, in case the first one was unlucky.
 */
function search(question: Question, drawn: readonly (readonly Tensor[])[]): Found & { locked: LockedInstruction[] } {
  const { tolerance } = question;
  const attempt = (count: number): Found & { locked: LockedInstruction[] } => {
    const directions = drawn.slice(0, count);
    const sweep = sweepTaped(question, directions);
    checkScalar(question, sweep);
    checkSweep(question, sweep);
    const locked = readLocks(sweep.locks, tolerance);
    if (count < drawn.length && undecidedOf(locked) > 0) return attempt(count + 1);
    const gradient = gradientOf(question, sweep, sweep.outputs[0] as Tensor);
    checkFinite(question, gradient);
    return { sweep, directions, gradient, locked };
  };
  return attempt(1);
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
  const { form, run } = question;
  const leaves = question.leaves.map((x) => numbersOf(where, x));
  const watch = new ExactRun();
  const drawn = drawDirections(seed, leaves, 2);
  const { sweep, directions, gradient, locked } = within(watch, () => search({ ...question, leaves }, drawn));
  const [y] = sweep.outputs as [Tensor];
  const number = (x: Tensor): number => numbersOf(where, x).data[0] as number;
  const [direction, value] = [directions[0] as readonly Tensor[], number(y)];
  const product = innerProduct(where, gradient, direction);
  const grounds = {
    arithmetic: watch.isExact ? "exact" : "numerical",
    tolerance: question.tolerance,
    undecided: undecidedOf(locked),
  } as const;
  const at = { leaves, direction };
  return {
    value: y,
    gradient: form.build(gradient) as LikeAll<Args>,
    certificate: {
      ...grounds,
      directions: directions.map((d) => form.build(d) as LikeAll<Args>),
      locked,
      slope: number(filled(sweep.tangents[0]?.[0], y)),
      product,
      residuals: residualsOf((x) => number(run(x)[0] as Tensor), at, { value, product }, steps),
      sweeps: { forward: directions.length, reverse: 1 },
      claim: claimOf({ ...grounds, draws: entriesOf(leaves) }),
    },
  };
}
