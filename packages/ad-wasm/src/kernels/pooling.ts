// The largest number in each window of an image.
import type { Windows } from "@nonsmooth/ad-core";
import { type Expression, op, shuffle } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { type Frame, kernelFunction, least, most, plus } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, type Task } from "./kernel.ts";
import { compute, formatOf, loadNumbers, type Numbers, oneOf, storeNumbers, vectorOf } from "./numbers.ts";
import { type Grid, gridOf, isPadded } from "./windows.ts";

/** So many vectors of a row of windows are written without a loop. */
const unrolled = 8;

const maxPoolKernel: Kernel<Windows> = (task) => {
  const { dtype, shape } = task.inputs[0] as Task["output"];
  const grid = gridOf(shape, task.params);
  const pool: Pool = { grid, one: oneOf(formatOf(dtype)), many: vectorOf(formatOf(dtype)), bytes: bytesOf(dtype) };
  // Windows over nothing but padding have no largest number: 0 stands for it.
  const isEmpty = grid.height * grid.width === 0;
  const ref = kernelFunction(task, nameOf("maxPool2d", task), (frame) =>
    isEmpty ? clearRows(frame, pool) : poolRows(frame, pool),
  );
  const cost = grid.columns * grid.window[0] * grid.window[1];
  return { function: ref, units: grid.planes * grid.rows, cost, scratch: 0 };
};

interface Pool {
  readonly grid: Grid;
  readonly one: Numbers;
  readonly many: Numbers;
  readonly bytes: 4 | 8;
}

/** A row of windows: the rows of pixels that it sees, and where its results go. */
interface WindowRow {
  readonly f: FunctionBuilder;
  readonly pixels: readonly Local[];
  readonly target: Local;
}

function clearRows({ f, out, from, to }: Frame, { grid, bytes }: Pool): void {
  const row = grid.columns * bytes;
  f.fill(plus(out, from, row), 0, op("i32.mul", op("i32.sub", to, from), row));
}

/** A unit is a row of windows. */
function poolRows({ f, out, inputs, from, to }: Frame, pool: Pool): void {
  const { grid, bytes } = pool;
  const { columns, width } = grid;
  f.range(from, to, 1, (unit) => {
    const pixels = rowsSeen(f, grid, unit).map((row) => f.let(plus(inputs[0] as Local, row, width * bytes)));
    poolRow({ f, pixels, target: f.let(plus(out, unit, columns * bytes)) }, pool);
  });
}

/**
 * The numbers of the rows of pixels that a row of windows sees, counted through all planes. A window sees a pixel at
 * least, so that what lies outside may be taken for the row at the edge: that one is in the window too.
 */
function rowsSeen(f: FunctionBuilder, grid: Grid, unit: Local): Expression[] {
  const { rows, height, window, stride, padding } = grid;
  const offsets = Array.from({ length: window[0] }, (_, i) => i);
  if (!isPadded(grid) && height === rows * stride[0]) {
    return offsets.map((i) => op("i32.add", op("i32.mul", unit, stride[0]), i));
  }
  const plane = f.let(op("i32.mul", op("i32.div_u", unit, rows), height));
  const top = f.let(op("i32.sub", op("i32.mul", op("i32.rem_u", unit, rows), stride[0]), padding[0]));
  return offsets.map((i) => {
    const row = f.let(op("i32.add", top, i));
    return op("i32.add", plane, isPadded(grid) ? f.let(least(f.let(most(row, 0)), height - 1)) : row);
  });
}

/** Windows over an edge one by one; between them as many as a vector holds, the last of which may come twice. */
function poolRow(row: WindowRow, pool: Pool): void {
  const { grid, many } = pool;
  const { columns, width, window, stride, padding } = grid;
  const left = Math.min(columns, Math.ceil(padding[1] / stride[1]));
  const right = Math.max(left, Math.min(columns, Math.floor((width - window[1] + padding[1]) / stride[1]) + 1));
  for (let column = 0; column < left; column++) poolAtEdge(row, pool, column);
  for (let column = right; column < columns; column++) poolAtEdge(row, pool, column);
  poolAlong(row, pool, [left, right], stride[1] > 2 || right - left < many.width ? pool.one : many);
}

