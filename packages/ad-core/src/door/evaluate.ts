// Running one instruction on numbers: the definition of what every operation means.
import { type Accumulate, arithmeticOf } from "../arithmetic/formats.ts";
import { type DType, pack } from "../dtypes/dtype.ts";
import { DenseTensor } from "../tensors/tensor.ts";
import type { Inputs, Instruction } from "./primitive.ts";

/** An instruction whose inputs have their numbers in memory. */
export interface DenseInstruction extends Instruction {
  readonly inputs: Inputs<DenseTensor>;
}

/** Computes in the arithmetic of the first input, and rounds each result once to the dtype of the output. */
export function evaluate(instruction: DenseInstruction, accumulate: Accumulate): DenseTensor {
  const { primitive, inputs, params, shape, dtype } = instruction;
  const computed: DType = inputs.length > 0 ? inputs[0].dtype : dtype;
  const values = primitive.forward(arithmeticOf(computed, accumulate), inputs, params);
  return new DenseTensor(shape, dtype, pack(dtype, values));
}
