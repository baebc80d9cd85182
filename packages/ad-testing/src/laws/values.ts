// Laws of the value: types, transforms that keep it, rounding, price.
import {
  apply,
  type Cells,
  type Counted,
  cast,
  commonDType,
  counter,
  type Histogram,
  type Inputs,
  linearize,
  type Primitive,
  type Tensor,
} from "@nonsmooth/ad-core";
import { sizeOf } from "../arbitraries/tensors.ts";
import { expectSameBits, fail } from "../tools/compare.ts";
import { wholeLike } from "../tools/draws.ts";
import { forAll } from "../tools/properties.ts";
import { isReal } from "../tools/tolerances.ts";
import {
  activeSets,
  type Cases,
  type LawOptions,
  pull,
  push,
  restricted,
  type Situation,
  type Subject,
  situations,
  subjectOf,
  valueOf,
} from "./law.ts";

const asInputs = (list: readonly Tensor[]): Inputs<Tensor> => list as unknown as Inputs<Tensor>;

/** The shape rule and the dtype rule, asked about types alone, agree with the value. */
export function typesAgree<P>(primitive: Primitive<P>, { kinky }: Cases<P>, options: LawOptions = {}): void {
  const what = `${primitive.name}: types`;
  forAll(
    what,
    situations(subjectOf(primitive), kinky),
    ({ inputs, params }) => {
      const types = inputs.map(({ shape, dtype }) => ({ shape, dtype })) as unknown as Inputs<Tensor>;
      const shape = primitive.shape(types, params);
      const dtype = primitive.dtype?.(types, params) ?? commonDType(primitive.name, types);
      const y = apply(primitive, inputs, params);
      const fits = y.dtype === dtype && y.shape.join() === shape.join() && y.data.length === sizeOf(shape);
      if (!fits)
        fail(`${what}: rules say ${dtype}[${shape}], got ${y.dtype}[${y.shape}] with ${y.data.length} numbers`);
      return "compared";
    },
    options,
  );
}

function expectKept<P>(what: string, at: Situation<P>, active: readonly number[]): void {
  const y = valueOf(at);
  const part = restricted(at, active);
  const tangents = wholeLike(part.args, at.seed);
  expectSameBits(`${what}: value under jvp for inputs ${active}`, push(part, tangents, at.select)[0], y);
  const [pulled] = pull(part, (v) => wholeLike([v], at.seed)[0] as Tensor, at.select);
  expectSameBits(`${what}: value under vjp for inputs ${active}`, pulled, y);
  const [value] = linearize(part.f, part.args, { select: at.select });
  expectSameBits(`${what}: value under linearize for inputs ${active}`, value, y);
}

/** The value under `jvp`, `vjp` and `linearize` is the plain one, bit for bit, for every set of active inputs. */
export function valueKept<P>(subject: Subject<P>, { kinky }: Cases<P>, options: LawOptions = {}): void {
  const what = `${subject.name}: value kept`;
  forAll(
    what,
    situations(subject, kinky),
    (at) => {
      const { select } = isReal(valueOf(at).dtype) ? at : { select: {} };
      for (const active of activeSets(at.inputs)) expectKept(what, { ...at, select }, active);
      return "compared";
    },
    options,
  );
}

/** Results in `f32`, `f16` and `bf16` are those of `f64` at the same inputs, rounded once. */
export function roundedOnce<P>(subject: Subject<P>, { kinky }: Cases<P>, options: LawOptions = {}): void {
  forAll(
    `${subject.name}: rounded once`,
    situations(subject, kinky, ["f32", "f16", "bf16"]),
    ({ inputs, params, dtype }) => {
      const wide = inputs.map((x) => (isReal(x.dtype) ? cast(x, "f64") : x));
      const y = subject.run(inputs, params);
      const exact = subject.run(wide, params);
      expectSameBits(`${subject.name} in ${dtype} at ${inputs}`, y, cast(exact, y.dtype));
      return "compared";
    },
    options,
  );
}

/** The operations that a kernel asks of a counter, and how many of them have a number as second operand. */
function countedCost<P>(
  primitive: Primitive<P>,
  inputs: readonly Tensor[],
  params: P,
): { readonly all: Histogram; readonly fixed: Histogram } {
  const { arithmetic, tally, fixed } = counter();
  const cells = inputs.map(({ shape, dtype, data }) => ({ shape, dtype, data: Array.from(data, () => "value") }));
  primitive.forward(arithmetic, cells as unknown as Inputs<Cells<Counted>>, params);
  return { all: tally(), fixed: fixed() };
}

const printCost = (cost: Histogram): string => {
  const entries = Object.entries(cost).filter(([, n]) => n !== 0);
  return `{${entries.map(([atom, n]) => ` ${atom}: ${n}`).toSorted()} }`;
};

/** The cost formula, asked about types alone, is what the kernel run on a counter asks for. */
export function costCounted<P>(primitive: Primitive<P>, { kinky }: Cases<P>, options: LawOptions = {}): void {
  const what = `${primitive.name}: cost`;
  forAll(
    what,
    situations(subjectOf(primitive), kinky, ["f64"]),
    ({ inputs, params }) => {
      const types = inputs.map(({ shape, dtype }) => ({ shape, dtype })) as unknown as Inputs<Tensor>;
      const kernel = countedCost(primitive, asInputs(inputs), params);
      const pairs: [Histogram, Histogram, string][] = [[primitive.cost(types, params), kernel.all, "the formula"]];
      if (!primitive.statement) pairs.push([primitive.fixed?.(types, params) ?? {}, kernel.fixed, "`fixed`"]);
      for (const [said, asked, where] of pairs) {
        if (printCost(said) === printCost(asked)) continue;
        fail(`${what}: ${where} says ${printCost(said)}, the kernel asks for ${printCost(asked)}`);
      }
      return "compared";
    },
    options,
  );
}
