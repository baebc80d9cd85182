// A user's own derivative against the values of the function.
import { AdError, jvp, type Tensor, vjp } from "@nonsmooth/ad-core";
import { expectClose, fail, inner } from "../tools/compare.ts";
import { along, filledLike, unitLike } from "../tools/draws.ts";
import { type Directions, expectTranspose, type Flat, flatten } from "../tools/flat.ts";
import { centralStep } from "../tools/tolerances.ts";

/** Settings of {@link checkCustomDerivative}. */
export interface CustomDerivativeOptions {
  /** From which directions are drawn; 1 when absent. */
  readonly seed?: number;
  /** How many directions; 5 when absent. */
  readonly directions?: number;
  /** Set when the rules are not meant to be the derivative, as in straight-through estimation: only the transpose is checked. */
  readonly isEstimate?: boolean;
}

/** Runs a check of one mode, unless the function has no rule for it. */
function unlessMissing(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof AdError && error.code === "missing") return false;
    throw error;
  }
}

function differences({ f, args }: Flat, direction: readonly Tensor[]): Tensor[] {
  const after = f(...along(args, direction, centralStep));
  const before = f(...along(args, direction, -centralStep));
  return after.map((y, k) =>
    filledLike(y, (i) => ((y.data[i] as number) - (before[k]?.data[i] as number)) / (2 * centralStep)),
  );
}

function expectPushes(flat: Flat, { select, seed }: Directions): void {
  const direction = unitLike(flat.args, seed);
  const [, pushed] = jvp(flat.f, flat.args, direction, { select });
  differences(flat, direction).forEach((quotient, k) => {
    expectClose(`checkCustomDerivative: jvp of result ${k}`, pushed[k] as Tensor, quotient, "quotients");
  });
}

/** Pulls one unit at a time, so that a failure says which argument and element is wrong. */
function expectPulls(flat: Flat, { select, seed }: Directions): void {
  const [outputs, pullback] = vjp(flat.f, flat.args, { select });
  const gy = unitLike(outputs, seed);
  const pulled = pullback(gy) as Tensor[];
  flat.args.forEach((x, k) => {
    const expected = filledLike(x, (i) => {
      const unit = flat.args.map((v, m) => filledLike(v, (j) => (m === k && j === i ? 1 : 0)));
      return differences(flat, unit).reduce((total, q, o) => total + inner([q], [gy[o] as Tensor]).value, 0);
    });
    expectClose(`checkCustomDerivative: vjp of ${flat.names[k]}`, pulled[k] as Tensor, expected, "quotients");
  });
}

/**
 * Checks a function with a derivative of its own, at a place where it is smooth: the two rules are transposes of each
 * other, and each matches central differences of the values. A direction without a rule is left out.
 *
 * Not checked: kinks and jumps, where difference quotients mean nothing; choose a place clear of them, in `f64`.
 *
 * @param f - what `customDerivative` returned, or any function made with it
 * @param args - the arguments, in a list
 * @param options - `seed`, `directions`, `isEstimate`
 * @throws Error that names the rule, the argument and the numbers, or says that there is no rule at all
 * @example
 * const cube = customDerivative((x) => mul(x, square(x)), { vjp: ([x], y, gy) => [mul(gy, mul(3, square(x)))] });
 * checkCustomDerivative(cube, [tensor([1, -2])])
 */
export function checkCustomDerivative<Args extends readonly unknown[]>(
  f: (...args: Args) => unknown,
  args: readonly [...Args],
  { seed = 1, directions = 5, isEstimate = false }: CustomDerivativeOptions = {},
): void {
  const flat = flatten(f as (...args: never[]) => unknown, args);
  for (let n = 0; n < directions; n++) {
    const at: Directions = { select: {}, seed: seed + n };
    unlessMissing(() => expectTranspose("checkCustomDerivative", flat, at));
    if (isEstimate) continue;
    const found = [expectPushes, expectPulls].map((check) => unlessMissing(() => check(flat, at)));
    if (!found.includes(true)) fail("checkCustomDerivative: there is neither a vjp nor a jvp rule");
  }
}
