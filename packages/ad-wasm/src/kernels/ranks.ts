// Sorted rows, and the middle of rows.
import type { DType } from "@nonsmooth/ad-core";
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import { call, type FunctionBuilder, type Local } from "../encoding/function.ts";
import { ascending } from "./ascending.ts";
import { loadDouble, storeDouble } from "./doubles.ts";
import { kernelFunction, plus } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, type Task } from "./kernel.ts";
import { type Axis, offsetOf, type Rows, rowsAlong } from "./rows.ts";

/** Bytes for the values of a row as doubles, and for the numbers of its elements twice. */
export const rankingBytes = (length: number): number => 16 * length;

/** What it takes to rank a row: about so many operations. */
export const rankingCost = (length: number): number => 8 * length * Math.ceil(Math.log2(length + 1));

/** A row of elements of a dtype: where it begins, and how its elements lie. */
export interface RowPlace {
  readonly dtype: DType;
  readonly first: Local;
  readonly axes: readonly Axis[];
  readonly length: number;
}

/** Ranks a row, whose values stay at `scratch` as doubles; returns the address of the numbers in ascending order. */
export function rankRow(f: FunctionBuilder, { module }: Pick<Task, "module">, row: RowPlace, scratch: Local): Local {
  const { length } = row;
  const to = f.let(scratch);
  readRow(f, row, row.first, row.axes, to);
  const [order, spare] = [op("i32.add", scratch, 8 * length), op("i32.add", scratch, 12 * length)];
  return f.let(call(ascending(module), scratch, length, order, spare));
}

function readRow(f: FunctionBuilder, row: RowPlace, at: Local, [axis, ...inner]: readonly Axis[], to: Local): void {
  if (!axis) {
    f.store("f64.store", to, loadDouble(row.dtype, at));
    f.update(to, "i32.add", 8);
    return;
  }
  const place = f.let(at);
  f.range(0, axis.count, 1, () => {
    readRow(f, row, place, inner, to);
    f.update(place, "i32.add", axis.step * bytesOf(row.dtype));
  });
}

const integer = (base: Local, index: Expression): Expression => load("i32.load", plus(base, index, 4));

/** The two places in the middle of a ranked row, which are one for an odd length; a NaN, which stands last, is all. */
export function middles(f: FunctionBuilder, values: Local, order: Local, length: number): [Local, Local] {
  const end = length - 1;
  const last = f.let(load("f64.load", plus(values, load("i32.load", order, 4 * end), 8)));
  const orEnd = (place: number): Local =>
    f.let(select(op("f64.ne", last, last), constant("i32", end), constant("i32", place)));
  return [orEnd(Math.floor(end / 2)), orEnd(Math.ceil(end / 2))];
}

const rowPlace = (f: FunctionBuilder, input: Local, dtype: DType, rows: Rows, row: Local): RowPlace => {
  const first = f.let(op("i32.add", input, offsetOf(f, rows.kept, row, bytesOf(dtype))));
  return { dtype, first, axes: rows.reduced, length: rows.length };
};

/** A unit is a row, whose elements are copied in their order. */
const sortKernel: Kernel<number> = (task) => {
  const { dtype, shape } = task.output;
  const rows = rowsAlong(shape, [task.params]);
  const { length } = rows;
  const bytes = bytesOf(dtype);
  const step = (rows.reduced[0]?.step ?? 1) * bytes;
  const ref = kernelFunction(task, nameOf("sort", task), ({ f, out, inputs, scratch, from, to }) => {
    f.range(from, to, 1, (number) => {
      const row = rowPlace(f, inputs[0] as Local, dtype, rows, number);
      const order = rankRow(f, task, row, scratch);
      const target = f.let(op("i32.add", out, op("i32.sub", row.first, inputs[0] as Local)));
      f.range(0, length, 1, (place) => {
        const source = plus(row.first, integer(order, place), step);
        const name = bytes === 8 ? "i64" : "i32";
        f.store(`${name}.store`, plus(target, place, step), load(`${name}.load`, source));
      });
    });
  });
  const units = length === 0 ? 0 : rows.count;
  return { function: ref, units, cost: rankingCost(length), scratch: rankingBytes(length) };
};

/** A unit is a row. Half the sum of the two in the middle is rounded at each step, as sums are. */
const medianKernel: Kernel<readonly number[]> = (task) => {
  const { dtype, shape } = task.inputs[0] as Task["output"];
  const rows = rowsAlong(shape, task.params);
  const { length } = rows;
  const ref = kernelFunction(task, nameOf("median", task), ({ f, out, inputs, scratch, from, to }) => {
    f.range(from, to, 1, (number) => {
      const row = rowPlace(f, inputs[0] as Local, dtype, rows, number);
      const order = rankRow(f, task, row, scratch);
      const found = middles(f, scratch, order, length).map((place) =>
        load("f64.load", plus(scratch, integer(order, place), 8)),
      ) as [Expression, Expression];
      const target = plus(out, number, bytesOf(dtype));
      storeDouble(f, dtype, target, length % 2 === 1 ? found[0] : meanOf(dtype, ...found));
    });
  });
  return { function: ref, units: rows.count, cost: rankingCost(length), scratch: rankingBytes(length) };
};

function meanOf(dtype: DType, lower: Expression, upper: Expression): Expression {
  if (dtype === "f64") return op("f64.mul", op("f64.add", lower, upper), 0.5);
  const sum = op("f32.add", op("f32.demote_f64", lower), op("f32.demote_f64", upper));
  return op("f64.promote_f32", op("f32.mul", sum, 0.5));
}

/** Kernels of order statistics by the names of their operations. */
export const ranksKernels: Readonly<Record<string, Kernel>> = { sort: sortKernel, median: medianKernel };
