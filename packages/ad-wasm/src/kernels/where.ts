// A choice between two tensors, element by element.
import { load, op } from "../encoding/expression.ts";
import type { Local } from "../encoding/function.ts";
import { kernelFunction, least, plus } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, sizeOf } from "./kernel.ts";

/** Elements in a unit: whole lines of the cache, so that a loop by vectors may run over the end of the last one. */
const unit = 1024;

export const whereKernel: Kernel<null> = (task) => {
  const size = sizeOf(task.output);
  const bytes = bytesOf(task.output.dtype);
  const lanes = 16 / bytes;
  const ref = kernelFunction(task, nameOf("where", task), ({ f, out, inputs, from, to }) => {
    const [condition, a, b] = inputs as [Local, Local, Local];
    const end = f.let(least(op("i32.mul", to, unit), size));
    const start = f.let(op("i32.mul", from, unit));
    f.range(start, end, lanes, (i) => {
      const [left, right] = [load("v128.load", plus(a, i, bytes)), load("v128.load", plus(b, i, bytes))];
      const flags =
        bytes === 8
          ? op("i64x2.extend_low_i32x4_u", load("v128.load64_zero", plus(condition, i, 4)))
          : load("v128.load", plus(condition, i, 4));
      // 0 stays 0, and 1 becomes all bits.
      const mask = op(bytes === 8 ? "i64x2.neg" : "i32x4.neg", flags);
      f.store("v128.store", plus(out, i, bytes), op("v128.bitselect", left, right, mask));
    });
  });
  return { function: ref, units: Math.ceil(size / unit), cost: unit, scratch: 0 };
};
