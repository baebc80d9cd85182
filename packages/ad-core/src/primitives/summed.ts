// Which axes operations along rows sum over.
import type { SummedIndex } from "../door/primitive.ts";

/** The axes that a reduction of one tensor takes away. */
export const reducedAxes = (axes: readonly number[]): SummedIndex[] => axes.map((axis) => ({ inputs: [axis] }));

/** The axes of rows that are written anew, each element with its row's sum. */
export const rewrittenAxes = (axes: readonly number[]): SummedIndex[] =>
  axes.map((axis) => ({ inputs: [axis], output: axis }));
