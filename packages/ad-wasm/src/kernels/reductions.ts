// Sums, means, extremes and norms along axes.
import type { Expression } from "../encoding/expression.ts";
import type { Local } from "../encoding/function.ts";
import type { Kernel } from "./kernel.ts";
import { compute, repeated } from "./numbers.ts";
import { reduce } from "./reduceRows.ts";
import type { Change, RowCode } from "./rowCode.ts";
import { reducing } from "./rowKernel.ts";

type Axes = readonly number[];

const alongAxes = (name: string, rule: (row: RowCode, x: Local) => Expression): Kernel<Axes> =>
  reducing({ name, axes: (axes) => axes, cost: 1, reduce: rule });

const square: Change = (n, x) => compute(n, "mul", x, x);

/** The sum of a row divided by its length. */
export function meanOf(row: RowCode, x: Expression, term?: Change): Expression {
  const { numbers, rows } = row;
  return compute(numbers, "div", reduce(row, x, "add", term), repeated(numbers, rows.length));
}

const euclidean = (name: string): Kernel<Axes> =>
  alongAxes(name, (row, x) => compute(row.numbers, "sqrt", reduce(row, x, "add", square)));

/** Kernels by the name of their record. */
export const reductionKernels: Readonly<Record<string, Kernel>> = {
  sum: alongAxes("sum", (row, x) => reduce(row, x, "add")),
  mean: alongAxes("mean", (row, x) => meanOf(row, x)),
  max: alongAxes("max", (row, x) => reduce(row, x, "max")),
  min: alongAxes("min", (row, x) => reduce(row, x, "min")),
  normInf: alongAxes("normInf", (row, x) => reduce(row, x, "max")),
  norm2: euclidean("norm2"),
  normPool2d: euclidean("normPool2d"),
};
