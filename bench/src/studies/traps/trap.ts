/** What a trap is: a derivative that reads right and is not the one of the function. */
import { grad, type Select, type Tensor, tensor } from "@nonsmooth/ad-core";
import type { RealDType } from "@nonsmooth/nets";

/** Where an expected number comes from. */
export type Source = "published output" | "published code" | "derived";

/**
 * Which error it is: in the bifurcation zone what backpropagation computes is wrong over the reals already, or there is no
 * derivative; in the compensation zone it is right over the reals and wrong in floating point.
 */
type Zone = "bifurcation" | "compensation" | "none";

/** One question to the engine, with the answer that it should give. */
export interface Question {
  readonly group: string;
  /** The function. */
  readonly what: string;
  /** The point, and the cotangent if it is not 1. */
  readonly at: string;
  readonly dtype: RealDType;
  /** How each kink is decided, and in which order is summed where that matters. */
  readonly choice: string;
  readonly expected: readonly number[];
  readonly source: Source;
  /** What the same choice gives without rounding; `expected` when absent. */
  readonly overReals?: readonly number[];
  /** Of the function over the reals; null where there is none. */
  readonly derivative: readonly number[] | null;
}

/** A question with the engine's answer. */
export interface Trap extends Required<Question> {
  readonly returned: readonly number[];
  readonly agree: boolean;
  readonly zone: Zone;
}

/** The answer to a question: `returned` must come from the engine. */
export function trap(question: Question, returned: readonly number[]): Trap {
  const { expected, overReals = expected, derivative } = question;
  const zone =
    derivative === null || !isSame(overReals, derivative)
      ? "bifurcation"
      : isSame(returned, derivative)
        ? "none"
        : "compensation";
  return { ...question, overReals, returned, agree: isSame(returned, expected), zone };
}

/** The same numbers to the last bit; zeros of both signs are the same. */
const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** The partial derivatives of a function of numbers, by reverse mode. */
export function slopes(
  f: (...x: Tensor[]) => Tensor,
  at: readonly number[],
  { dtype = "f64", select = {} }: { readonly dtype?: RealDType; readonly select?: Select } = {},
): number[] {
  const found = grad(f, { select, wrt: at.map((_, i) => i) })(...at.map((value) => tensor(value, { dtype })));
  return ([found].flat() as Tensor[]).map((slope) => slope.data[0] as number);
}
