// Kernels that move elements and compute nothing: most of them are boxes.
import type { Box as Corners, Margins, Shape } from "@nonsmooth/ad-core";
import { copyBoxes } from "./boxCopies.ts";
import { type Box, byteStrides, frameOf, offsetOf } from "./boxes.ts";
import { gatherKernel, oneHotKernel } from "./indexed.ts";
import { bytesOf, type Kernel, nameOf, sizeOf, type Task } from "./kernel.ts";
import { trilKernel } from "./tril.ts";
import { unfoldKernel } from "./unfold.ts";
import { whereKernel } from "./where.ts";

const bytesIn = ({ output }: Pick<Task, "output">): 4 | 8 => bytesOf(output.dtype);

/** The first input as a box whose elements go where strides say. */
const boxOf = (
  shape: Shape,
  from: readonly number[],
  to: readonly number[],
  bytes: 4 | 8,
  start: Partial<Omit<Box, "steps" | "bytes">> = {},
): Box => {
  const steps = shape.map((size, axis) => ({ size, from: from[axis] as number, to: to[axis] as number }));
  return { source: 0, steps, from: 0, to: 0, bytes, ...start };
};

/** Kernels whose source is the first input and whose result is one box. */
const moving =
  <P>(name: string, box: (task: Task<P>) => Box): Kernel<P> =>
  (task) =>
    copyBoxes(task, nameOf(name, task), [box(task)]);

/** A copy: the same elements in the same order. */
const copying = (name: string): Kernel<unknown> =>
  moving(name, ({ output }) => {
    const bytes = bytesOf(output.dtype);
    return boxOf([sizeOf(output)], [bytes], [bytes], bytes);
  });

const transposeKernel = moving<readonly number[]>("transpose", (task) => {
  const { shape } = task.output;
  const bytes = bytesIn(task);
  const strides = byteStrides((task.inputs[0] as Task["output"]).shape, bytes);
  const moved = task.params.map((axis) => strides[axis] as number);
  return boxOf(shape, moved, byteStrides(shape, bytes), bytes);
});

const broadcastKernel = moving<Shape>("broadcastTo", (task) => {
  const { shape } = task.output;
  const bytes = bytesIn(task);
  const source = (task.inputs[0] as Task["output"]).shape;
  const strides = byteStrides(source, bytes);
  const repeated = shape.map((_, i) => {
    const axis = i - shape.length + source.length;
    return source[axis] === 1 ? 0 : (strides[axis] ?? 0);
  });
  return boxOf(shape, repeated, byteStrides(shape, bytes), bytes);
});

const sliceKernel = moving<Corners>("slice", (task) => {
  const bytes = bytesIn(task);
  const strides = byteStrides((task.inputs[0] as Task["output"]).shape, bytes);
  const { shape } = task.output;
  return boxOf(shape, strides, byteStrides(shape, bytes), bytes, { from: offsetOf(task.params.start, strides) });
});

const padKernel: Kernel<Margins> = (task) => {
  const bytes = bytesIn(task);
  const { shape } = task.inputs[0] as Task["output"];
  const strides = byteStrides(task.output.shape, bytes);
  const corner = { to: offsetOf(task.params.before, strides) };
  const inner = boxOf(shape, byteStrides(shape, bytes), strides, bytes, corner);
  const around = frameOf(task.output.shape, { before: task.params.before, size: shape }, bytes, 0);
  return copyBoxes(task, nameOf("pad", task), [inner, ...around]);
};

const concatenateKernel: Kernel<number> = (task) => {
  const bytes = bytesIn(task);
  const axis = task.params;
  const strides = byteStrides(task.output.shape, bytes);
  let to = 0;
  const boxes = task.inputs.map(({ shape }, source) => {
    const box = boxOf(shape, byteStrides(shape, bytes), strides, bytes, { source, to });
    to += (shape[axis] as number) * (strides[axis] as number);
    return box;
  });
  return copyBoxes(task, nameOf("concatenate", task), boxes);
};

/** Kernels of moves by the names of their operations. */
export const movesKernels: Readonly<Record<string, Kernel>> = {
  reshape: copying("copy"),
  stopGradient: copying("copy"),
  barrier: copying("copy"),
  customValue: copying("copy"),
  transpose: transposeKernel,
  broadcastTo: broadcastKernel,
  slice: sliceKernel,
  pad: padKernel,
  concatenate: concatenateKernel,
  tril: trilKernel,
  oneHot: oneHotKernel,
  unfold: unfoldKernel,
  where: whereKernel,
  gather: gatherKernel,
};
