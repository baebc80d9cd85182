// An interpreter that computes at once and notes whether any number of the run was rounded.
import { type Arithmetic, atSite, type Instruction, type Primitive, records, type Tensor } from "@nonsmooth/ad-core";
import { arithmeticOf, DenseTensor, pack } from "@nonsmooth/ad-core/machines";
import { type Call, type Interpreter, interpreter, mapInputs, within } from "@nonsmooth/ad-core/transforms";
import { picksPrimitive } from "../branches/picks.ts";
import { denseOf } from "../sweep/numbers.ts";
import { watchedArithmetic } from "./watched.ts";

const ours = new Set<Primitive>([...records.values(), picksPrimitive as Primitive]);

/** Whether all arithmetic of an operation goes through the algebra: a raw record of a user's own may have some beside it. */
const isSeen = (primitive: Primitive): boolean => ours.has(primitive) || primitive.statement !== undefined;

const isWhole = (dtype: Tensor["dtype"]): boolean => dtype === "i32" || dtype === "bool";

/**
 * Watches until the first number is rounded: from then on it only passes on, so most runs cost nothing more. In 16 bits
 * nothing is expected to be exact, and nothing is watched.
 */
export class ExactRun implements Interpreter {
  readonly where: string;
  readonly outer: Interpreter = interpreter();
  readonly arithmetic: Readonly<Partial<Record<Tensor["dtype"], Arithmetic<number>>>>;
  isExact = true;

  constructor(where: string) {
    this.where = where;
    const watched = (dtype: Tensor["dtype"]): Arithmetic<number> =>
      watchedArithmetic(arithmeticOf(dtype), () => this.noteRounding());
    this.arithmetic = { f64: watched("f64"), f32: watched("f32") };
  }

  noteRounding(): void {
    this.isExact = false;
  }

  process(instruction: Instruction): Tensor {
    const { primitive, params, shape, dtype } = instruction;
    const inputs = mapInputs(instruction.inputs, (x) => denseOf(this.where, x));
    const computed = instruction.inputs[0]?.dtype ?? dtype;
    if (!this.isExact || isWhole(computed)) return this.outer.process(instruction);
    const arithmetic = isSeen(primitive) ? this.arithmetic[computed] : undefined;
    if (!arithmetic) {
      this.noteRounding();
      return this.outer.process(instruction);
    }
    const values = primitive.forward(arithmetic, inputs, params);
    const data = pack(dtype, values);
    for (let i = 0; i < data.length && this.isExact; i++) if (data[i] !== values[i]) this.noteRounding();
    return new DenseTensor(shape, dtype, data);
  }

  call(call: Call): readonly Tensor[] {
    return within(this, () => atSite(call.site, () => call.operation.run(call.inputs)));
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(condition);
  }
}
