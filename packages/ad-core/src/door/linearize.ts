// Linearizing one instruction: the meeting of a record and a chooser.
import { internal } from "../errors/adError.ts";
import type { Tensor } from "../tensors/tensor.ts";
import type { Choice, Chooser } from "./chooser.ts";
import type { Instruction, LinearMap, Maybe } from "./primitive.ts";

/** The choice where there is none to make: a rule that asks for one does not fit its record. */
export const noKink: Choice = {
  weights: () => internal("an operation without a tie kink asked for weights"),
  permutation: () => internal("an operation that does not sort asked for a permutation"),
  vectorAtZero: () => internal("an operation without a point kink asked for a vector"),
};

/**
 * The linear maps of an instruction, made for the inputs that `isActive` names; null where there is no derivative.
 * Runs under the interpreter outside the one that linearizes.
 */
export function linearizeInstruction(
  instruction: Instruction,
  output: Tensor,
  isActive: (input: number) => boolean,
  chooser: Chooser,
  position: number,
  tangents?: readonly (readonly Maybe[])[],
): readonly (LinearMap | null)[] {
  const { primitive, inputs, params } = instruction;
  const call = { instruction, position, ...(tangents ? { tangents } : {}) };
  const choice = primitive.kink && primitive.kink.type !== "jump" ? chooser.choose(call) : noKink;
  const makers = primitive.linearize({ inputs, output, params, ...choice });
  if (makers.length !== inputs.length)
    internal(`${primitive.name} linearizes ${makers.length} of ${inputs.length} inputs`);
  return makers.map((make, input) => (make && isActive(input) ? make() : null));
}
