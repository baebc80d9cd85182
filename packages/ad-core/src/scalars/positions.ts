// How many instructions pass before each cell: draws at kinks are by this number, as in the tensor engine.
import { cellsIn, opAt, opcodes, thirdAt } from "./opcodes.ts";
import type { ScalarCall, ScalarData } from "./program.ts";

/** How many instructions the cell itself is. */
function lengthAt({ code, calls }: ScalarData, i: number): number {
  const op = opAt(code, i);
  if (op < opcodes.call) return 0;
  return op === opcodes.call ? (calls[thirdAt(code, i)] as ScalarCall).program.length : 1;
}

/** For each cell, the number of instructions before it; one call counts as all that it runs. */
export function countPassed(program: ScalarData): Int32Array {
  const passed = new Int32Array(cellsIn(program.code));
  for (let i = 1; i < passed.length; i++) passed[i] = (passed[i - 1] as number) + lengthAt(program, i - 1);
  return passed;
}
