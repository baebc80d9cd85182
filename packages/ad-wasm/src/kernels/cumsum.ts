// Running sums along an axis.
import type { DType, Running } from "@nonsmooth/ad-core";
import { type Expression, op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { kernelFunction, plus } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, sizeOf } from "./kernel.ts";
import { compute, formatOf, loadNumbers, type Numbers, oneOf, storeNumbers, vectorOf } from "./numbers.ts";
import { roundedTo } from "./roundedTo.ts";

/** A unit is as many neighbouring sums as a vector holds; the last one of a block takes what is left as well. */
export const cumsumKernel: Kernel<Running> = (task) => {
  const { dtype, shape } = task.output;
  const { axis, reverse } = task.params;
  const length = shape[axis] as number;
  const inner = sizeOf({ shape: shape.slice(axis + 1) });
  const bytes = bytesOf(dtype);
  const [one, many] = [oneOf(formatOf(dtype)), vectorOf(formatOf(dtype))];
  const n = inner < many.width ? one : many;
  const perBlock = Math.floor(inner / n.width);
  const lastStart = reverse ? (length - 1) * inner * bytes : 0;
  const ref = kernelFunction(task, nameOf("cumsum", task), ({ f, out, inputs, from, to }) => {
    f.range(from, to, 1, (unit) => {
      const block = f.let(op("i32.div_u", unit, perBlock));
      const column = f.let(op("i32.rem_u", unit, perBlock));
      const offset = f.let(
        op("i32.add", plus(lastStart, block, length * inner * bytes), op("i32.mul", column, n.bytes)),
      );
      const step = (reverse ? -1 : 1) * inner * bytes;
      const run = (numbers: Numbers, more: number): void => {
        const places = [inputs[0] as Local, out].map((base) => f.let(op("i32.add", op("i32.add", base, offset), more)));
        addUp(f, numbers, places as [Local, Local], { dtype, length, step });
      };
      run(n, 0);
      const left = (inner - perBlock * n.width) * bytes;
      if (left > 0) f.if(op("i32.eq", column, perBlock - 1), () => run(n, left));
    });
  });
  const units = length === 0 || inner === 0 ? 0 : (sizeOf(task.output) / (length * inner)) * perBlock;
  return { function: ref, units, cost: length * n.width, scratch: 0 };
};

interface Sums {
  readonly dtype: DType;
  readonly length: number;
  /** Bytes from one term to the next. */
  readonly step: number;
}

/** The sums themselves are kept in the format of sums. */
function addUp(f: FunctionBuilder, n: Numbers, [source, target]: [Local, Local], { dtype, length, step }: Sums): void {
  const total = f.let(loadNumbers(n, source));
  const store = (value: Expression): void => storeNumbers(f, n, target, roundedTo(f, n, dtype, value));
  store(total);
  f.range(1, length, 1, () => {
    f.update(source, "i32.add", step);
    f.update(target, "i32.add", step);
    f.set(total, compute(n, "add", total, loadNumbers(n, source)));
    store(total);
  });
}
