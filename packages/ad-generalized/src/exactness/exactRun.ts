// An interpreter that computes at once and notes whether any number of the run was rounded.
import type { Instruction, Tensor } from "@nonsmooth/ad-core";
import { arithmeticOf, DenseTensor, pack } from "@nonsmooth/ad-core/machines";
import { type Call, type Interpreter, interpreter, mapInputs, within } from "@nonsmooth/ad-core/transforms";
import { numbersOf } from "../sweep/numbers.ts";
import { watchedArithmetic } from "./watched.ts";

/** The arithmetic of a wide format, watched; in 16 bits nothing is expected to be exact. */
const isWatched = (dtype: Tensor["dtype"]): boolean => dtype === "f64" || dtype === "f32";
const isWhole = (dtype: Tensor["dtype"]): boolean => dtype === "i32" || dtype === "bool";

/** Watches until the first number is rounded: from then on it only passes on, so most runs cost nothing more. */
export class ExactRun implements Interpreter {
  readonly outer: Interpreter = interpreter();
  isExact = true;

  process(instruction: Instruction): Tensor {
    const { primitive, params, shape, dtype } = instruction;
    const computed = instruction.inputs[0]?.dtype ?? dtype;
    if (!this.isExact || isWhole(computed)) return this.outer.process(instruction);
    if (!isWatched(computed)) {
      this.isExact = false;
      return this.outer.process(instruction);
    }
    const inputs = mapInputs(instruction.inputs, (x) => numbersOf("clarkeElement", x));
    const rounded = (): void => {
      this.isExact = false;
    };
    const values = primitive.forward(watchedArithmetic(arithmeticOf(computed), rounded), inputs, params);
    const data = pack(dtype, values);
    for (let i = 0; i < data.length && this.isExact; i++) if (data[i] !== values[i]) rounded();
    return new DenseTensor(shape, dtype, data);
  }

  call(call: Call): readonly Tensor[] {
    return within(this, () => call.operation.run(call.inputs));
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(condition);
  }
}
