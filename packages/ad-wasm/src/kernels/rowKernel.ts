// Kernels that compute row by row: which rows a unit has, and which of them are computed together.
import type { TensorType } from "@nonsmooth/ad-core";
import { type Expression, op } from "../encoding/expression.ts";
import type { Local } from "../encoding/function.ts";
import { kernelFunction, least } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, sizeOf, type Task, type Work } from "./kernel.ts";
import { formatOf, type Numbers, oneOf, vectorOf, widthOf } from "./numbers.ts";
import { at } from "./parts.ts";
import { type RowCode, storeResult } from "./rowCode.ts";
import { type Axis, offsetOf, type Rows, rowsAlong, rowsPerUnit } from "./rows.ts";
import { blockSize, packedBytes } from "./terms.ts";

/** What a kernel does with rows of parameters `P`. */
interface Rule<P> {
  readonly name: string;
  readonly axes: (params: P) => readonly number[];
  /** About how many scalar operations an element takes. */
  readonly cost: number;
}

/** A kernel that makes one number of each row. */
export interface Reduction<P> extends Rule<P> {
  readonly reduce: (row: RowCode, x: Local, params: P) => Expression;
}

/** A kernel that writes each row anew. */
export interface Rewriting<P> extends Rule<P> {
  readonly rewrite: (row: RowCode, x: Local, out: Local, params: P) => void;
}

/** How the rows of a tensor are computed. */
interface Plan {
  readonly rows: Rows;
  /** Whether rows that lie side by side are computed together. */
  readonly isAcross: boolean;
  /** Whether neighbours in one row are. */
  readonly isAlong: boolean;
  /** What the numbers of a row, or of the rows that are computed together, are kept in. */
  readonly numbers: Numbers;
}

/** Short rows are computed in vectors only where that is worth its while. */
const dear = 6;

function planOf({ shape, dtype }: TensorType, axes: readonly number[], cost: number): Plan {
  const rows = rowsAlong(shape, axes);
  const format = formatOf(dtype);
  const inner = rows.kept.at(-1);
  const isAcross = inner?.step === 1 && inner.count >= widthOf(format);
  const isLong = rows.length >= (cost >= dear && rows.reduced.length === 1 ? widthOf(format) : blockSize);
  const isAlong = rows.reduced.at(-1)?.step === 1 && isLong;
  return { rows, isAcross, isAlong, numbers: isAcross || isAlong ? vectorOf(format) : oneOf(format) };
}

/** Writes the code of a row, or of several; `index` counts rows, `offset` bytes. */
type WriteRow = (row: RowCode, index: Local, offset: Local) => void;

/** The code for the rows from `from` to `to`. */
function forRows(row: RowCode, { isAcross }: Plan, from: Local, to: Local, write: WriteRow): void {
  const { f, rows, bytes } = row;
  const index = f.let(from);
  const compute = (code: RowCode): void => {
    write(code, index, f.let(offsetOf(f, rows.kept, index, bytes)));
    f.update(index, "i32.add", isAcross ? code.numbers.width : 1);
  };
  f.while(
    () => op("i32.lt_s", index, to),
    () => {
      if (isAcross) computeTogether(row, [from, to], index, compute);
      else compute(row);
    },
  );
}

/**
 * As many rows as a vector holds, if they are between `from` and `to`; the last ones of an axis together with some before
 * them, which are computed again. Else one row.
 */
function computeTogether(
  row: RowCode,
  range: readonly [Local, Local],
  index: Local,
  compute: (row: RowCode) => void,
): void {
  const { f, rows, numbers } = row;
  const [from, to] = range;
  const { width, format } = numbers;
  const { count } = rows.kept.at(-1) as Axis;
  if (count % width === 0) {
    compute(row);
    return;
  }
  const last = f.let(op("i32.sub", index, op("i32.rem_u", index, count)));
  f.update(last, "i32.add", count - width);
  const start = f.let(index);
  f.if(op("i32.gt_s", start, last), () => f.set(start, last));
  const isInside = op("i32.and", op("i32.ge_s", start, from), op("i32.le_s", op("i32.add", start, width), to));
  f.if(
    isInside,
    () => {
      f.set(index, start);
      compute(row);
    },
    () => compute({ ...row, numbers: oneOf(format) }),
  );
}

/** What a kernel needs besides its code. */
interface Parts {
  readonly plan: Plan;
  /** Rows of a unit. */
  readonly together: number;
  readonly write: (row: RowCode, addresses: readonly [out: Local, x: Local], index: Local, offset: Local) => void;
}

function workOf<P>(rule: Rule<P>, task: Task<P>, { plan, together, write }: Parts): Work {
  const { rows, numbers } = plan;
  const [bytes, isEmpty] = [bytesOf((task.inputs[0] as TensorType).dtype), sizeOf(task.output) === 0];
  const packing = plan.isAlong ? oneOf(numbers.format) : numbers;
  const made = kernelFunction(task, nameOf(rule.name, task), ({ f, out, inputs, scratch, from, to }) => {
    if (isEmpty) return;
    const begin = f.let(op("i32.mul", from, together));
    const end = f.let(least(op("i32.mul", to, together), rows.count));
    const row = { ...plan, f, module: task.module, dtype: task.output.dtype, bytes, scratch };
    forRows(row, plan, begin, end, (code, index, offset) => write(code, [out, inputs[0] as Local], index, offset));
  });
  return {
    function: made,
    units: isEmpty ? 0 : Math.ceil(rows.count / together),
    cost: together * (rows.length + 1) * rule.cost,
    scratch: rows.length < blockSize ? 0 : packedBytes(rows.reduced, packing),
  };
}

/** A kernel that makes one number of each row. */
export const reducing =
  <P>(rule: Reduction<P>): Kernel<P> =>
  (task) => {
    const [x] = task.inputs as [TensorType];
    const plan = planOf(x, rule.axes(task.params), rule.cost);
    const write: Parts["write"] = (row, [out, x], index, offset) => {
      const result = rule.reduce(row, row.f.let(op("i32.add", x, offset)), task.params);
      storeResult(row, at(out, index, row.bytes), result);
    };
    return workOf(rule, task, { plan, together: widthOf(plan.numbers.format), write });
  };

/** A kernel that writes each row anew. */
export const rewriting =
  <P>(rule: Rewriting<P>): Kernel<P> =>
  (task) => {
    const [x] = task.inputs as [TensorType];
    const plan = planOf(x, rule.axes(task.params), rule.cost);
    const write: Parts["write"] = (row, [out, x], _index, offset) => {
      const [source, target] = [x, out].map((address) => row.f.let(op("i32.add", address, offset))) as [Local, Local];
      rule.rewrite(row, source, target, task.params);
    };
    return workOf(rule, task, { plan, together: rowsPerUnit(plan.rows, widthOf(plan.numbers.format)), write });
  };
