// Who may stand in the doorway, and what passes there.
import type { Tensor } from "../tensors/tensor.ts";
import type { Chooser } from "./chooser.ts";
import type { Instruction, Maybe } from "./primitive.ts";

/** The derivative of a function of several tensors at one point. */
export interface JointMap {
  jvp(tangents: readonly Maybe[]): readonly Maybe[];
  vjp(cotangents: readonly Maybe[]): readonly Maybe[];
}

/** A function that brings its own derivative: what `checkpoint` and `customDerivative` make. */
export interface Operation {
  /** Set when the derivative is not that of `run`: a recording of `run` alone must not be differentiated. */
  readonly isCustom?: true;
  run(inputs: readonly Tensor[]): readonly Tensor[];
  /**
   * Called under the interpreter outside the one that linearizes, with a chooser for this call alone. Inputs that are
   * not active are constants: their cotangents are not asked for.
   */
  linearize(call: Call, outputs: readonly Tensor[], chooser: Chooser, isActive: (input: number) => boolean): JointMap;
}

/** One use of an operation; `site` is where the program says it is. */
export interface Call {
  readonly operation: Operation;
  readonly inputs: readonly Tensor[];
  readonly site: string;
}

/** Whoever evaluates, records, differentiates or stages. Each does its part and passes the call to the one outside it. */
export interface Interpreter {
  process(instruction: Instruction): Tensor;
  call(call: Call): readonly Tensor[];
  /** Reads a condition, to branch on it. */
  isTrue(condition: Tensor): boolean;
}
