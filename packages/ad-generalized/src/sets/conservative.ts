// Whether the choice of a derivative at the kinks of an operation obeys the chain rule along curves.
import { add, key, mul, randomUniform, type Select, split, type Tensor, tensor, vjp } from "@nonsmooth/ad-core";
import { checkSettings, domainError, filled, isReal } from "@nonsmooth/ad-core/transforms";
import { innerProduct } from "../clarke/certificate.ts";
import { ask, type Question } from "../derivatives/asked.ts";
import { denseOf } from "../sweep/numbers.ts";
import { integralOf, type Rate } from "./integral.ts";

const where = "isConservative";

/** Settings of {@link isConservative}. */
export interface ConservativeOptions {
  /** The choice, as for `grad`. */
  readonly select?: Select;
  /** Of the curves, a whole number; 0 when absent. */
  readonly seed?: number;
  /** How many curves are tried; 100 when absent. */
  readonly curves?: number;
}

/** A segment along which the derivative does not add up to the change of the value. */
export interface Counterexample<Args extends readonly unknown[] = readonly unknown[]> {
  /** Its ends, lists like the arguments. */
  readonly from: Args;
  readonly to: Args;
  /** The change of the value; of several numbers the change of their sum with random weights. */
  readonly change: number;
  /** The integral of the derivative along the segment. */
  readonly integral: number;
}

/** What the curves showed. */
export interface Conservative<Args extends readonly unknown[] = readonly unknown[]> {
  /** False when a curve contradicts; true when none of those that were tried does. */
  readonly isConservative: boolean;
  readonly counterexample: Counterexample<Args> | null;
  /** How many curves were tried. */
  readonly curves: number;
  readonly claim: string;
}

function checkConservative(options: ConservativeOptions): void {
  checkSettings(where, options, ["select", "seed", "curves"]);
  for (const [name, least] of [["seed", 0] as const, ["curves", 1] as const]) {
    const value = options[name] ?? least;
    if (!Number.isSafeInteger(value) || value < least)
      throw domainError(where, name, `a whole number from ${least}`, value, "round it, or leave it out");
  }
}

/** The point moved by whole numbers from -1 to 1 in each entry, so that entries often tie along a segment. */
function moved(word: Tensor, leaves: readonly Tensor[]): Tensor[] {
  const words = split(word, leaves.length);
  return leaves.map((x, i) => {
    if (!isReal(x.dtype)) return x;
    const drawn = randomUniform(words[i] as Tensor, x.shape).data as Float64Array;
    const steps = drawn.map((v) => Math.floor(3 * v) - 1);
    return add(x, tensor(steps, { shape: x.shape, dtype: x.dtype }));
  });
}

const between = (a: readonly Tensor[], b: readonly Tensor[], t: number): Tensor[] =>
  a.map((x, i) => (isReal(x.dtype) ? add(mul(x, 1 - t), mul(b[i] as Tensor, t)) : x));

const minus = (b: readonly Tensor[], a: readonly Tensor[]): Tensor[] =>
  a.map((x, i) => (isReal(x.dtype) ? add(b[i] as Tensor, mul(x, -1)) : filled(null, x)));

/** Value and rate along a segment; several results are summed up with weights. */
function rateAlong({ run }: Question, ends: readonly [Tensor[], Tensor[]], word: Tensor, select: Select): Rate {
  const direction = minus(ends[1], ends[0]);
  return (t) => {
    const [outputs, pull] = vjp((...x: Tensor[]) => run(x), between(...ends, t), { select });
    const words = split(word, outputs.length + 1);
    const weights = outputs.map((y, i) => {
      if (!isReal(y.dtype)) return filled(null, y);
      const drawn = randomUniform(words[i] as Tensor, y.shape).data as Float64Array;
      return tensor(Float64Array.from(drawn), { shape: y.shape, dtype: y.dtype });
    });
    const value = innerProduct(where, outputs, weights);
    return { value, rate: innerProduct(where, pull(weights as never) as Tensor[], direction) };
  };
}

/**
 * Whether a choice of derivatives at kinks is that of a conservative field, which is what makes backpropagation a calculus: that
 * along every curve the derivatives add up to the change of the value. A choice whose weights sum to 1 does; giving 1 to each
 * of two branches that tie, or a derivative of one's own that is no derivative, does not.
 *
 * The curves are segments between points that differ from the arguments by whole numbers, so arguments that sit on a kink
 * stay on it along many of them, and branches that tie move together. A curve that contradicts is a proof, up to rounding;
 * that none of those tried does is none, and is said so. It is meant for one operation; a program is taken as well.
 * Cost: for each curve some ten gradients, and for each kink that it crosses some hundred more.
 *
 * @param f - a function of trees of tensors, which may return any tree
 * @param args - the arguments, in a list: where the curves are, best whole numbers that tie
 * @param options - `select` the choice, `seed` and number of `curves` (100)
 * @returns whether it is, and if not a curve that shows it
 * @throws AdError "selection" as `grad`; "domain" for a setting that it does not know
 * @see [BP21] conservative fields
 * @example
 * isConservative((x) => relu(x), [tensor(0)], { select: { relu: atKink(7) } }).isConservative // true
 * const both = customDerivative((x) => max(x), { vjp: ([x], y, gy) => [where(equal(x, y), gy, 0)] });
 * isConservative(both, [tensor([0, 0])]).isConservative // false
 */
export function isConservative<Args extends readonly unknown[]>(
  f: (...args: Args) => unknown,
  args: readonly [...Args],
  options: ConservativeOptions = {},
): Conservative<Args> {
  checkConservative(options);
  const { select = {}, seed = 0, curves = 100 } = options;
  const question = ask(where, f, args, {});
  const leaves = question.leaves.map((x) => denseOf(where, x));
  for (const [i, word] of split(key(seed), curves).entries()) {
    const [start, end, weights] = split(word, 3) as [Tensor, Tensor, Tensor];
    const ends = [moved(start, leaves), moved(end, leaves)] as const;
    const { change, integral, isEqual } = integralOf(rateAlong(question, [...ends], weights, select));
    if (isEqual) continue;
    const [from, to] = ends.map((x) => question.form.build(x) as Args) as [Args, Args];
    const claim = "not conservative: along a curve the derivatives do not add up to the change of the value";
    return { isConservative: false, counterexample: { from, to, change, integral }, curves: i + 1, claim };
  }
  const claim = `conservative along all of ${curves} curves that were tried`;
  return { isConservative: true, counterexample: null, curves, claim };
}
