// Derivatives along one direction, and along several, one after the other.

import type { Like } from "@nonsmooth/ad-core";
import { AdError } from "@nonsmooth/ad-core";
import { filled, type LikeAll } from "@nonsmooth/ad-core/transforms";
import { checkSweep } from "../sweep/check.ts";
import { type Sweep, sweepFlat } from "../sweep/sweep.ts";
import { ask, checkOptions, type DirectionOptions, type Question, readDirection } from "./asked.ts";

/** Runs along directions and checks what was met. */
export function sweepAlong(question: Question, directions: readonly unknown[]): Sweep {
  const { where, run, leaves, tolerance } = question;
  const read = directions.map((direction, i) =>
    readDirection(question, directions.length === 1 ? "the direction" : `direction ${i}`, direction),
  );
  const sweep = sweepFlat(run, leaves, read, { where, tolerance, isTaped: false });
  checkSweep(question, sweep);
  return sweep;
}

/** The tangent of the result along one of the directions. */
const built = ({ lowered }: Question, { outputs, tangents }: Sweep, direction: number): unknown =>
  lowered.form().build(outputs.map((y, i) => filled(tangents[direction]?.[i], y)));

/**
 * The one-sided directional derivative `f'(x; d) = lim (f(x + t d) - f(x)) / t` as t falls to 0.
 *
 * It is positively homogeneous in `d`, and not linear where branches tie: at a kink the branches that a small step
 * along `d` takes are found by their own speeds. No selection is asked for, because none is left to make.
 * Cost: a bounded multiple of the cost of `f`.
 *
 * @param f - a function of trees of tensors, which may return any tree; it is run once
 * @param args - the arguments, in a list
 * @param direction - a list of trees like the arguments; what stands at integers and conditions is not read
 * @param options - `tolerance`: numbers that differ by no more tie (0)
 * @returns the derivative along the direction, in the form of the value
 * @throws AdError "domain" where an instruction jumps or has no finite slope; "unsupported" for a derivative of one's
 *   own or a cut one; "shape", "dtype" or "data" for a direction unlike the arguments
 * @see [KB13] the rules at kinks
 * @example
 * directionalDerivative((x) => sum(relu(x)), [tensor([0, 0])], [tensor([3, -4])]) // 3
 * directionalDerivative((x) => norm2(x), [tensor([0, 0])], [tensor([3, -4])]) // 5
 */
export function directionalDerivative<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
  args: readonly [...Args],
  direction: LikeAll<Args>,
  options: DirectionOptions = {},
): Like<Out> {
  checkOptions("directionalDerivative", options);
  const question = ask("directionalDerivative", f, args, options);
  return built(question, sweepAlong(question, [direction]), 0) as Like<Out>;
}

/**
 * The lexicographic derivative `f'(x; M)` along the directions of a list: the derivative along the first one, then the
 * derivative of that derivative along the second one, and so on.
 *
 * At a kink the branches that tie are told apart by their first tangents, those that tie in these too by their second
 * ones, and so on; where all tie, all move alike.
 * Cost: one evaluation, and for each direction a bounded multiple of one.
 *
 * @param f - a function of trees of tensors, which may return any tree; it is run once
 * @param args - the arguments, in a list
 * @param directions - one or more lists of trees like the arguments
 * @param options - `tolerance`: numbers that differ by no more tie (0)
 * @returns for each direction a derivative in the form of the value
 * @throws AdError as {@link directionalDerivative}; "domain" without directions
 * @see [KB13] vector forward mode
 * @example
 * const f = (x) => max(x);
 * lexicographicDerivative(f, [tensor([0, 0])], [[tensor([1, 1])], [tensor([0, 1])]]) // [1, 1]
 */
export function lexicographicDerivative<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
  args: readonly [...Args],
  directions: readonly LikeAll<Args>[],
  options: DirectionOptions = {},
): Like<Out>[] {
  checkOptions("lexicographicDerivative", options);
  const question = ask("lexicographicDerivative", f, args, options);
  checkDirections("lexicographicDerivative", directions);
  const sweep = sweepAlong(question, directions);
  return directions.map((_, j) => built(question, sweep, j) as Like<Out>);
}

/** Refuses what is no list of directions. */
export function checkDirections(where: string, directions: unknown): void {
  if (Array.isArray(directions) && directions.length > 0) return;
  const [expected, got] = ["a list of one or more directions", Array.isArray(directions) ? "none" : typeof directions];
  const remedy = "pass [[d1], [d2]], each a list like the arguments";
  throw new AdError({ code: "domain", where, problem: "no directions", expected, got, remedy });
}
