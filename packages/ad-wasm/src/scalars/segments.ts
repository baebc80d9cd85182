// Pieces of a tape that code is made of: cells in their order, and loops where a few of them repeat at even distances.
import type { ScalarProgram } from "@nonsmooth/ad-core";
import { opcodes, wordsPerCell } from "@nonsmooth/ad-core/machines";
import { OperandCounts } from "./operandCounts.ts";

/** Cells from `start` on: `period` of them, `count` times. Each time every operand stands as far from the time before. */
export interface Segment {
  readonly start: number;
  readonly period: number;
  readonly count: number;
}

/** The longest period that is looked for. */
const longestPeriod = 64;
/** What repeats less often, or in fewer cells, is no loop. */
const leastCount = 4;
const leastCells = 16;
/** What repeats as often is taken without a look at longer periods. */
const enough = 32;

/** Finds loops in a tape. */
export class Loops {
  private readonly code: Int32Array;
  private readonly counts: OperandCounts;
  private readonly strides = new Int32Array(3 * longestPeriod);

  constructor(program: ScalarProgram) {
    this.code = program.code;
    this.counts = new OperandCounts(program);
  }

  /** The loop that begins at a cell and covers most cells before the end; null when there is none. */
  at(start: number, end: number): Segment | null {
    let best: Segment | null = null;
    for (let period = 1; period <= longestPeriod && start + period < end; period++) {
      const count = this.repeats(start, period, end);
      const covered = count * period;
      if (count < leastCount || covered < leastCells) continue;
      if (covered > (best ? best.count * best.period : 0)) best = { start, period, count };
      if (count >= enough) break;
    }
    return best;
  }

  /** How often the cells of a period stand one after the other. */
  private repeats(start: number, period: number, end: number): number {
    let cell = start + period;
    while (cell < end && this.follows(cell, period, cell - start - period)) cell++;
    return Math.floor((cell - start) / period);
  }

  /** Whether a cell does what the one before it does, with operands at the distance that is kept for its slot. */
  private follows(cell: number, period: number, done: number): boolean {
    const { code, strides, counts } = this;
    const [word, before] = [wordsPerCell * cell, wordsPerCell * (cell - period)];
    const op = code[word];
    if (op !== code[before] || op === opcodes.call || op === opcodes.result) return false;
    if (op === opcodes.other && code[word + 3] !== code[before + 3]) return false;
    const slot = 3 * (done % period);
    const count = counts.at(cell);
    for (let k = 0; k < count; k++) {
      const stride = (code[word + 1 + k] as number) - (code[before + 1 + k] as number);
      if (done < period) strides[slot + k] = stride;
      else if (strides[slot + k] !== stride) return false;
    }
    return true;
  }
}

/** Cuts the cells from `start` to `end` into loops and pieces without repetition of at most `longest` cells. */
export function segmentsOf(loops: Loops, start: number, end: number, longest: number): Segment[] {
  const found: Segment[] = [];
  let open = start;
  const close = (to: number): void => {
    for (; open < to; open = Math.min(open + longest, to))
      found.push({ start: open, period: Math.min(longest, to - open), count: 1 });
  };
  for (let cell = start; cell < end; ) {
    const loop = loops.at(cell, end);
    if (loop) {
      close(cell);
      found.push(loop);
      open = cell + loop.period * loop.count;
    }
    cell = loop ? open : cell + 1;
  }
  close(end);
  return found;
}
