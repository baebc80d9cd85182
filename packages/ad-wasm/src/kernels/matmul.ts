// Products of matrices. Every sum runs over the terms in ascending order; what lies side by side are columns.
import { op, type Value } from "../encoding/expression.ts";
import type { Local } from "../encoding/function.ts";
import { type Frame, kernelFunction, least, plus } from "./frame.ts";
import { type Kernel, nameOf, sizeOf, type Task, type Work } from "./kernel.ts";
import { copiedBytes, matrixBlock } from "./products/matrixPasses.ts";
import {
  type MatrixPlan,
  type MatrixUnits,
  panelsOf,
  planMatrices,
  rowsAtOnce,
  type Transposed,
  unitsOf,
} from "./products/matrixPlan.ts";

/** The product of `[batch, rows, inner]` and `[batch, inner, columns]`; operands may be stored transposed. */
export function matmulKernel(task: Task, flags: Transposed = {}): Work {
  const plan = planMatrices(task, flags);
  const name = nameOf(`matmul ${flags.transposeA === true} ${flags.transposeB === true}`, task);
  if (sizeOf(task.output) === 0 || plan.inner === 0) return emptySums(task, name);
  const units = unitsOf(plan);
  const operations = 2 * sizeOf(task.output) * plan.inner;
  return {
    function: kernelFunction(task, name, (frame) => writeUnits(frame, task, plan, units)),
    units: units.units,
    cost: operations / units.units,
    scratch: copiedBytes(plan),
  };
}

/** Sums without terms are 0. */
function emptySums(task: Task, name: string): Work {
  const size = sizeOf(task.output);
  const bytes = size * planMatrices(task, {}).lanes.bytes;
  const made = kernelFunction(task, name, ({ f, out }) => f.fill(out, 0, bytes));
  return { function: made, units: size === 0 ? 0 : 1, cost: size, scratch: 0 };
}

/** What is computed at once, as a block takes it. */
interface Part {
  readonly matrix: Value;
  readonly row: Value;
  readonly rows: Value;
  readonly panel: Value;
  readonly panelEnd: Value;
}

function writeUnits(frame: Frame, { module }: Task, plan: MatrixPlan, { by, size }: MatrixUnits): void {
  const block = matrixBlock(module, plan);
  const { f, out, inputs, scratch, from, to } = frame;
  const [a, b] = (plan.isExchanged ? inputs.toReversed() : inputs) as [Local, Local];
  const call = ({ matrix, row, rows, panel, panelEnd }: Part): void => {
    const column = op("i32.mul", panel, plan.width);
    const outStart = plus(plus(plus(out, matrix, plan.out.matrix), row, plan.out.row), column, plan.lanes.bytes);
    const aStart = plus(plus(a, matrix, plan.a.matrix), row, plan.a.row);
    const bStart = plus(plus(b, matrix, plan.b.matrix), column, plan.b.column);
    f.call(block, outStart, aStart, bStart, scratch, rows, panel, panelEnd);
  };
  const whole: Part = { matrix: 0, row: 0, rows: plan.rows, panel: 0, panelEnd: panelsOf(plan) };
  const end = (count: number) => least(op("i32.mul", to, size), count);
  if (by === "panels") call({ ...whole, panel: op("i32.mul", from, size), panelEnd: end(panelsOf(plan)) });
  else if (by === "rows") forRows(frame, plan, size, (part) => call({ ...whole, ...part }));
  else f.range(op("i32.mul", from, size), f.let(end(plan.batch)), 1, (matrix) => call({ ...whole, matrix }));
}

/** Units that follow each other in a matrix are done together, as far as {@link rowsAtOnce} allows. */
function forRows(
  { f, from, to }: Frame,
  { rows, batch }: MatrixPlan,
  size: number,
  visit: (part: Pick<Part, "matrix" | "row" | "rows">) => void,
): void {
  const units = Math.ceil(rows / size);
  const [unit, inMatrix, count] = [f.let(from), f.local("i32"), f.local("i32")];
  f.while(
    () => op("i32.lt_s", unit, to),
    () => {
      f.set(inMatrix, batch === 1 ? unit : op("i32.rem_u", unit, units));
      f.set(
        count,
        least(op("i32.sub", to, unit), least(op("i32.sub", units, inMatrix), Math.floor(rowsAtOnce / size))),
      );
      const row = op("i32.mul", inMatrix, size);
      const length = least(op("i32.mul", count, size), op("i32.sub", rows, row));
      visit({ matrix: batch === 1 ? 0 : op("i32.div_u", unit, units), row, rows: length });
      f.update(unit, "i32.add", count);
    },
  );
}

export const matmulKernels: Readonly<Record<string, Kernel>> = { matmul: (task) => matmulKernel(task) };
