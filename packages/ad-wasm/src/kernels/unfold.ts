// Windows taken out of images.
import type { UnfoldParams } from "@nonsmooth/ad-core";
import { constant, load, op, select } from "../encoding/expression.ts";
import type { Local } from "../encoding/function.ts";
import { copyBoxes } from "./boxCopies.ts";
import { type Frame, kernelFunction, plus } from "./frame.ts";
import { bytesOf, type Kernel, nameOf, type Task } from "./kernel.ts";
import { type Grid, gridOf, isPadded, windowsBox } from "./windows.ts";

/** Windows without padding are a box; with padding each cell asks whether it sees a pixel. */
export const unfoldKernel: Kernel<UnfoldParams> = (task) => {
  const { dtype, shape } = task.inputs[0] as Task["output"];
  const grid = gridOf(shape, task.params);
  const bytes = bytesOf(dtype);
  const name = `${nameOf("unfold", task)} ${task.params.fill}`;
  if (!isPadded(grid)) return copyBoxes(task, name, [windowsBox(grid, bytes)]);
  const { planes, rows, columns, window } = grid;
  const ref = kernelFunction(task, name, (frame) => unfoldRows(frame, grid, bytes, task.params.fill));
  return { function: ref, units: planes * rows, cost: columns * window[0] * window[1] * 4, scratch: 0 };
};

/** A unit is a row of windows. */
function unfoldRows({ f, out, inputs, from, to }: Frame, grid: Grid, bytes: 4 | 8, fill: number): void {
  const { rows, columns, window, stride, padding, height, width } = grid;
  const cells = window[0] * window[1];
  const type = bytes === 8 ? "f64" : "f32";
  f.range(from, to, 1, (unit) => {
    const plane = f.let(plus(inputs[0] as Local, op("i32.div_u", unit, rows), height * width * bytes));
    const top = f.let(op("i32.sub", op("i32.mul", op("i32.rem_u", unit, rows), stride[0]), padding[0]));
    const target = f.let(plus(out, unit, columns * cells * bytes));
    f.range(0, columns, 1, (column) => {
      const left = f.let(op("i32.sub", op("i32.mul", column, stride[1]), padding[1]));
      for (let cell = 0; cell < cells; cell++) {
        const y = f.let(op("i32.add", top, Math.floor(cell / window[1])));
        const x = f.let(op("i32.add", left, cell % window[1]));
        const isInside = op("i32.and", op("i32.lt_u", y, height), op("i32.lt_u", x, width));
        // Outside the first pixel is read, and not used.
        const pixel = select(isInside, op("i32.add", op("i32.mul", y, width), x), constant("i32", 0));
        const value = load(`${type}.load`, plus(plane, pixel, bytes));
        f.store(`${type}.store`, target, select(isInside, value, constant(type, fill)), cell * bytes);
      }
      f.update(target, "i32.add", cells * bytes);
    });
  });
}
