// Writing out the programs that a program calls.
import { type ScalarBuilder, scalarBuilder } from "./builder.ts";
import { instructionsOf, type ScalarInstruction } from "./instructions.ts";
import type { Handle } from "./opcodes.ts";
import type { ScalarProgram } from "./program.ts";

/**
 * Writes out all calls: a program of level 1 with the same instructions otherwise.
 *
 * Values and gradients are the same bits, draws at kinks included; where one handle is passed to a call twice, a sum of
 * cotangents may run in another order. Cost: one recording of all instructions.
 *
 * @param program - a scalar program of any level
 * @returns a program of level 1 with the same inputs, outputs, sites and guards
 * @example
 * const inner = scalarBuilder();
 * const square = inner.program([inner.square(inner.input(1))]);
 * const b = scalarBuilder();
 * const program = b.program(b.call(square, b.call(square, [b.input(3)])));
 * [program.level, flatten(program).level, flatten(program).recorded.outputs[0]] // [2, 1, 81]
 */
export function flatten(program: ScalarProgram): ScalarProgram {
  const b = scalarBuilder();
  const inputs = Array.from(program.inputs, (cell) => b.input(program.recorded.values[cell] as number));
  const handles = inline(b, program, inputs);
  return b.program(Array.from(program.outputs, (cell) => handles[cell] as Handle));
}

/** Records the instructions of a program; returns the handles of its cells. */
function inline(b: ScalarBuilder, program: ScalarProgram, inputs: readonly Handle[]): Handle[] {
  const handles: Handle[] = [];
  for (const [k, cell] of program.inputs.entries()) handles[cell] = inputs[k] as Handle;
  for (const cell of program.constants) handles[cell] = b.constant(program.recorded.values[cell] as number);
  for (const instruction of instructionsOf(program)) b.atSite(instruction.site, () => repeat(b, instruction, handles));
  for (const { condition, expected } of program.guards) {
    const handle = handles[condition] as Handle;
    if (typeof expected === "number") b.pinned(handle);
    else b.isTrue(handle);
  }
  return handles;
}

/** Records one instruction again, and notes where its result or those of a call are. */
function repeat(b: ScalarBuilder, instruction: ScalarInstruction, handles: Handle[]): void {
  const { index, statement, record, params, call } = instruction;
  const operands = instruction.operands.map((cell) => handles[cell] as Handle);
  const [first, second, third] = operands as [Handle, Handle, Handle];
  if (call) {
    const inner = inline(b, call.program, operands);
    for (const [k, cell] of call.results.entries()) handles[index + 1 + k] = inner[cell] as Handle;
  } else if (record) handles[index] = b.apply(record, operands, params);
  else handles[index] = statement?.value(b, first, second) ?? b.select(first, second, third);
}
