// Runs over a tape: the sweeps, and the reference for the cells that they leave aside.
import type { ScalarCall, ScalarProgram } from "@nonsmooth/ad-core";
import {
  checkGuards,
  opAt,
  opcodes,
  otherValue,
  outermost,
  type Pullback,
  runCall,
  ScalarPoint,
  thirdAt,
} from "@nonsmooth/ad-core/machines";
import type { TapeMemory } from "./memory.ts";

/** Cells in their order that a function of their own computes; without functions the sweeps do. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly values?: () => void;
  /** Returns the cell where it stopped, with its cotangent in its place; `start - 1` when it is done. */
  readonly reverse?: () => number;
}

/** A replay: inputs and constants stand in their places already. */
export function replayed(program: ScalarProgram, tape: TapeMemory, parts: readonly Part[]): ScalarPoint {
  const called: ScalarPoint[] = [];
  const values = tape.values.subarray(0, program.cells);
  for (const part of parts) {
    if (part.values) part.values();
    else sweepValues(program, tape, values, part, called);
  }
  const point = new ScalarPoint(program, values, called);
  checkGuards(point);
  return point;
}

function sweepValues(
  program: ScalarProgram,
  { at, sweeps }: TapeMemory,
  values: Float64Array,
  { start, end }: Part,
  called: ScalarPoint[],
): void {
  for (let i = start; ; i++) {
    i = sweeps.values(at.code, at.values, i, end);
    if (i === end) return;
    if (opAt(program.code, i) === opcodes.call) called.push(runCall(program, values, i, ""));
    else values[i] = otherValue(program, values, i);
  }
}

/** A reverse run from seeds, which leaves all cotangents 0. */
export function gradientAt(
  point: ScalarPoint,
  tape: TapeMemory,
  parts: readonly Part[],
  pullback: Pullback,
  seeds: ArrayLike<number>,
): Float64Array {
  const { cells, inputs, outputs, constants } = point.program;
  const w = tape.cotangents;
  try {
    outputs.forEach((cell, k) => {
      w[cell] = (w[cell] as number) + (seeds[k] as number);
    });
    for (const part of parts.toReversed()) sweepPart(point, tape, part, pullback);
    const gradient = new Float64Array(inputs.length);
    for (let k = 0; k < inputs.length; k++) gradient[k] = w[inputs[k] as number] as number;
    for (const cell of inputs) w[cell] = 0;
    for (const cell of constants) w[cell] = 0;
    return gradient;
  } catch (error) {
    w.fill(0, 0, cells);
    throw error;
  }
}

function sweepPart(point: ScalarPoint, tape: TapeMemory, { start, end, reverse }: Part, pullback: Pullback): void {
  const { at, sweeps } = tape;
  const values = point.numbers === point.program.recorded.numbers ? at.recorded : at.values;
  for (let i = reverse?.() ?? end - 1; i >= start; i--) {
    i = sweeps.reverse(at.code, values, at.cotangents, i, start);
    if (i >= start) passAside(point, tape.cotangents, i, pullback);
  }
}

/** Ties, calls of programs, and statements from the program's own table. */
function passAside(point: ScalarPoint, w: Float64Array, i: number, pullback: Pullback): void {
  const { code, calls } = point.program;
  if (opAt(code, i) !== opcodes.call) {
    pullback.throughStatement(point, i, w, outermost);
    w[i] = 0;
    return;
  }
  pullback.throughCall(point, i, w, outermost);
  const { results } = calls[thirdAt(code, i)] as ScalarCall;
  w.fill(0, i + 1, i + 1 + results.length);
}
