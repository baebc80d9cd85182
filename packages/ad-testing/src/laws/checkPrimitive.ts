// All laws of one primitive.
import type { Primitive } from "@nonsmooth/ad-core";
import { matchesDifferences, matchesSecondDifferences, pushesAgree, transposes, zerosStayZero } from "./derivatives.ts";
import { choiceInvisible, weightsSumToOne } from "./kinks.ts";
import { type Cases, type Law, type LawOptions, type Subject, subjectOf } from "./law.ts";
import { sumsReordered } from "./sums.ts";
import { costCounted, roundedOnce, typesAgree, valueKept } from "./values.ts";

type Check = <P>(subject: Subject<P>, cases: Cases<P>, options: LawOptions) => void;
type RecordCheck = <P>(primitive: Primitive<P>, cases: Cases<P>, options: LawOptions) => void;

/** The laws that need to know how an operation is run, and no more. */
export function subjectLaws<P>(subject: Subject<P>, cases: Cases<P>, options: LawOptions): Law[] {
  const isChosen = subject.kink !== undefined && subject.kink.type !== "jump";
  const all: readonly (readonly [applies: boolean, sentence: string, check: Check])[] = [
    [true, "the value is kept under every transform", valueKept],
    [true, "vjp is the transpose of jvp, at kinks too", transposes],
    [true, "linearize pushes what jvp pushes", pushesAgree],
    [!options.unguarded, "zeros stay zeros, also where the derivative is infinite", zerosStayZero],
    [!options.undifferenced, "off kinks jvp is the central difference", matchesDifferences],
    [!options.undifferenced, "off kinks the derivative of the vjp is its central difference", matchesSecondDifferences],
    [isChosen, "off kinks the choice is invisible", choiceInvisible],
    [options.elementary === true, "narrow results are rounded once", roundedOnce],
  ];
  return all
    .filter(([applies]) => applies)
    .map(([, sentence, check]) => ({
      name: `${subject.name}: ${sentence}`,
      check: () => check(subject, cases, options),
    }));
}

/** The laws that read the record itself. */
function recordLaws<P>(primitive: Primitive<P>, cases: Cases<P>, options: LawOptions): Law[] {
  const all: readonly (readonly [applies: boolean, sentence: string, check: RecordCheck])[] = [
    [true, "the rules of shape and dtype agree with the value", typesAgree],
    [
      primitive.kink?.type === "tie",
      "the value is the branch that the kink states, and weights of ties sum to 1",
      weightsSumToOne,
    ],
    [!options.uncounted, "the cost is what the kernel asks for", costCounted],
    [primitive.sums !== undefined, "its sums may run in any order, up to rounding", sumsReordered],
  ];
  return all
    .filter(([applies]) => applies)
    .map(([, sentence, check]) => ({
      name: `${primitive.name}: ${sentence}`,
      check: () => check(primitive, cases, options),
    }));
}

/**
 * The laws of a primitive, each with a name, so that a test runner can list them.
 *
 * @param primitive - the record
 * @param cases - two sources of inputs and settings: `kinky` and `smooth`
 * @param options - `seed`, `runs`, `elementary`, and reasons for laws that do not apply: `uncounted`, `undifferenced`, `unguarded`
 * @returns the laws that speak about it
 * @example
 * const cases = { kinky: kinkyTensor().map((x) => ({ inputs: [x], params: null })), smooth: smoothTensor().map((x) => ({ inputs: [x], params: null })) };
 * primitiveLaws(records.get("relu"), cases).length // 10
 */
export function primitiveLaws<P>(primitive: Primitive<P>, cases: Cases<P>, options: LawOptions = {}): Law[] {
  return [...recordLaws(primitive, cases, options), ...subjectLaws(subjectOf(primitive), cases, options)];
}

/**
 * Checks all laws of a primitive, one of yours or one of the engine's: types, value kept, transpose at kinks for every
 * selection and every set of active inputs, difference quotients off kinks to second order, weights, rounding, price,
 * and that `sums` names axes whose order does not matter.
 *
 * @param primitive - the record
 * @param cases - two sources of inputs and settings: `kinky` lands on kinks often, `smooth` stays clear of them
 * @param options - `seed`, `runs`, `elementary`, and reasons for laws that do not apply: `uncounted`, `undifferenced`, `unguarded`
 * @throws Error with the law, the counterexample and the seed
 * @example
 * checkPrimitive(records.get("abs"), {
 *   kinky: kinkyTensor().map((x) => ({ inputs: [x], params: null })),
 *   smooth: smoothTensor().map((x) => ({ inputs: [x], params: null })),
 * }, { elementary: true })
 */
export function checkPrimitive<P>(primitive: Primitive<P>, cases: Cases<P>, options: LawOptions = {}): void {
  for (const law of primitiveLaws(primitive, cases, options)) law.check();
}
