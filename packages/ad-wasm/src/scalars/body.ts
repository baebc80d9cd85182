// The cells that code is written for: one piece without repetition, or one round of a loop.
import type { ScalarOperation, ScalarProgram } from "@nonsmooth/ad-core";
import { opAt, opcodes, plainOperation, wordsPerCell } from "@nonsmooth/ad-core/machines";
import { OperandCounts } from "./operandCounts.ts";
import { type Rule, ruleOf } from "./rules.ts";
import type { Segment } from "./segments.ts";
import { usedOnce } from "./uses.ts";

/** An operand in the first round, and how far it is from there in the next. */
export interface Operand {
  readonly first: number;
  readonly stride: number;
  /** Its place in the body, where it was computed shortly before; else null. */
  readonly near: number | null;
  /** Whether it is near, and nothing else reads it. */
  readonly isOnly: boolean;
}

/** A cell of a body. */
export interface Slot {
  /** Its cell in the first round. */
  readonly cell: number;
  /** Null for a selection, whose operands are both branches and the condition. */
  readonly rule: Rule | null;
  readonly operands: readonly Operand[];
}

/** Values and cotangents of so many cells are kept in variables. */
export const window = 32;

/** Reads bodies off the tape of one program. */
export class Bodies {
  private readonly program: ScalarProgram;
  private readonly counts: OperandCounts;
  private readonly isOnce: Uint8Array;
  private readonly rules = new Map<ScalarOperation, Rule>();

  constructor(program: ScalarProgram) {
    this.program = program;
    this.counts = new OperandCounts(program);
    this.isOnce = usedOnce(program);
  }

  /** The cells of a segment in their order; null for those that compute nothing. */
  of(segment: Segment): readonly (Slot | null)[] {
    return Array.from({ length: segment.period }, (_, slot) => this.slot(segment, slot));
  }

  private slot(segment: Segment, slot: number): Slot | null {
    const { program } = this;
    const cell = segment.start + slot;
    const op = opAt(program.code, cell);
    if (op < opcodes.other) return null;
    const operands = Array.from({ length: this.counts.at(cell) }, (_, k) => this.operand(segment, slot, k));
    return { cell, rule: op === opcodes.select ? null : this.ruleAt(cell, op), operands };
  }

  private operand(segment: Segment, slot: number, k: number): Operand {
    const { start, period, count } = segment;
    const { code } = this.program;
    const word = (round: number): number => code[wordsPerCell * (start + slot + round * period) + 1 + k] as number;
    const first = word(0);
    const stride = count > 1 ? word(1) - first : period;
    const isNear = first >= start && stride === period && start + slot - first < window;
    if (!isNear || opAt(code, first) < opcodes.other)
      return { first, stride: count > 1 ? stride : 0, near: null, isOnly: false };
    return { first, stride: count > 1 ? stride : 0, near: first - start, isOnly: this.isOnlyIn(segment, first) };
  }

  /** Whether a cell is used once in every round. */
  private isOnlyIn({ period, count }: Segment, first: number): boolean {
    for (let round = 0; round < count; round++) if (this.isOnce[first + round * period] === 0) return false;
    return true;
  }

  private ruleAt(cell: number, op: number): Rule {
    const { code, others } = this.program;
    const operation =
      op === opcodes.other ? (others[code[wordsPerCell * cell + 3] as number] as ScalarOperation) : plainOperation(op);
    const rule = this.rules.get(operation) ?? ruleOf(operation);
    this.rules.set(operation, rule);
    return rule;
  }
}
