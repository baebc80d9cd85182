// Forward mode through a scalar program and the programs that it calls.
import type { Choices } from "./choices.ts";
import { push, runForward, stepForward } from "./forward.generated.ts";
import { cellsIn, firstAt, type Handle, opAt, opcodes, secondAt, thirdAt } from "./opcodes.ts";
import { type Frame, frameAt, outermost, partialsAt } from "./partials.ts";
import type { ScalarPoint } from "./point.ts";
import type { ScalarCall, ScalarProgram } from "./program.ts";
import { withZeros } from "./scratch.ts";

/** One forward run, with `width` tangents beside each cell. */
export class Pushforward {
  readonly choices: Choices;
  readonly width: number;
  /** Tangents of called programs; no program calls itself, so that one array for each is enough. */
  readonly scratch: Map<ScalarProgram, Float64Array> = new Map();

  constructor(choices: Choices, width: number) {
    this.choices = choices;
    this.width = width;
  }

  push(point: ScalarPoint, tangents: readonly ArrayLike<number>[]): Float64Array[] {
    const { width } = this;
    const { code, inputs, outputs } = point.program;
    return withZeros(cellsIn(code) * width, (t) => {
      for (const [d, direction] of tangents.entries())
        for (let k = 0; k < inputs.length; k++) t[(inputs[k] as number) * width + d] = direction[k] as number;
      this.sweep(point, t, outermost);
      return tangents.map((_, d) => Float64Array.from(outputs, (cell) => t[cell * width + d] as number));
    });
  }

  sweep(point: ScalarPoint, t: Float64Array, frame: Frame): void {
    const { code } = point.program;
    const length = cellsIn(code);
    for (let i = 0; i < length; i++) {
      i = runForward(code, point.values, t, this.width, i, length);
      if (i === length || stepForward(code, point.values, t, this.width, i)) continue;
      if (opAt(code, i) === opcodes.call) this.throughCall(point, i, t, frame);
      else this.throughStatement(point, i, t, frame);
    }
  }

  throughStatement(point: ScalarPoint, i: Handle, t: Float64Array, frame: Frame): void {
    const { code } = point.program;
    const [p, q] = partialsAt(point, i, frame, this.choices);
    push(t, this.width, i, firstAt(code, i), secondAt(code, i), p, q);
  }

  throughCall(point: ScalarPoint, i: Handle, t: Float64Array, frame: Frame): void {
    const number = thirdAt(point.program.code, i);
    const { program, operands, results } = point.program.calls[number] as ScalarCall;
    const inner = this.scratch.get(program) ?? new Float64Array(cellsIn(program.code) * this.width);
    this.scratch.set(program, inner);
    for (let k = 0; k < operands.length; k++) this.copy(t, operands[k] as number, inner, program.inputs[k] as number);
    this.sweep(point.called[number] as ScalarPoint, inner, frameAt(point.program, i, frame));
    for (let k = 0; k < results.length; k++) this.copy(inner, results[k] as number, t, i + 1 + k);
  }

  copy(from: Float64Array, source: Handle, to: Float64Array, target: Handle): void {
    const { width } = this;
    for (let d = 0; d < width; d++) to[target * width + d] = from[source * width + d] as number;
  }
}
