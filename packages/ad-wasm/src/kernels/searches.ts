// The place of the largest or smallest element of each row.
import type { DType } from "@nonsmooth/ad-core";
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { OperationName } from "../encoding/operations.ts";
import { kernelFunction, least, plus } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, sizeOf, type Task } from "./kernel.ts";
import { formatOf } from "./numbers.ts";
import { offsetOf, rowsAlong } from "./rows.ts";

/** A unit looks at about so many elements. */
const unitSize = 1024;

/** The first of the best elements along an axis; NaN is better than everything but another NaN. */
export const searchKernel =
  (order: "max" | "min"): Kernel<number> =>
  (task) => {
    const { dtype, shape } = task.inputs[0] as Task["output"];
    const rows = rowsAlong(shape, [task.params]);
    const bytes = bytesOf(dtype);
    const { step } = rows.reduced[0] ?? { step: 1 };
    const count = sizeOf(task.output);
    const together = Math.max(1, Math.floor(unitSize / rows.length));
    const ref = kernelFunction(task, nameOf(`arg${order}`, task), ({ f, out, inputs, from, to }) => {
      const end = f.let(least(op("i32.mul", to, together), count));
      const start = f.let(op("i32.mul", from, together));
      f.range(start, end, 1, (row) => {
        const first = f.let(op("i32.add", inputs[0] as Local, offsetOf(f, rows.kept, row, bytes)));
        f.store(
          "i32.store",
          plus(out, row, 4),
          search(f, order, dtype, first, { length: rows.length, step: step * bytes }),
        );
      });
    });
    return { function: ref, units: Math.ceil(count / together), cost: together * rows.length, scratch: 0 };
  };

function search(
  f: FunctionBuilder,
  order: "max" | "min",
  dtype: DType,
  first: Local,
  { length, step }: { readonly length: number; readonly step: number },
): Local {
  const format = formatOf(dtype);
  const read = (): Expression => load(`${format}.load`, address);
  const address = f.let(first);
  const best = f.let(read());
  const found = f.let(constant("i32", 0));
  const compare = (step: string, a: Expression, b: Expression): Expression =>
    op(`${format}.${step}` as OperationName, a, b);
  const ahead = `${order === "max" ? "gt" : "lt"}${format === "i32" ? "_s" : ""}`;
  f.range(1, length, 1, (i) => {
    f.update(address, "i32.add", step);
    const value = f.let(read());
    const isNew = op("i32.and", compare("ne", value, value), compare("eq", best, best));
    const isBetter = f.let(op("i32.or", compare(ahead, value, best), isNew));
    f.set(best, select(isBetter, value, best));
    f.set(found, select(isBetter, i, found));
  });
  return found;
}
