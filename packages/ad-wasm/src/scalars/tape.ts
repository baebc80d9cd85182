// Reading the words of cells in linear memory.
import { opcodes, plainNames, plainOperation } from "@nonsmooth/ad-core/machines";
import { type Expression, load, op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { type Rule, ruleOf } from "./rules.ts";

/** Bytes of the words of one cell. */
export const bytesPerCell = 16;

/** Where the words of a cell stand. */
export const words = { operation: 0, first: 4, second: 8, third: 12 } as const;

/** Operations of cells that compute nothing. */
export const leaves: readonly number[] = [opcodes.input, opcodes.constant, opcodes.result];

/** The rules of the operations that are known by number, with these numbers. */
export const plainRules = (): (readonly [operation: number, rule: Rule])[] =>
  plainNames.map((_, i) => [opcodes.plain + i, ruleOf(plainOperation(opcodes.plain + i))]);

/** The address of one of the numbers at a base. */
export const numberAt = (base: Expression, index: Expression): Expression =>
  op("i32.add", base, op("i32.shl", index, 3));

/** The number at a base whose index is a word of a cell. */
export const operandAt = (base: Expression, cell: Local, word: number): Expression =>
  load("f64.load", numberAt(base, load("i32.load", cell, word)));

/** The address of the words of a cell. */
export const cellAt = (code: Expression, index: Expression): Expression => op("i32.add", code, op("i32.shl", index, 4));

/** The index of a cell from the address of its words. */
export const indexOf = (cell: Local, code: Expression): Expression => op("i32.shr_u", op("i32.sub", cell, code), 4);

/** Code for operations with numbers from `start` on, up to the next run. */
interface Run {
  readonly start: number;
  readonly body: () => void;
}

/**
 * Code for each operation, and for all that have none.
 *
 * One question halves the operations before a jump through a table: processors foretell a jump by the questions before it,
 * and without any they take it for the one before.
 */
export class Cases {
  private readonly bodies = new Map<number, () => void>();

  add(operations: readonly number[], body: () => void): void {
    for (const operation of operations) this.bodies.set(operation, body);
  }

  write(f: FunctionBuilder, operation: Local, otherwise: () => void): void {
    const end = Math.max(...this.bodies.keys()) + 2;
    const runs: Run[] = [];
    for (let start = 0; start < end; start++) {
      const body = this.bodies.get(start) ?? otherwise;
      if (body !== runs.at(-1)?.body) runs.push({ start, body });
    }
    const [low, high] = [runs.slice(0, runs.length >> 1), runs.slice(runs.length >> 1)];
    const { start: middle } = high[0] as Run;
    f.if(
      op("i32.lt_u", operation, middle),
      () => jump(f, operation, low, middle),
      () => jump(f, operation, high, end),
    );
  }
}

/** A jump to one of the runs, which end before `end`; behind that to the last. */
function jump(f: FunctionBuilder, operation: Local, runs: readonly Run[], end: number): void {
  const { start } = runs[0] as Run;
  const table = Array.from({ length: end - start }, (_, i) => runs.findLastIndex((run) => run.start <= start + i));
  f.switch(
    op("i32.sub", operation, start),
    table,
    runs.map(({ body }) => body),
  );
}
