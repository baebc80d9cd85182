// Moves by numbers that stand in a tensor: each is checked before memory is touched.
import type { OneHotParams } from "@nonsmooth/ad-core";
import { constant, type Expression, load, op, vector } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { kernelFunction, least, plus, writeFault } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, sizeOf, type Task, type Work } from "./kernel.ts";
import { copyRun, fillRun } from "./runs.ts";

/** A unit writes about so many elements. */
const unitSize = 512;

/** Does something with the index at a position when it is below `size`, and says that it is bad otherwise. */
export function withIndex(
  f: FunctionBuilder,
  { indices, position, size }: { readonly indices: Local; readonly position: Local; readonly size: number },
  then: (index: Local) => void,
): void {
  const index = f.let(load("i32.load", plus(indices, position, 4)));
  f.if(
    op("i32.lt_u", index, size),
    () => then(index),
    () => writeFault(f, position, index),
  );
}

/** Takes slices: `inner` elements for each index, for each block of the axes in front. */
export const gatherKernel: Kernel<number> = (task) => {
  const [x, indices] = task.inputs as [Task["output"], Task["output"]];
  const axis = task.params;
  const size = x.shape[axis] as number;
  const count = sizeOf(indices);
  const [outer, inner] = [sizeOf({ shape: x.shape.slice(0, axis) }), sizeOf({ shape: x.shape.slice(axis + 1) })];
  const slice = inner * bytesOf(x.dtype);
  const perUnit = Math.max(1, Math.floor(unitSize / Math.max(1, inner)));
  // Without elements to write indices are checked all the same, once.
  const isEmpty = outer * inner === 0;
  const slices = isEmpty ? count : outer * count;
  const ref = kernelFunction(task, nameOf("gather", task), ({ f, out, inputs, from, to }) => {
    const end = f.let(least(op("i32.mul", to, perUnit), slices));
    const start = f.let(op("i32.mul", from, perUnit));
    f.range(start, end, 1, (at) => {
      const position = outer > 1 ? f.let(op("i32.rem_u", at, count)) : at;
      withIndex(f, { indices: inputs[1] as Local, position, size }, (index) => {
        const block: Expression = outer > 1 ? op("i32.mul", op("i32.div_u", at, count), size) : constant("i32", 0);
        const source = f.let(plus(inputs[0] as Local, op("i32.add", block, index), slice));
        const target = f.let(plus(out, at, slice));
        if (!isEmpty) copyRun(f, { base: source, offset: 0 }, { base: target, offset: 0 }, slice);
      });
    });
  });
  return { function: ref, units: Math.ceil(slices / perUnit), cost: perUnit * inner, scratch: 0, canFail: true };
};

/** Writes rows of zeros with a single 1. */
export const oneHotKernel: Kernel<OneHotParams> = (task): Work => {
  const { classes, dtype } = task.params;
  const labels = sizeOf(task.inputs[0] as Task["output"]);
  const bytes = bytesOf(dtype);
  const perUnit = Math.max(1, Math.floor(unitSize / Math.max(1, classes)));
  const ref = kernelFunction(task, nameOf("oneHot", task), ({ f, out, inputs, from, to }) => {
    const end = f.let(least(op("i32.mul", to, perUnit), labels));
    const start = f.let(op("i32.mul", from, perUnit));
    const zeros = f.let(vector(new Int32Array(4)));
    f.range(start, end, 1, (position) => {
      const target = f.let(plus(out, position, classes * bytes));
      if (classes > 0) fillRun(f, { base: target, offset: 0 }, zeros, classes * bytes);
      withIndex(f, { indices: inputs[0] as Local, position, size: classes }, (label) => {
        const one = plus(target, label, bytes);
        if (dtype === "f64") f.store("f64.store", one, 1);
        else if (dtype === "i32" || dtype === "bool") f.store("i32.store", one, 1);
        else f.store("f32.store", one, 1);
      });
    });
  });
  return { function: ref, units: Math.ceil(labels / perUnit), cost: perUnit * classes, scratch: 0, canFail: true };
};
