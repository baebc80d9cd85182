// Laws of the derivative: transpose, forms that agree, difference quotients.
import { linearize, type Select, type Tensor } from "@nonsmooth/ad-core";
import { expectClose, expectSameBits, fail, printTensor } from "../tools/compare.ts";
import { along, filledLike, unitLike, wholeLike } from "../tools/draws.ts";
import { expectTranspose } from "../tools/flat.ts";
import { forAll, type Verdict } from "../tools/properties.ts";
import { centralStep, isReal } from "../tools/tolerances.ts";
import {
  activeSets,
  type Cases,
  everyActive,
  type LawOptions,
  pull,
  push,
  type Restricted,
  restricted,
  type Situation,
  type Subject,
  situations,
  valueOf,
  withWild,
} from "./law.ts";

/** Whether there is a derivative to speak of: a real result, and an input that carries a derivative. */
const hasDerivative = <P>(at: Situation<P>): boolean => isReal(valueOf(at).dtype) && everyActive(at.inputs).length > 0;

function transposeAt<P>(what: string, at: Situation<P>, active: readonly number[]): Verdict {
  const { f, args } = restricted(at, active);
  const flat = { f: (...values: Tensor[]) => [f(...values)], args, names: [] };
  return expectTranspose(`${what}: for inputs ${active}`, flat, at);
}

/** `<gy, J dx> = <Jᵀ gy, dx>` at kinks too, for every selection and every set of active inputs. */
export function transposes<P>(subject: Subject<P>, { kinky }: Cases<P>, options: LawOptions = {}): void {
  const what = `${subject.name}: transpose`;
  forAll(
    what,
    situations(subject, kinky),
    (at) => {
      if (!hasDerivative(at)) return "compared";
      const verdicts = activeSets(at.inputs).map((active) => transposeAt(what, at, active));
      return verdicts.includes("compared") ? "compared" : "skipped";
    },
    options,
  );
}

/** `linearize` pushes what `jvp` pushes, bit for bit, at kinks too. */
export function pushesAgree<P>(subject: Subject<P>, { kinky }: Cases<P>, options: LawOptions = {}): void {
  forAll(
    `${subject.name}: linearize`,
    situations(subject, kinky),
    (at) => {
      if (!hasDerivative(at)) return "compared";
      for (const active of activeSets(at.inputs)) {
        const part = restricted(at, active);
        const tangents = wholeLike(part.args, at.seed);
        const [, dy] = push(part, tangents, at.select);
        const [, pushed] = linearize(part.f, part.args, { select: at.select });
        expectSameBits(`${subject.name}: linearize for inputs ${active}`, pushed(...tangents), dy);
      }
      return "compared";
    },
    options,
  );
}

function expectZeros(what: string, tensors: readonly Tensor[]): void {
  for (const x of tensors) if (x.data.some((v) => v !== 0)) fail(`${what} becomes ${printTensor(x)}`);
}

/**
 * A zero tangent pushes exact zeros and a zero cotangent pulls exact zeros, also where the derivative is infinite or
 * NaN: a branch that is not taken cannot poison the one that is.
 */
export function zerosStayZero<P>(subject: Subject<P>, { kinky }: Cases<P>, options: LawOptions = {}): void {
  forAll(
    `${subject.name}: zeros`,
    situations(subject, withWild(kinky)),
    (at) => {
      if (!hasDerivative(at)) return "compared";
      const part = restricted(at, everyActive(at.inputs));
      const zero = (x: Tensor): Tensor => filledLike(x, () => 0);
      expectZeros(`${subject.name}: a zero tangent`, [push(part, part.args.map(zero), at.select)[1]]);
      expectZeros(`${subject.name}: a zero cotangent`, pull(part, zero, at.select)[1]);
      return "compared";
    },
    options,
  );
}

/** `(f(x + h d) - f(x - h d)) / 2h` in `f64`. */
function centralDifference({ f, args }: Restricted, direction: readonly Tensor[]): Tensor {
  const [after, before] = [centralStep, -centralStep].map((t) => f(...along(args, direction, t))) as [Tensor, Tensor];
  return filledLike(after, (i) => ((after.data[i] as number) - (before.data[i] as number)) / (2 * centralStep));
}

/** The pullback as a function of the inputs and the cotangent, its results in one list. */
function pullbackOf(part: Restricted, gy: Tensor, select: Select): Restricted[] {
  return part.args.map((_, input) => ({
    args: [...part.args, gy],
    f: (...values) => {
      const inputs = values.slice(0, -1);
      return pull({ f: part.f, args: inputs }, () => values.at(-1) as Tensor, select)[1][input] as Tensor;
    },
  }));
}

function expectQuotient(what: string, part: Restricted, at: { readonly select: Select; readonly seed: number }): void {
  const direction = unitLike(part.args, at.seed);
  const [, dy] = push(part, direction, at.select);
  expectClose(what, dy, centralDifference(part, direction), "quotients");
}

/** Whether difference quotients can be formed: everything in double precision. */
const isWide = <P>(at: Situation<P>): boolean =>
  hasDerivative(at) && [valueOf(at), ...at.inputs].every((x) => !isReal(x.dtype) || x.dtype === "f64");

/** Off kinks `jvp` is the central difference. */
export function matchesDifferences<P>(subject: Subject<P>, { smooth }: Cases<P>, options: LawOptions = {}): void {
  forAll(
    `${subject.name}: differences`,
    situations(subject, smooth, ["f64"]),
    (at) => {
      if (!isWide(at)) return "compared";
      const what = `${subject.name}: jvp against the central difference`;
      expectQuotient(what, restricted(at, everyActive(at.inputs)), at);
      return "compared";
    },
    options,
  );
}

/** Off kinks the derivative of the pullback is the central difference of the pullback: one order higher. */
export function matchesSecondDifferences<P>(subject: Subject<P>, { smooth }: Cases<P>, options: LawOptions = {}): void {
  forAll(
    `${subject.name}: second differences`,
    situations(subject, smooth, ["f64"]),
    (at) => {
      if (!isWide(at)) return "compared";
      const part = restricted(at, everyActive(at.inputs));
      const gy = unitLike([valueOf(at)], at.seed + 1)[0] as Tensor;
      const what = `${subject.name}: derivative of the vjp against its central difference`;
      for (const pullback of pullbackOf(part, gy, at.select)) expectQuotient(what, pullback, at);
      return "compared";
    },
    options,
  );
}