/** A window that looks over an edge: there the pixel at the edge is taken, which it sees too. */
function poolAtEdge({ f, pixels, target }: WindowRow, { grid, one, bytes }: Pool, column: number): void {
  const start = column * grid.stride[1] - grid.padding[1];
  const seen = Array.from({ length: grid.window[1] }, (_, i) => Math.max(0, Math.min(grid.width - 1, start + i)));
  const offsets = [...new Set(seen)].map((x) => x * bytes);
  const best = largest(f, one, { rows: pixels, offset: 0 }, offsets);
  storeNumbers(f, one, target, best, column * bytes);
}

/** Where windows begin: in several rows of pixels, and so many bytes behind. */
interface Start {
  readonly rows: readonly Local[];
  readonly offset: number;
}

/** Columns from `left` up to `right`, `n.width` at a time; few of them without a loop. */
function poolAlong(row: WindowRow, { grid, bytes }: Pool, [left, right]: readonly [number, number], n: Numbers): void {
  const { f, pixels, target } = row;
  const count = Math.ceil((right - left) / n.width);
  const startOf = (column: number): number => (column * grid.stride[1] - grid.padding[1]) * bytes;
  const write = (column: number, rows: readonly Local[] = pixels, to: Local = target): void => {
    storeNumbers(f, n, to, pooled(f, { rows, offset: startOf(column) }, grid, n), column * bytes);
  };
  const looped = count > unrolled ? count - 1 : 0;
  if (looped > 0) {
    const places = [...pixels, target].map((place) => f.let(place));
    f.range(0, looped, 1, () => {
      write(left, places.slice(0, -1), places.at(-1));
      for (const row of places.slice(0, -1)) f.update(row, "i32.add", n.width * grid.stride[1] * bytes);
      f.update(places.at(-1) as Local, "i32.add", n.width * bytes);
    });
  }
  for (let i = looped; i < count; i++) write(Math.min(left + i * n.width, right - n.width));
}

/** The largest numbers of windows that begin one behind the other. */
function pooled(f: FunctionBuilder, start: Start, { window, stride }: Grid, n: Numbers): Expression {
  const taps = Array.from({ length: window[1] }, (_, i) => i);
  const bytes = 16 / vectorOf(n.format).width;
  const offsets = taps.map((tap) => tap * bytes);
  if (n.width === 1 || stride[1] === 1) return largest(f, n, start, offsets);
  const parts = taps.filter((tap) => tap % 2 === 0).flatMap((tap) => everyOther(f, start, tap, window[1], n));
  return parts.reduce((best, part) => compute(n, "max", best, part));
}

/** Lanes of every other pixel from a tap on, and of those between them when the window sees them too. */
function everyOther(f: FunctionBuilder, start: Start, tap: number, window: number, n: Numbers): Expression[] {
  const bytes = 16 / n.width;
  const isPair = tap + 1 < window;
  // No pixel behind the last one that a window sees is read.
  const ahead = isPair ? n.width : n.width - 1;
  const first = largest(f, n, start, [tap * bytes]);
  const second = largest(f, n, start, [(tap + ahead) * bytes]);
  const lanes = (from: number): Expression => {
    const numbers = Array.from({ length: n.width }, (_, i) => 2 * i + from);
    const places = numbers.map((i) => (i < n.width ? i : i - ahead + n.width));
    const order = places.flatMap((place) => Array.from({ length: bytes }, (_, byte) => place * bytes + byte));
    return shuffle(first, second, order);
  };
  return isPair ? [lanes(0), lanes(1)] : [lanes(0)];
}

/** The largest of the numbers that lie at some bytes behind the start in each row. */
function largest(f: FunctionBuilder, n: Numbers, { rows, offset }: Start, offsets: readonly number[]): Local {
  const terms = rows.flatMap((row) => offsets.map((more) => loadNumbers(n, row, offset + more)));
  const best = f.let(terms[0] as Expression);
  for (const term of terms.slice(1)) f.set(best, compute(n, "max", best, term));
  return best;
}

/** Kernels of poolings by the names of their operations. */
export const poolingKernels: Readonly<Record<string, Kernel>> = { maxPool2d: maxPoolKernel };
