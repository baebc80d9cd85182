// How many words of a cell are operands.
import type { ScalarProgram } from "@nonsmooth/ad-core";
import { opcodes, plainNames, plainOperation, wordsPerCell } from "@nonsmooth/ad-core/machines";

/** Operands of a selection: both branches and the condition. */
const ofSelection = 3;

/** Looks up what the cells of one program read. */
export class OperandCounts {
  private readonly code: Int32Array;
  private readonly byOperation: Uint8Array;
  private readonly others: Uint8Array;

  constructor({ code, others }: ScalarProgram) {
    this.code = code;
    this.others = Uint8Array.from(others, ({ statement }) => statement.arity);
    this.byOperation = new Uint8Array(opcodes.plain + plainNames.length);
    this.byOperation[opcodes.select] = ofSelection;
    for (let op = opcodes.plain; op < this.byOperation.length; op++)
      this.byOperation[op] = plainOperation(op).statement.arity;
  }

  at(cell: number): number {
    const word = wordsPerCell * cell;
    const op = this.code[word] as number;
    const counts = op === opcodes.other ? this.others : this.byOperation;
    return counts[op === opcodes.other ? (this.code[word + 3] as number) : op] as number;
  }
}
