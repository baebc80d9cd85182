// Reverse mode through a scalar program and the programs that it calls.
import type { Choices } from "./choices.ts";
import { cellsIn, firstAt, type Handle, opAt, opcodes, secondAt, thirdAt } from "./opcodes.ts";
import { type Frame, frameAt, outermost, partialsAt } from "./partials.ts";
import type { ScalarPoint } from "./point.ts";
import type { ScalarCall, ScalarProgram } from "./program.ts";
import { runReverse, stepReverse } from "./reverse.generated.ts";
import { withZeros } from "./scratch.ts";

/** How many cells are swept at a time: their values and cotangents fit into a processor's second cache. */
const stretch = 4096;
/** Numbers in a line of a cache. */
const line = 8;

/** Reads one number of each line of two arrays. */
function touch(v: Float64Array, w: Float64Array, from: number, end: number): number {
  let sum = 0;
  for (let i = end - 1; i >= from; i -= line) sum += (v[i] as number) + (w[i] as number);
  return sum;
}

/** One reverse run. */
export class Pullback {
  readonly choices: Choices;
  /** Cotangents of called programs; no program calls itself, so that one array for each is enough. */
  readonly scratch: Map<ScalarProgram, Float64Array> = new Map();

  /** What was read ahead, so that the reading is not optimised away. */
  touched = 0;

  constructor(choices: Choices) {
    this.choices = choices;
  }

  gradient(point: ScalarPoint, cotangents: ArrayLike<number>): Float64Array {
    const { code, inputs, outputs } = point.program;
    return withZeros(cellsIn(code), (w) => {
      for (let k = 0; k < outputs.length; k++) addTo(w, outputs[k] as number, cotangents[k] as number);
      this.sweep(point, w, outermost);
      return Float64Array.from(inputs, (cell) => w[cell] as number);
    });
  }

  /** Stretch by stretch: what a stretch may read is first read in order, which memory does much faster than at random. */
  sweep(point: ScalarPoint, w: Float64Array, frame: Frame): void {
    const { values, program } = point;
    for (let end = cellsIn(program.code); end > 0; end -= stretch) {
      const start = Math.max(0, end - stretch);
      this.touched += touch(values, w, Math.max(0, start - stretch), start);
      this.sweepStretch(point, w, frame, start, end);
    }
  }

  sweepStretch(point: ScalarPoint, w: Float64Array, frame: Frame, start: number, end: number): void {
    const { code } = point.program;
    for (let i = end; i > start; ) {
      i = runReverse(code, point.values, w, i - 1, start);
      if (i < start || stepReverse(code, point.values, w, i)) continue;
      if (opAt(code, i) === opcodes.call) this.throughCall(point, i, w, frame);
      else this.throughStatement(point, i, w, frame);
    }
  }

  throughStatement(point: ScalarPoint, i: Handle, w: Float64Array, frame: Frame): void {
    const { code } = point.program;
    const g = w[i] as number;
    const [p, q] = partialsAt(point, i, frame, this.choices);
    if (p !== 0) addTo(w, firstAt(code, i), p * g);
    if (q !== 0) addTo(w, secondAt(code, i), q * g);
  }

  /**
   * Begins with the cotangents of the results, and goes on adding to those of the operands: they move into the called
   * program and back, so that every sum runs in the order that it would have in one flat program.
   */
  throughCall(point: ScalarPoint, i: Handle, w: Float64Array, frame: Frame): void {
    const number = thirdAt(point.program.code, i);
    const { program, operands, results } = point.program.calls[number] as ScalarCall;
    if (results.every((_, k) => w[i + 1 + k] === 0)) return;
    const inner = this.cotangentsOf(program);
    for (let k = 0; k < results.length; k++) inner[results[k] as number] = w[i + 1 + k] as number;
    for (let k = 0; k < operands.length; k++) move(w, operands[k] as number, inner, program.inputs[k] as number);
    this.sweep(point.called[number] as ScalarPoint, inner, frameAt(point.program, i, frame));
    for (let k = 0; k < operands.length; k++) move(inner, program.inputs[k] as number, w, operands[k] as number);
  }

  cotangentsOf(program: ScalarProgram): Float64Array {
    const w = this.scratch.get(program) ?? new Float64Array(cellsIn(program.code));
    this.scratch.set(program, w);
    return w.fill(0);
  }
}

function addTo(w: Float64Array, cell: Handle, contribution: number): void {
  w[cell] = (w[cell] as number) + contribution;
}

function move(from: Float64Array, source: Handle, to: Float64Array, target: Handle): void {
  addTo(to, target, from[source] as number);
  from[source] = 0;
}
