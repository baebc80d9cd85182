// What every machine that runs programs can do.

import type { DType } from "../dtypes/dtype.ts";
import { checkSettings } from "../errors/messages.ts";
import type { ProgramData } from "./program.ts";

/** Settings of {@link compile}. */
export interface CompileOptions {
  /**
   * Parts of the result that become arguments of the next run and stay on the machine: the name of a field of the result,
   * and the number of the argument, from 0. Parameters and the state of an optimizer never cross.
   */
  readonly carry?: Readonly<Record<string, number>>;
}

/** What an executable says about itself. */
export interface ExecutableDescription {
  readonly machine: string;
  readonly instructions: number;
  readonly carried: readonly string[];
}

/** A program prepared for a machine. */
export interface Executable {
  /** Runs with the arguments that are not carried, in their order; returns the result without what is carried. */
  run(args: readonly unknown[]): unknown;
  /** The present value of something carried. */
  read(name: string): unknown;
  /** Sets something carried: before the first run, or to begin again. */
  write(name: string, tree: unknown): void;
  describe(): ExecutableDescription;
  /** Frees what is kept; the executable cannot be used any more. */
  dispose(): void;
}

/** Somewhere programs can run. */
export interface Machine {
  readonly name: string;
  readonly dtypes: readonly DType[];
  compile(program: ProgramData, options?: CompileOptions): Executable;
}

/**
 * Prepares a program for a machine.
 *
 * @param program - a recorded program
 * @param machine - where it shall run
 * @param options - `carry`: fields of the result that are arguments of the next run
 * @returns the executable
 * @throws AdError "missing" or "domain" when a carried field or argument does not exist; "data", "shape" or "dtype" when
 *   they differ in form
 * @example
 * const step = trace((w, x) => ({ w: add(w, x), twice: mul(x, 2) }), [tensor(0), tensor(0)]);
 * const running = compile(step, reference(), { carry: { w: 0 } });
 * running.write("w", tensor(10));
 * running.run([tensor(3)]) // { twice: 6 }
 * running.read("w") // 13
 */
export function compile(program: ProgramData, machine: Machine, options: CompileOptions = {}): Executable {
  checkSettings("compile", options, ["carry"]);
  return machine.compile(program, options);
}
