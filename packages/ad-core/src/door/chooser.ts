// Who decides at a kink.
import type { Instruction, Maybe, Point } from "./primitive.ts";

/** An instruction with a kink, about to be linearized. */
export interface KinkCall {
  /** Its inputs are primals. */
  readonly instruction: Instruction;
  /** How many instructions passed before it in the same run, differentiated or not: draws are by this number. */
  readonly position: number;
  /** Tangents of the inputs, one list for each direction that the linearization follows. */
  readonly tangents?: readonly (readonly Maybe[])[];
}

/** What a chooser hands to a derivative rule. */
export type Choice = Pick<Point<unknown>, "weights" | "permutation" | "vectorAtZero">;

/**
 * Turns the branches of a kink into weights. By selection, by direction, or forced: whoever decides, the derivative
 * rule is the same.
 */
export interface Chooser {
  choose(call: KinkCall): Choice;
  /** Takes note of a kink that passes, also when no derivative does. */
  meet(instruction: Instruction): void;
  /** For a part of the program, at this position, that is linearized later and perhaps more than once. */
  fork(position: number): Chooser;
}
