// Which cells are used once: their cotangents need no memory where the use is near.
import type { ScalarProgram } from "@nonsmooth/ad-core";
import { opcodes, wordsPerCell } from "@nonsmooth/ad-core/machines";
import { OperandCounts } from "./operandCounts.ts";

/** Uses beyond these are not counted. */
const many = 2;

/** For each cell 1 when it is an instruction with one operand reading it, and no output. */
export function usedOnce(program: ScalarProgram): Uint8Array {
  const { code, cells, outputs, calls } = program;
  const uses = new Uint8Array(cells);
  const counts = new OperandCounts(program);
  const use = (cell: number, times: number): void => {
    uses[cell] = Math.min(many, (uses[cell] as number) + times);
  };
  for (let cell = 0; cell < cells; cell++) {
    const word = wordsPerCell * cell;
    if ((code[word] as number) < opcodes.other) uses[cell] = many;
    const last = word + counts.at(cell);
    for (let k = word + 1; k <= last; k++) use(code[k] as number, 1);
  }
  for (const cell of outputs) use(cell, many);
  for (const { operands } of calls) for (const cell of operands) use(cell, many);
  return uses.map((count) => (count === 1 ? 1 : 0));
}
