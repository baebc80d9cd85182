// Rows reduced to a number each.
import type { Shape } from "@nonsmooth/ad-core";
import { numberText } from "../text/body.ts";
import { rowsAlong, sumText } from "../text/positions.ts";
import { type Read, type Stage, stage } from "./kernel.ts";
import { type Reduction, reductionStages } from "./reduction.ts";

/** What is reduced: rows of a tensor, each term as `of` says. */
export interface RowReduction extends Pick<Reduction, "combine" | "finish"> {
  /** The tensor, and whatever else the terms or the end need; these are read by `of` and `finish` by their names. */
  readonly reads: readonly Read[];
  readonly shape: Shape;
  readonly axes: readonly number[];
  /** A term, from an element: the element itself when absent. */
  readonly of?: (element: string, row: string, args: readonly string[]) => string;
  /** The result of rows of nothing. */
  readonly empty: number;
}

/** Stages that reduce the rows of a tensor along axes. */
export function rowReduction({ reads, shape, axes, of, combine, finish, empty }: RowReduction): Stage[] {
  const rows = rowsAlong(shape, axes);
  if (rows.length === 0 && rows.count > 0) return [constantStage(empty, rows.count)];
  return reductionStages({
    ...{ reads, count: rows.count, length: rows.length, combine, ...(finish ? { finish } : {}) },
    row: (body, row, args) => {
      const start = body.let(rows.start(body, row));
      return (inner, i) => {
        const element = `${args[0]}[${sumText([start, rows.step(inner, i)])}]`;
        return of ? of(inner.variable(element), row, args) : element;
      };
    },
  });
}

/** The same number everywhere. NaN comes from an array: text has none. */
export const constantStage = (value: number, size: number): Stage =>
  Number.isFinite(value)
    ? stage([], size, () => numberText(value))
    : stage([{ data: [value] }], size, (_body, _at, [a]) => `${a}[0]`);
