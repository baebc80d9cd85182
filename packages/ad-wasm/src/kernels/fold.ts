// Windows added back into images.
import type { FoldParams } from "@nonsmooth/ad-core";
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { copyBoxes } from "./boxCopies.ts";
import type { Box, Step } from "./boxes.ts";
import { type Frame, kernelFunction, plus } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, type Task } from "./kernel.ts";
import { compute, formatOf, loadNumbers, type Numbers, oneOf, repeated, storeNumbers } from "./numbers.ts";
import { roundedTo } from "./roundedTo.ts";
import { type Grid, gridOf, isDisjoint, isPadded, windowsBox } from "./windows.ts";

/** Windows that do not meet are a box, with zeros around and between them; others are sums. */
export const foldKernel: Kernel<FoldParams> = (task) => {
  const grid = gridOf(task.params.image, task.params);
  const { dtype } = task.output;
  const name = nameOf("fold", task);
  if (isDisjoint(grid) && !isPadded(grid)) return copyBoxes(task, name, disjointBoxes(grid, bytesOf(dtype)));
  const { planes, height, width, window } = grid;
  const ref = kernelFunction(task, name, (frame) => foldRows(frame, task, grid));
  const terms = Math.max(1, (window[0] / grid.stride[0]) * (window[1] / grid.stride[1]));
  return { function: ref, units: planes * height, cost: width * (4 + 4 * terms), scratch: 0 };
};

/** Where gaps along an axis begin, and how many there are of which size. */
interface Gap {
  readonly start: number;
  readonly sizes: readonly [count: number, size: number];
}

/** The gaps along an axis: behind each window but the last one, and behind the last one. */
function gapsOf(size: number, count: number, window: number, stride: number): Gap[] {
  const end = (count - 1) * stride + window;
  return [
    { start: window, sizes: [count - 1, stride - window] },
    { start: end, sizes: [1, size - end] },
  ];
}

/** The box of the windows, and the boxes of zeros: rows that no window sees, and columns beside windows. */
function disjointBoxes(grid: Grid, bytes: 4 | 8): Box[] {
  const { planes, height, width, rows, columns, window, stride } = grid;
  const windows = windowsBox(grid, bytes);
  const back = windows.steps.map(({ size, from, to }) => ({ size, from: to, to: from }));
  const axis = (size: number, to: number): Step => ({ size, from: 0, to: to * bytes });
  const zeros = (to: number, ...steps: Step[]): Box => {
    const all = [axis(planes, height * width), ...steps];
    return { source: { fill: 0 }, steps: all, from: 0, to: to * bytes, bytes };
  };
  const betweenRows = gapsOf(height, rows, window[0], stride[0]).map(({ start, sizes: [count, size] }) =>
    zeros(start * width, axis(count, stride[0] * width), axis(size, width), axis(width, 1)),
  );
  const betweenColumns = gapsOf(width, columns, window[1], stride[1]).map(({ start, sizes: [count, size] }) =>
    zeros(start, axis(rows, stride[0] * width), axis(window[0], width), axis(count, stride[1]), axis(size, 1)),
  );
  return [{ ...windows, steps: back }, ...betweenRows, ...betweenColumns];
}

/** For each pixel along an axis the first window that sees it and the last one, which is before the first if none does. */
function seeing(size: number, count: number, window: number, stride: number, padding: number): Int32Array {
  return Int32Array.from({ length: 2 * size }, (_, i) => {
    const place = Math.floor(i / 2) + padding;
    if (i % 2 === 0) return Math.max(0, Math.ceil((place - window + 1) / stride));
    return Math.min(count - 1, Math.floor(place / stride));
  });
}

/** A unit is a row of pixels. */
function foldRows({ f, out, inputs, from, to }: Frame, task: Task<FoldParams>, grid: Grid): void {
  const { dtype } = task.output;
  const n = oneOf(formatOf(dtype));
  const { height, width, rows, columns, window } = grid;
  const overRows = seeingTable(task.module, height, rows, grid, 0);
  const overColumns = seeingTable(task.module, width, columns, grid, 1);
  const plane = rows * columns * window[0] * window[1] * n.bytes;
  f.range(from, to, 1, (unit) => {
    const cells = f.let(plus(inputs[0] as Local, op("i32.div_u", unit, height), plane));
    const target = f.let(plus(out, unit, width * n.bytes));
    const vertical = spanAt(f, overRows, f.let(op("i32.rem_u", unit, height)));
    f.range(0, width, 1, (x) => {
      const total = foldPixel(f, n, cells, { grid, vertical, horizontal: spanAt(f, overColumns, x) });
      storeNumbers(f, n, plus(target, x, n.bytes), roundedTo(f, n, dtype, total));
    });
  });
}

/** A pixel along one axis, and the windows that see it, from one up to another. */
interface Span {
  readonly pixel: Local;
  readonly first: Local;
  readonly end: Local;
}

interface Seen {
  readonly grid: Grid;
  readonly vertical: Span;
  readonly horizontal: Span;
}

/** The sum of what windows hold of a pixel: from the first row of windows to the last, and in each from left to right. */
function foldPixel(f: FunctionBuilder, n: Numbers, cells: Local, { grid, vertical, horizontal }: Seen): Local {
  const { columns, window, stride, padding } = grid;
  const offsetIn = (axis: 0 | 1, pixel: Local, place: Local): Expression =>
    op("i32.add", op("i32.sub", pixel, op("i32.mul", place, stride[axis])), padding[axis]);
  return summed(f, n, (add) => {
    f.range(vertical.first, vertical.end, 1, (row) => {
      const above = f.let(op("i32.mul", offsetIn(0, vertical.pixel, row), window[1]));
      f.range(horizontal.first, horizontal.end, 1, (column) => {
        const cell = op("i32.add", above, offsetIn(1, horizontal.pixel, column));
        add(f.let(plus(cells, plus(cell, plus(column, row, columns), window[0] * window[1]), n.bytes)));
      });
    });
  });
}

/** A sum that begins with its first term; without terms it is 0. */
function summed(f: FunctionBuilder, n: Numbers, visit: (add: (address: Local) => void) => void): Local {
  const [total, hasBegun] = [f.let(repeated(n, 0)), f.let(constant("i32", 0))];
  visit((address) => {
    const value = f.let(loadNumbers(n, address));
    f.set(total, select(hasBegun, compute(n, "add", total, value), value));
    f.set(hasBegun, 1);
  });
  return total;
}

function seeingTable(module: ModuleBuilder, size: number, count: number, grid: Grid, axis: 0 | 1): number {
  const sizes = [size, count, grid.window[axis], grid.stride[axis], grid.padding[axis]] as const;
  return module.table(`windows over pixels ${sizes}`, seeing(...sizes));
}

function spanAt(f: FunctionBuilder, table: number, pixel: Local): Span {
  const entry = f.let(op("i32.mul", pixel, 8));
  const end = op("i32.add", load("i32.load", entry, table + 4), 1);
  return { pixel, first: f.let(load("i32.load", entry, table)), end: f.let(end) };
}
