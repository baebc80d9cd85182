// Code of a program's own: functions of about two thousand instructions, loops counted once.
import type { ScalarProgram } from "@nonsmooth/ad-core";
import { opAt, opcodes } from "@nonsmooth/ad-core/machines";
import { Bodies } from "./body.ts";
import { moduleWithTables, type TapeMemory } from "./memory.ts";
import { type Piece, writeReverse, writeValues } from "./partCode.ts";
import { Loops, type Segment, segmentsOf } from "./segments.ts";
import type { Part } from "./sweeping.ts";

/** Instructions in a function: larger ones are compiled worse. */
const functionSize = 2048;
/** Instructions that code is made for; about 100 bytes each. */
const mostInstructions = 65536;

/** Code, and the parts of the program that it computes. */
export interface Generated {
  readonly parts: readonly Part[];
  readonly codeBytes: number;
}

/** A range of cells that becomes a function; without segments it is left to the sweeps. */
interface Plan {
  readonly start: number;
  readonly end: number;
  readonly segments: readonly Segment[];
}

/** Code for a program in its memory; null when it would be too long. */
export function generate(program: ScalarProgram, tape: TapeMemory): Generated | null {
  const plans = plansOf(program);
  const size = plans.reduce((sum, { segments }) => sum + sizeOf(segments), 0);
  if (size > mostInstructions) return null;
  const bytes = moduleOf(program, tape, plans);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: tape.memory } });
  const parts = plans.map(({ start, end, segments }, k): Part => {
    if (segments.length === 0) return { start, end };
    const [values, reverse] = [exports[`values ${k}`] as () => void, exports[`reverse ${k}`] as () => number];
    return { start, end, values, reverse };
  });
  return { parts, codeBytes: bytes.length };
}

const sizeOf = (segments: readonly Segment[]): number => segments.reduce((sum, { period }) => sum + period, 0);

/** Cuts a program at its calls, and what is between them into functions. */
function plansOf(program: ScalarProgram): Plan[] {
  const { code, cells } = program;
  const loops = new Loops(program);
  const plans: Plan[] = [];
  for (let start = 0; start < cells; ) {
    let end = start;
    while (end < cells && opAt(code, end) !== opcodes.call) end++;
    plans.push(...grouped(segmentsOf(loops, start, end, functionSize)));
    if (end < cells) plans.push({ start: end, end: end + 1, segments: [] });
    start = end + 1;
  }
  return plans;
}

/** Joins segments until a function is long enough. */
function grouped(segments: readonly Segment[]): Plan[] {
  const plans: Plan[] = [];
  let open: Segment[] = [];
  for (const [k, segment] of segments.entries()) {
    open.push(segment);
    const next = segments[k + 1];
    if (next && sizeOf(open) + next.period <= functionSize) continue;
    plans.push({
      start: (open[0] as Segment).start,
      end: segment.start + segment.period * segment.count,
      segments: open,
    });
    open = [];
  }
  return plans;
}

function moduleOf(program: ScalarProgram, { memory, at }: TapeMemory, plans: readonly Plan[]): Uint8Array<ArrayBuffer> {
  const bodies = new Bodies(program);
  const module = moduleWithTables();
  for (const [k, { segments }] of plans.entries()) {
    if (segments.length === 0) continue;
    const pieces = segments.map((segment): Piece => ({ segment, body: bodies.of(segment) }));
    const values = `values ${k}`;
    module.export(
      values,
      module.function(values, [], null, (f) => writeValues(module, f, at, pieces)),
    );
    const reverse = `reverse ${k}`;
    module.export(
      reverse,
      module.function(reverse, [], "i32", (f) => writeReverse(module, f, at, pieces)),
    );
  }
  return module.finish({ pages: memory.buffer.byteLength / 65536, isShared: false });
}
