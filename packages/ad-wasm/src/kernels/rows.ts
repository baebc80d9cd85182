// A tensor seen as rows along some of its axes: where rows begin, and how their elements lie.
import type { Shape } from "@nonsmooth/ad-core";
import { constant, type Expression, op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";

/** An axis of memory: so many places, so many elements apart. */
export interface Axis {
  readonly count: number;
  readonly step: number;
}

/** A tensor as rows. Axes that lie behind each other in memory are joined, and those of size 1 are left out. */
export interface Rows {
  /** Along which rows are numbered, in row-major order. */
  readonly kept: readonly Axis[];
  /** Along which the elements of a row are numbered, in row-major order. */
  readonly reduced: readonly Axis[];
  readonly count: number;
  /** Elements of a row. */
  readonly length: number;
}

const countOf = (axes: readonly Axis[]): number => axes.reduce((product, { count }) => product * count, 1);

/** The rows of a tensor along `axes`. */
export function rowsAlong(shape: Shape, axes: readonly number[]): Rows {
  const [kept, reduced]: [Axis[], Axis[]] = [[], []];
  let [step, before]: [number, Axis[] | null] = [1, null];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const count = shape[axis] as number;
    if (count === 1) continue;
    const kind = axes.includes(axis) ? reduced : kept;
    if (kind === before) kind[0] = { count: count * (kind[0] as Axis).count, step: (kind[0] as Axis).step };
    else kind.unshift({ count, step });
    before = kind;
    step *= count;
  }
  return { kept, reduced, count: countOf(kept), length: countOf(reduced) };
}

/** Where the elements of a short row lie behind its first one. */
export const placesOf = (axes: readonly Axis[]): number[] =>
  axes.reduce<number[]>(
    (places, { count, step }) => places.flatMap((place) => Array.from({ length: count }, (_, i) => place + i * step)),
    [0],
  );

/** Bytes between the first place of some axes and the one of number `index`. */
export function offsetOf(f: FunctionBuilder, axes: readonly Axis[], index: Local, bytes: number): Expression {
  const [outer, ...inner] = axes;
  if (outer === undefined) return constant("i32", 0);
  if (inner.length === 0) return op("i32.mul", index, outer.step * bytes);
  const within = countOf(inner);
  const rest = f.let(op("i32.rem_u", index, within));
  const here = op("i32.mul", op("i32.div_u", index, within), outer.step * bytes);
  return op("i32.add", here, offsetOf(f, inner, rest, bytes));
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/**
 * The least number of neighbouring rows that fill whole vectors of `width` elements when they are written anew, so that
 * no vector is shared with other rows.
 */
export function rowsPerUnit({ kept, count, length }: Rows, width: number): number {
  let inner = 1;
  for (const axis of kept.toReversed()) {
    const span = axis.count * axis.step;
    const together = width / greatestDivisor(width, axis.step);
    if (span % width === 0 || span === count * length) return Math.min(together, axis.count) * inner;
    inner *= axis.count;
  }
  return count;
}
