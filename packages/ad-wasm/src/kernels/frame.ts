// The function of a kernel, with names for its parameters, and ranges of units.
import { constant, type Expression, load, op, select, type Value } from "../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../encoding/function.ts";
import { faultCells, type Task } from "./kernel.ts";

/** What a kernel writes with: statements, addresses, and the range of units to do. */
export interface Frame {
  readonly f: FunctionBuilder;
  readonly out: Local;
  readonly inputs: readonly Local[];
  readonly scratch: Local;
  readonly from: Local;
  readonly to: Local;
}

/** Makes the function of a kernel under a name. */
export function kernelFunction(
  { module, inputs }: Pick<Task, "module" | "inputs">,
  name: string,
  build: (frame: Frame) => void,
): FunctionRef {
  const params = Array.from({ length: inputs.length + 4 }, () => "i32" as const);
  return module.function(name, params, null, (f, ...given) => {
    const [scratch, from, to] = given.slice(-3) as [Local, Local, Local];
    build({ f, out: given[0] as Local, inputs: given.slice(1, -3), scratch, from, to });
  });
}

/** `base + index * bytes`, for any number of bytes. */
export const plus = (base: Value, index: Value, bytes: number): Expression =>
  op("i32.add", base, op("i32.mul", index, bytes));

/** The smaller of two whole numbers. */
export const least = (a: Expression, b: Value): Expression =>
  select(op("i32.lt_s", a, b), a, typeof b === "number" ? constant("i32", b) : b);

/** The larger of two whole numbers. */
export const most = (a: Expression, b: Value): Expression =>
  select(op("i32.gt_s", a, b), a, typeof b === "number" ? constant("i32", b) : b);

/** Says that a value in the inputs is bad. Of several the first counts, as far as one thread sees them. */
export function writeFault(f: FunctionBuilder, position: Expression, value: Expression): void {
  const isFirst = op("i32.lt_s", position, load("i32.load", 0, faultCells.position));
  f.if(op("i32.or", op("i32.eqz", load("i32.load", 0, faultCells.flag)), isFirst), () => {
    f.store("i32.store", 0, position, faultCells.position);
    f.store("i32.store", 0, value, faultCells.value);
    f.store("i32.store", 0, 1, faultCells.flag);
  });
}
