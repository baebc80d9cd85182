// Looking for branches that a random direction takes, and reading the locked program backwards.
import { ones, type Tensor } from "@nonsmooth/ad-core";
import { dtypeError, filled, isReal, shapeError } from "@nonsmooth/ad-core/transforms";
import type { Question } from "../derivatives/asked.ts";
import { checkFinite, checkSweep } from "../sweep/check.ts";
import { type LockedInstruction, readLocks } from "../sweep/locked.ts";
import { type Sweep, sweepFlat } from "../sweep/sweep.ts";

/** What the sweeps found. */
export interface Found {
  readonly sweep: Sweep;
  readonly directions: readonly (readonly Tensor[])[];
  readonly gradient: readonly Tensor[];
  readonly locked: readonly LockedInstruction[];
}

function checkScalar({ where, lowered }: Question, { outputs }: Sweep): Tensor {
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
export function sweepTaped(
  { where, run, leaves, tolerance }: Question,
  directions: readonly (readonly Tensor[])[],
): Sweep {
  return sweepFlat(run, leaves, directions, { where, tolerance, isTaped: true });
}

/** Reads a taped run backwards. */
export function gradientOf({ leaves }: Question, sweep: Sweep, y: Tensor): Tensor[] {
  const found = sweep.pullback([ones([], { dtype: y.dtype })]);
  return leaves.map((x, i) => filled(found[i], x));
}

/** At how many places the branches tie along all directions. */
export const undecidedOf = (locked: readonly LockedInstruction[]): number =>
  locked.reduce((total, { undecided }) => total + undecided, 0);

/**
 * Locks the branches along the first direction. Where branches tie along it as well, the run is made once more with
 * the second direction to tell them apart, in case the first one was unlucky.
 */
export function search(question: Question, drawn: readonly (readonly Tensor[])[]): Found {
  const { tolerance } = question;
  const attempt = (count: number): Found => {
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
