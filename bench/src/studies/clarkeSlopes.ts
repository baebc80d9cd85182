/** How fast a function really changes along given directions, beside what the answer of backpropagation predicts. */
import type { Tensor } from "@nonsmooth/ad-core";
import { directionalDerivative } from "@nonsmooth/ad-generalized";
import { entriesOf, type MovingPart, pointFrom } from "../programs/moved.ts";
import { inner, listed } from "./clarkeNumbers.ts";

/** One direction. */
export interface DirectionReport {
  /** Its entries where they are few; null else. */
  readonly direction: readonly number[] | null;
  /** `f'(x; d)`. */
  readonly slope: number;
  /** `<g, d>` for the answer g of backpropagation. */
  readonly predicted: number;
}

/** The one-sided derivatives along directions. */
export const slopesAlong = (
  { g, at }: MovingPart,
  answer: readonly number[],
  directions: readonly (readonly number[])[],
  tolerance: number,
): DirectionReport[] =>
  directions.map((numbers) => {
    const direction = pointFrom("--direction", at, numbers);
    const entries = entriesOf(direction);
    const slope = directionalDerivative(g as (...args: never[]) => Tensor, at as never, direction as never, {
      tolerance,
    });
    return { direction: listed(entries), slope: slope.data[0] as number, predicted: inner(answer, entries) };
  });
