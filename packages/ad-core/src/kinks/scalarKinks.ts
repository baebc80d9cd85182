// Which kinks a scalar program meets at a point.
import { doubles } from "../arithmetic/numbers.ts";
import type { Statement } from "../elementary/statement.ts";
import { checkSettings } from "../errors/messages.ts";
import { instructionsOf, type ScalarInstruction } from "../scalars/instructions.ts";
import type { ScalarPoint } from "../scalars/point.ts";
import type { ScalarProgram } from "../scalars/program.ts";
import { joined } from "../scalars/sites.ts";
import { isGuard, readingOptions } from "./kinks.ts";
import { type Reading, type ReadingOptions, weigh } from "./places.ts";
import { guardReport, type KinkReport, type RunReading, reportOf } from "./report.ts";
import type { Source } from "./watch.ts";

/**
 * Which instructions of a scalar program sit on a kink at a point, those inside calls included; and the status there, as
 * of {@link kinks}, against the point at which the program was recorded.
 *
 * Cost: one run, and the branches of each instruction with a kink, the partials of each other one.
 *
 * @param program - a scalar program of any level
 * @param x - one number for each input
 * @param options - `tolerance`: branches that differ by no more tie; 0 when absent
 * @returns the report; elements have no index, and the position counts instructions, those inside calls included
 * @throws AdError "domain" for a bad tolerance; "shape" or "data" for bad inputs
 * @example
 * const b = scalarBuilder();
 * const program = b.program([b.relu(b.input(1))]);
 * [1, 2, -2, 0].map((x) => scalarKinks(program, [x]).status) // [3, 3, 2, 1]
 */
export function scalarKinks(
  program: ScalarProgram,
  x: ArrayLike<number>,
  options: { readonly tolerance?: number } = {},
): KinkReport {
  checkSettings("scalarKinks", options, ["tolerance"]);
  const reading = readingOptions("scalarKinks", options);
  const point = pointAt(program, x);
  return point ? reportOf(readPoint(point, reading), readPoint(program.recorded, reading)) : guardReport();
}

/** The program at a point, unless it stops at a guard. */
function pointAt(program: ScalarProgram, x: ArrayLike<number>): ScalarPoint | null {
  try {
    return program.at(x);
  } catch (error) {
    if (isGuard(error)) return null;
    throw error;
  }
}

function readPoint(point: ScalarPoint, options: ReadingOptions): RunReading {
  const found: [Source, Reading][] = [];
  collect(point, "", 0, options, (source, reading) => found.push([source, reading]));
  return {
    sources: found.map(([source]) => source),
    readings: found.map(([, reading]) => reading),
    isFinite: point.outputs.every((y) => Number.isFinite(y)),
  };
}

/** Reads every instruction; returns how many there were. */
function collect(
  point: ScalarPoint,
  outer: string,
  first: number,
  options: ReadingOptions,
  note: (source: Source, reading: Reading) => void,
): number {
  let position = first;
  for (const instruction of instructionsOf(point.program)) {
    const site = joined(outer, instruction.site);
    const { call, statement } = instruction;
    if (call) position = collect(point.called[call.number] as ScalarPoint, site, position, options, note);
    else if (statement) readInstruction(point, instruction, statement, { site, position: position++ }, options, note);
    else position++;
  }
  return position;
}

function readInstruction(
  { values }: ScalarPoint,
  { name, operands, isConstant, index }: ScalarInstruction,
  statement: Statement,
  place: { readonly site: string; readonly position: number },
  options: ReadingOptions,
  note: (source: Source, reading: Reading) => void,
): void {
  if (!isConstant.includes(false)) return;
  const [a = 0, b = a] = operands.map((cell) => values[cell] as number);
  const { kink, jumps } = statement;
  const branches = (kink?.branches ?? jumps)?.(doubles, a, b);
  const source = { name, ...place, order: kink?.order ?? "max", along: false, masked: false } as const;
  if (branches) note({ ...source, type: kink ? "tie" : "jump" }, readBranches(branches, source.order, options));
  else note({ ...source, type: "slope" }, readSlopes(slopesOf(statement, values[index] as number, a, b, isConstant)));
}

function readBranches(values: readonly number[], order: Source["order"], { tolerance }: ReadingOptions): Reading {
  const [winner, ties] = weigh({ values, present: values.map((_, i) => i) }, order, tolerance);
  const winners = Int32Array.of(winner);
  return ties < 2
    ? { count: 0, places: [], winners }
    : { count: 1, places: [{ index: [], branches: values, ties }], winners };
}

/** The partials of operands that are not constants. */
function slopesOf(
  { partials, residual }: Statement,
  y: number,
  a: number,
  b: number,
  isConstant: readonly boolean[],
): number[] {
  const r = residual?.(doubles, y, a, b) ?? 0;
  return (partials ?? []).flatMap((partial, i) => (isConstant[i] ? [] : [partial(doubles, y, a, b, r)]));
}

const readSlopes = (slopes: readonly number[]): Reading =>
  slopes.every(Number.isFinite)
    ? { count: 0, places: [], winners: new Int32Array(0) }
    : { count: 1, places: [{ index: [], branches: slopes, ties: 0 }], winners: new Int32Array(0) };
