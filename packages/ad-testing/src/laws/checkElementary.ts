// All laws of a scalar operation that a user has stated.
import {
  type Algebra,
  apply,
  counter,
  elementary,
  type Primitive,
  type Statement,
  type Tensor,
} from "@nonsmooth/ad-core";
import type fc from "fast-check";
import { fail } from "../tools/compare.ts";
import { forAll } from "../tools/properties.ts";
import { subjectLaws } from "./checkPrimitive.ts";
import type { Case, Cases, LawOptions, Subject } from "./law.ts";

/** Two sources of operands: `kinky` lands on kinks often, `smooth` stays clear of them. */
export interface OperandSources {
  readonly kinky: fc.Arbitrary<readonly Tensor[]>;
  readonly smooth: fc.Arbitrary<readonly Tensor[]>;
}

/** An operation made by `elementary`. */
type Operation = (...operands: Tensor[]) => Tensor;

const called = "testing/statement";

function subjectFrom(tested: Statement | Operation): Subject<null> {
  if (typeof tested === "function") return { name: "the operation", run: (inputs) => tested(...inputs) };
  const operation = elementary(called, tested);
  const kink = tested.kink ? { type: "tie" as const, along: false } : undefined;
  return { name: called, kink, run: (inputs) => operation(...inputs) };
}

/** A scalar function of an algebra, run on tensors. */
function evaluate(value: <N>(m: Algebra<N>, a: N, b: N) => N, inputs: readonly Tensor[]): Tensor {
  const record: Primitive<null> = {
    name: "testing/evaluate",
    shape: ([x]) => x.shape,
    forward: (k, [a, b]) => {
      const second = b === undefined ? a : b;
      return Array.from(a.data, (v, i) => value(k.each, v, second.data[i] as typeof v));
    },
    linearize: ({ inputs: all }) => all.map(() => null),
    cost: () => ({}),
  };
  return apply(record, inputs, null);
}

/** The value of a statement with a kink is the larger, or the smaller, of its two branches. */
function checkBranches({ kink, value }: Statement, cases: Cases<null>, options: LawOptions): void {
  if (!kink) return;
  const extreme = kink.order === "max" ? Math.max : Math.min;
  const what = `${called}: branches`;
  forAll(
    what,
    cases.kinky,
    ({ inputs }) => {
      const y = evaluate(value, inputs).data;
      const first = evaluate((m, a, b) => kink.branches(m, a, b)[0], inputs).data;
      const second = evaluate((m, a, b) => kink.branches(m, a, b)[1], inputs).data;
      y.forEach((v, i) => {
        const expected = extreme(first[i] as number, second[i] as number);
        if (v !== expected && !(Number.isNaN(v) && Number.isNaN(expected)))
          fail(`${what}: the value is ${v}, but the ${kink.order} of ${first[i]} and ${second[i]} is ${expected}`);
      });
      return "compared";
    },
    options,
  );
}

/** A statement can be read on a counter: it asks the algebra, and does not look at numbers. */
function checkPrice({ value }: Statement): void {
  const { arithmetic, tally } = counter();
  const result = value(arithmetic.each, "value", "value");
  if (result !== "value" && result !== "number")
    fail(`${called}: the value does not come from the algebra: on a counter it is ${String(result)}`);
  if (Object.keys(tally()).length === 0) fail(`${called}: the value asks nothing of the algebra, so it has no price`);
}

/**
 * Checks a scalar operation: its partial derivatives against difference quotients, to second order; forward against
 * reverse mode at kinks; the value kept under transforms and rounded once in narrow dtypes. Of a statement also its
 * branches at the kink, every selection, and that it has a price.
 *
 * @param tested - a statement, or the operation that `elementary` made of one (its kink is then run under its default)
 * @param sources - of operands, in `f64`: `kinky` and `smooth`, inside the domain of the function
 * @param options - `seed`, `runs`
 * @throws Error with the law, the counterexample and the seed
 * @example
 * const cube = { arity: 1, value: (m, a) => m.mul(a, m.square(a)), partials: [(m, y, a) => m.mul(m.constant(3), m.square(a))] };
 * checkElementary(cube, { kinky: kinkyTensor().map((x) => [x]), smooth: smoothTensor().map((x) => [x]) })
 */
export function checkElementary(
  tested: Statement | Operation,
  sources: OperandSources,
  options: LawOptions = {},
): void {
  const toCase = (inputs: readonly Tensor[]): Case<null> => ({ inputs, params: null });
  const cases: Cases<null> = { kinky: sources.kinky.map(toCase), smooth: sources.smooth.map(toCase) };
  if (typeof tested !== "function") {
    checkPrice(tested);
    checkBranches(tested, cases, options);
  }
  for (const law of subjectLaws(subjectFrom(tested), cases, { elementary: true, ...options })) law.check();
}
