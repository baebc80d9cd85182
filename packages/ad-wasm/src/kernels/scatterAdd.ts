// Slices added at indices, one after the other.
import { type Expression, op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { type Frame, kernelFunction, least, most, plus } from "./frame.ts";
import { withIndex } from "./indexed.ts";
import { bytesOf, type Kernel, nameOf, sizeOf, type Task } from "./kernel.ts";
import { compute, formatOf, loadNumbers, type Numbers, oneOf, storeNumbers, vectorOf } from "./numbers.ts";
import { roundedTo } from "./roundedTo.ts";

/** Neighbouring elements of slices that one unit adds up: a line of the cache. */
const together = 16;

/** The sizes of what is added. */
interface Slices {
  readonly task: Task<number>;
  /** Length of the axis. */
  readonly size: number;
  /** Elements of a slice. */
  readonly inner: number;
  /** How many indices there are. */
  readonly count: number;
  /** Units in a block. */
  readonly units: number;
  readonly bytes: 4 | 8;
}

/** A unit is some columns of the slices of a block: all sums of a column are done by one thread, in their order. */
export const scatterAddKernel: Kernel<number> = (task) => {
  const [x, indices] = task.inputs as [Task["output"], Task["output"]];
  const axis = task.params;
  const [outer, inner] = [sizeOf({ shape: x.shape.slice(0, axis) }), sizeOf({ shape: x.shape.slice(axis + 1) })];
  const count = sizeOf(indices);
  const size = x.shape[axis] as number;
  const sizes = { size, inner, count, units: Math.ceil(inner / together) };
  const slices: Slices = { task, ...sizes, bytes: bytesOf(x.dtype) };
  const ref = kernelFunction(task, nameOf("scatterAdd", task), (frame) => {
    // Without elements indices are checked all the same.
    if (outer * inner === 0) checkIndices(frame, slices);
    else addSlices(frame, slices);
  });
  const units = outer * inner === 0 ? Math.min(1, count) : outer * slices.units;
  const cost = (2 * size + 3 * count) * Math.min(inner, together);
  return { function: ref, units, cost, scratch: 0, canFail: true };
};

function checkIndices({ f, inputs }: Frame, { count, size }: Slices): void {
  f.range(0, count, 1, (position) => withIndex(f, { indices: inputs[1] as Local, position, size }, () => {}));
}

/** Each block with the columns that belong to the units asked for, which follow each other. */
function addSlices(frame: Frame, slices: Slices): void {
  const { f, from, to } = frame;
  const { units, inner } = slices;
  const first = f.let(op("i32.div_u", from, units));
  const behind = f.let(op("i32.div_u", op("i32.add", to, units - 1), units));
  f.range(first, behind, 1, (block) => {
    const start = f.let(op("i32.mul", block, units));
    const left = f.let(op("i32.mul", f.let(most(f.let(op("i32.sub", from, start)), 0)), together));
    const right = f.let(least(f.let(op("i32.mul", op("i32.sub", to, start), together)), inner));
    addBlock(frame, slices, block, { left, right });
  });
}

/** Columns from one up to another. */
interface Columns {
  readonly left: Local;
  readonly right: Local;
}

/** A block begins as `x`; then come the updates, and at last sums of short formats are rounded. */
function addBlock({ f, out, inputs }: Frame, slices: Slices, block: Local, columns: Columns): void {
  const { task, size, inner, count, bytes } = slices;
  const { dtype } = task.output;
  const [x, indices, updates] = inputs as [Local, Local, Local];
  const slice = inner * bytes;
  const target = f.let(plus(out, block, size * slice));
  const source = f.let(plus(x, block, size * slice));
  const added = f.let(plus(updates, block, count * slice));
  const write = (row: Expression, change: (n: Numbers, address: Local, place: Expression) => Expression): void => {
    const base = f.let(row);
    eachColumn(f, dtype, columns, (n, place) => {
      const address = f.let(plus(base, place, bytes));
      storeNumbers(f, n, address, change(n, address, place));
    });
  };
  f.range(0, size * slice, slice, (row) => {
    const from = f.let(op("i32.add", source, row));
    write(op("i32.add", target, row), (n, _, place) => loadNumbers(n, plus(from, place, bytes)));
  });
  f.range(0, count, 1, (position) => {
    const from = f.let(plus(added, position, slice));
    withIndex(f, { indices, position, size }, (index) => {
      const termAt = (n: Numbers, place: Expression): Expression => loadNumbers(n, plus(from, place, bytes));
      write(plus(target, index, slice), (n, address, place) =>
        compute(n, "add", loadNumbers(n, address), termAt(n, place)),
      );
    });
  });
  if (dtype !== "f16" && dtype !== "bf16") return;
  f.range(0, size * slice, slice, (row) => {
    write(op("i32.add", target, row), (n, address) => roundedTo(f, n, dtype, loadNumbers(n, address)));
  });
}

/** Visits columns by vectors, and the rest of them one by one. */
function eachColumn(
  f: FunctionBuilder,
  dtype: Task["output"]["dtype"],
  { left, right }: Columns,
  visit: (n: Numbers, place: Expression) => void,
): void {
  const [one, many] = [oneOf(formatOf(dtype)), vectorOf(formatOf(dtype))];
  const place = f.let(left);
  const whole = f.let(op("i32.sub", right, many.width - 1));
  f.while(
    () => op("i32.lt_s", place, whole),
    () => {
      visit(many, place);
      f.update(place, "i32.add", many.width);
    },
  );
  f.while(
    () => op("i32.lt_s", place, right),
    () => {
      visit(one, place);
      f.update(place, "i32.add", 1);
    },
  );
}
