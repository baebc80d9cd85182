// Checking a gradient against values of the function, at kinks too.
import { atZero, first, last, type Select, type Tensor } from "@nonsmooth/ad-core";
import { kinkedRecords } from "../arbitraries/selections.ts";
import { fail, inner, isSameBits } from "../tools/compare.ts";
import { along, filledLike, unitLike } from "../tools/draws.ts";
import { type Flat, flatten } from "../tools/flat.ts";
import { isReal } from "../tools/tolerances.ts";
import { agrees, type Field, fieldOf, oneSided, printRungs, type Rung, twoSided } from "./differences.ts";

/** Settings of {@link checkGradient}. */
export interface GradientCheckOptions {
  /** Choices at kinks; the defaults when absent. */
  readonly select?: Select;
  /** From which directions are drawn; 1 when absent. */
  readonly seed?: number;
  /** Directions for each argument, and as many in all arguments at once; 3 when absent. */
  readonly directions?: number;
  /** The function is convex: slopes to the left and to the right must bracket the gradient at the place itself. */
  readonly convex?: boolean;
  /** The function is concave: the same, the other way round. */
  readonly concave?: boolean;
}

/** A direction that moves some of the arguments. */
interface Direction {
  readonly name: string;
  readonly d: readonly Tensor[];
}

function directionsOf({ args, names }: Flat, seed: number, count: number): Direction[] {
  const movable = args.map((_, i) => i).filter((i) => isReal((args[i] as Tensor).dtype));
  const parts = movable.length > 1 ? [...movable.map((i) => [i]), movable] : [movable];
  return parts.flatMap((part, p) =>
    Array.from({ length: count }, (_, n) => {
      const drawn = unitLike(args, seed + 1009 * p + n);
      const d = drawn.map((v, i) => (part.includes(i) ? v : filledLike(v, () => 0)));
      return { name: `${part.map((i) => names[i]).join(" and ")}, direction ${n}`, d };
    }),
  );
}

/** Every choice that there is to make, made in one extreme way; the sites and operations of the caller too. */
function everywhere(select: Select, tie: typeof first, vector: "zero" | "ones"): Select {
  const names = kinkedRecords.map(({ name, kink }) => [name, kink?.type === "point" ? atZero(vector) : tie]);
  const own = Object.entries(select).map(([key, choice]) => [key, choice.kind === "point" ? atZero(vector) : tie]);
  return Object.fromEntries([...names, ...own]);
}

/** Whether some choice at a kink shows in the gradient. */
function isAtKink({ flat, gradientAt }: Field, select: Select): boolean {
  const one = gradientAt(flat.args, everywhere(select, first, "zero"));
  const two = gradientAt(flat.args, everywhere(select, last, "ones"));
  return one.some((g, i) => !isSameBits(g, two[i] as Tensor));
}

const shown = ({ flat }: Field, { name, d }: Direction): string => {
  const moved = d.flatMap((v, i) => (v.data.some((n) => n !== 0) ? [`${flat.names[i]}: ${Array.from(v.data)}`] : []));
  return `${name} (${moved.join("; ")})`;
};

function expectAgreement(field: Field, direction: Direction, rungs: readonly Rung[], what: string): void {
  if (agrees(rungs, field.tolerance)) return;
  const remedy = "if the slopes grow as steps shrink, the function jumps there";
  fail(`checkGradient: ${shown(field, direction)}: ${what}; ${remedy}\n${printRungs(rungs)}`);
}

/** Slopes of a convex function bracket the gradient, for long steps as well as short ones. */
function expectBracket(field: Field, direction: Direction, sign: 1 | -1): void {
  const { flat, value, valueAt, gradientAt, tolerance } = field;
  const found = inner(gradientAt(flat.args), direction.d).value;
  for (const step of [1, ...tolerance.steps]) {
    const right = (valueAt(along(flat.args, direction.d, step)) - value) / step;
    const left = (value - valueAt(along(flat.args, direction.d, -step))) / step;
    const slack = tolerance.quotients * (1 + Math.abs(found));
    if (sign * (found - left) >= -slack && sign * (right - found) >= -slack) continue;
    const [low, high] = sign === 1 ? [left, right] : [right, left];
    const numbers = `<gradient, direction> = ${found} is not between ${low} and ${high}, the slopes of step ${step}`;
    fail(`checkGradient: ${shown(field, direction)}: ${numbers}`);
  }
}

