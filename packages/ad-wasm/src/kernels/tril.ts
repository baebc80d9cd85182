// The lower triangle of matrices.
import { load, op, vector } from "../encoding/expression.ts";
import type { Local } from "../encoding/function.ts";
import { type Frame, kernelFunction, plus } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, sizeOf } from "./kernel.ts";

/** A unit is a row: what stands behind the diagonal is masked away. */
export const trilKernel: Kernel<number> = (task) => {
  const [height, width] = task.output.shape.slice(-2) as [number, number];
  const bytes = bytesOf(task.output.dtype);
  const ref = kernelFunction(task, nameOf("tril", task), (frame) => {
    maskRows(frame, { height, width, bytes, diagonal: Math.max(-height, Math.min(width, task.params)) });
  });
  return { function: ref, units: width === 0 ? 0 : sizeOf(task.output) / width, cost: width, scratch: 0 };
};

interface Triangle {
  readonly height: number;
  readonly width: number;
  readonly bytes: 4 | 8;
  readonly diagonal: number;
}

function maskRows({ f, out, inputs, from, to }: Frame, { height, width, bytes, diagonal }: Triangle): void {
  const lanes = 16 / bytes;
  const ramp = vector(bytes === 8 ? BigInt64Array.of(0n, 1n) : Int32Array.of(0, 1, 2, 3));
  f.range(from, to, 1, (row) => {
    const [source, target] = [
      f.let(plus(inputs[0] as Local, row, width * bytes)),
      f.let(plus(out, row, width * bytes)),
    ];
    // The last column that is kept.
    const kept = f.let(op("i32.add", op("i32.rem_u", row, height), diagonal));
    const maskFrom = (column: Local) => {
      const left = op("i32.sub", kept, column);
      return bytes === 8
        ? op("i64x2.le_s", ramp, op("i64x2.splat", op("i64.extend_i32_s", left)))
        : op("i32x4.le_s", ramp, op("i32x4.splat", left));
    };
    const copyVector = (column: Local): void => {
      const shift = op("i32.mul", column, bytes);
      const value = op("v128.and", load("v128.load", op("i32.add", source, shift)), maskFrom(column));
      f.store("v128.store", op("i32.add", target, shift), value);
    };
    const copyOne = (column: Local): void => {
      const shift = op("i32.mul", column, bytes);
      const isKept = op("i32.le_s", column, kept);
      const name = bytes === 8 ? "i64" : "i32";
      const mask = op("i32.sub", 0, isKept);
      const value = load(`${name}.load`, op("i32.add", source, shift));
      const masked = bytes === 8 ? op("i64.and", value, op("i64.extend_i32_s", mask)) : op("i32.and", value, mask);
      f.store(`${name}.store`, op("i32.add", target, shift), masked);
    };
    const whole = width - (width % lanes);
    if (whole > 0) f.range(0, whole, lanes, copyVector);
    if (whole < width) f.range(whole, width, 1, copyOne);
  });
}
