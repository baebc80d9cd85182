// What a law of a primitive is, and what all of them need.
import { apply, cast, type DType, jvp, type Primitive, type Select, type Tensor, vjp } from "@nonsmooth/ad-core";
import fc from "fast-check";
import { type KinkSort, selectionFor } from "../arbitraries/selections.ts";
import { printTensor } from "../tools/compare.ts";
import { drawsFrom, filledLike } from "../tools/draws.ts";
import type { RunOptions } from "../tools/properties.ts";
import { isReal, type RealDType } from "../tools/tolerances.ts";

/** Inputs of a primitive at one place, and its settings. */
export interface Case<P = unknown> {
  readonly inputs: readonly Tensor[];
  readonly params: P;
}

/** Two sources of cases, in `f64` where they carry derivatives: `kinky` lands on kinks often, `smooth` stays clear of them. */
export interface Cases<P = unknown> {
  readonly kinky: fc.Arbitrary<Case<P>>;
  readonly smooth: fc.Arbitrary<Case<P>>;
}

/** Settings of the laws of a primitive. */
export interface LawOptions extends RunOptions {
  /** Set for operations that compute each element in double and round it once. */
  readonly elementary?: boolean;
  /** Why the kernel cannot be run on a counter, if it cannot: for instance because it looks at values. */
  readonly uncounted?: string;
  /** Why the derivative is not the limit of difference quotients, if it is not: for instance because it is stopped. */
  readonly undifferenced?: string;
  /** Why a zero tangent may become NaN where the derivative is infinite: because the operation is a contraction. */
  readonly unguarded?: string;
}

/** A statement about a primitive that can be checked. */
export interface Law {
  /** A sentence. */
  readonly name: string;
  /** Throws an Error with the counterexample when the statement is false. */
  check(): void;
}

/** What most laws need to know of an operation. */
export interface Subject<P> {
  readonly name: string;
  readonly kink?: KinkSort | undefined;
  readonly run: (inputs: readonly Tensor[], params: P) => Tensor;
}

/** A primitive as the subject of laws. */
export const subjectOf = <P>(primitive: Primitive<P>): Subject<P> => ({
  name: primitive.name,
  kink: primitive.kink,
  run: (inputs, params) => apply(primitive, inputs, params),
});

/** An operation at one place under one selection, with everything that is differentiated in one dtype. */
export interface Situation<P> {
  readonly subject: Subject<P>;
  readonly inputs: readonly Tensor[];
  readonly params: P;
  readonly dtype: RealDType;
  readonly select: Select;
  /** From which directions are drawn. */
  readonly seed: number;
}

const convert = (inputs: readonly Tensor[], dtype: DType): Tensor[] =>
  inputs.map((x) => (isReal(x.dtype) ? cast(x, dtype) : x));

/** Cases with a selection that fits, a dtype and a seed. */
export function situations<P>(
  subject: Subject<P>,
  cases: fc.Arbitrary<Case<P>>,
  dtypes: readonly RealDType[] = ["f64", "f32", "f16", "bf16"],
): fc.Arbitrary<Situation<P>> {
  const parts = fc.tuple(cases, selectionFor(subject), fc.constantFrom(...dtypes), fc.nat(1e6));
  return parts.map(([{ inputs, params }, selection, dtype, seed]) => ({
    subject,
    inputs: convert(inputs, dtype),
    params,
    dtype,
    select: selection === undefined ? {} : { [subject.name]: selection },
    seed,
    toString: () =>
      `${selection?.name ?? "no choice"}, seed ${seed}, params ${JSON.stringify(params)}, ${convert(inputs, dtype).map(printTensor).join("; ")}`,
  }));
}

const wild = [NaN, Infinity, -Infinity, 0, -1];

/** The same cases, some of them with NaN, infinities, zeros and negative numbers written over some of their numbers. */
export const withWild = <P>(cases: fc.Arbitrary<Case<P>>): fc.Arbitrary<Case<P>> =>
  fc.tuple(cases, fc.nat(1e6)).map(([{ inputs, params }, seed]) => {
    const draw = drawsFrom(seed);
    const changed = (x: Tensor): Tensor =>
      filledLike(x, (i) => (draw() < 0.3 ? (wild[Math.floor(draw() * wild.length)] as number) : (x.data[i] as number)));
    return { params, inputs: inputs.map((x) => (seed % 2 === 0 && isReal(x.dtype) ? changed(x) : x)) };
  });

/** A function of the active inputs, the others held fixed, and the values of the active ones. */
export interface Restricted {
  readonly f: (...active: Tensor[]) => Tensor;
  readonly args: Tensor[];
}

/** The operation as a function of some of its inputs. */
export function restricted<P>({ subject, inputs, params }: Situation<P>, active: readonly number[]): Restricted {
  const f = (...values: Tensor[]): Tensor => {
    const whole = inputs.map((x, i) => (active.includes(i) ? (values[active.indexOf(i)] as Tensor) : x));
    return subject.run(whole, params);
  };
  return { f, args: active.map((i) => inputs[i] as Tensor) };
}

/** All sets of inputs that can carry a derivative, the empty one left out. */
export function activeSets(inputs: readonly Tensor[]): number[][] {
  const real = inputs.map((_, i) => i).filter((i) => isReal((inputs[i] as Tensor).dtype));
  const sets = Array.from({ length: 2 ** real.length - 1 }, (_, bits) => bits + 1);
  return sets.map((bits) => real.filter((_, place) => Math.floor(bits / 2 ** place) % 2 === 1));
}

/** The set of all inputs that can carry a derivative. */
export const everyActive = (inputs: readonly Tensor[]): number[] => activeSets(inputs).at(-1) ?? [];

/** The value, from which nothing is differentiated. */
export const valueOf = <P>({ subject, inputs, params }: Situation<P>): Tensor => subject.run(inputs, params);

/** Value and tangent under the selection of a situation. */
export const push = ({ f, args }: Restricted, tangents: readonly Tensor[], select: Select): [Tensor, Tensor] =>
  jvp(f, args, tangents as Tensor[], { select });

/** Value and cotangents under the selection of a situation. */
export function pull({ f, args }: Restricted, cotangent: (y: Tensor) => Tensor, select: Select): [Tensor, Tensor[]] {
  const [y, pullback] = vjp(f, args, { select });
  return [y, pullback(cotangent(y)) as Tensor[]];
}