/**
 * Checks the gradient of a scalar function against values of the function, along random seeded directions, for each
 * argument alone and for all together. Never flaky at kinks.
 *
 * Checked everywhere, kinks included: the slope `(f(x + t d) - f(x)) / t` against `<g, d>`, where `g` is the gradient
 * at `x + t d / 2`. For shrinking `t` this `g` is a limiting gradient: the element of the generalized derivative that
 * belongs to `d`. They must agree at two successive steps `t` of the table of tolerances.
 *
 * Checked off kinks: the gradient at `x` itself against the central difference. A place counts as a kink when the
 * gradient there depends on the selection, or when slopes to the two sides differ.
 *
 * Checked on request, at kinks too: with `convex` (or `concave`) the slopes to the left and to the right must bracket
 * `<g(x), d>` for the gradient `g(x)` under the selection, for steps from 1 down.
 *
 * Not checked: at a kink of a function that is neither convex nor concave, the gradient at `x` itself; there
 * `<g(x), d>` may exceed both one-sided slopes and be right (`|x| - |y|` at 0 with `g = d = (1, 1)`: both slopes are
 * 0). Nor whether `g(x)` lies in the Clarke subdifferential. A function that jumps at `x` fails. A bracket needs an
 * element of the subdifferential: `atKink(s)` with `s` outside [0, 1] fails it.
 *
 * @param f - a function of trees of tensors that returns one scalar
 * @param args - the arguments, in a list
 * @param options - `select`, `seed`, `directions`, `convex`, `concave`
 * @throws Error with argument, direction, steps, slopes and derivatives when they disagree
 * @see [BP21] the outputs over all choices are a conservative field, and equal the gradient almost everywhere
 * @example
 * checkGradient((x, y) => sum(mul(relu(x), y)), [tensor([-1, 0, 2]), tensor([1, 2, 3])])
 * checkGradient((x) => max(x), [tensor([1, 1, 0])], { convex: true })
 */
export function checkGradient<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  args: readonly [...Args],
  options: GradientCheckOptions = {},
): void {
  const { select = {}, seed = 1, directions = 3 } = options;
  const field = fieldOf("checkGradient", flatten(f as (...args: never[]) => unknown, args), select);
  const atKink = isAtKink(field, select);
  for (const direction of directionsOf(field.flat, seed, directions)) {
    checkDirection(field, direction, atKink);
    if (options.convex) expectBracket(field, direction, 1);
    if (options.concave) expectBracket(field, direction, -1);
  }
}

function checkDirection(field: Field, direction: Direction, atKink: boolean): void {
  const right = oneSided(field, direction.d);
  expectAgreement(field, direction, right, "the slope on one side is not that of the gradients there");
  const opposite = direction.d.map((v) => filledLike(v, (i) => -(v.data[i] as number)));
  const left = oneSided(field, opposite);
  expectAgreement(field, direction, left, "the slope on the other side is not that of the gradients there");
  if (atKink || hasTwoSlopes(right, left, field)) return;
  expectAgreement(field, direction, twoSided(field, direction.d), "the central difference is not that of the gradient");
}

/** Whether the function has different slopes to the two sides, at a step that is short and not yet lost in rounding. */
function hasTwoSlopes(right: readonly Rung[], left: readonly Rung[], { tolerance }: Field): boolean {
  const at = Math.floor((2 * right.length) / 3);
  const [after, before] = [(right[at] as Rung).slope, -(left[at] as Rung).slope];
  return Math.abs(after - before) > 100 * tolerance.quotients * (1 + Math.abs(after));
}
