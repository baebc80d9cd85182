// Sums over windows for one sample or few of them, with channels of the target side by side in vectors.
import { type Expression, load, op } from "../../encoding/expression.ts";
import type { FunctionRef, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { type Frame, kernelFunction, least, plus } from "../frame.ts";
import type { Task, Work } from "../kernel.ts";
import type { Lanes } from "./lanes.ts";
import { gatherSamples, type Planes, scatterSamples } from "./sampleLanes.ts";
import { mostOf, productsOf } from "./windowCut.ts";
import type { Meeting, WindowPlan } from "./windowPlan.ts";
import { neighbours, type WindowTile, windowTile } from "./windowTile.ts";

/** How the work is cut. Steps are in bytes. */
interface Cut {
  readonly plan: WindowPlan;
  /** Vectors of channels that are computed together, and how many channels these are. */
  readonly vectors: number;
  readonly channels: number;
  /** Rows of the target whose sums wait side by side. */
  readonly rowsAtOnce: number;
  /** The filter with channels of the target side by side. */
  readonly filter: Planes;
  /** From one row or column of the source to the next one that a window meets. */
  readonly row: number;
  readonly column: number;
  /** Whether units are parts of samples. */
  readonly isSplit: boolean;
}

/** Bytes of sums that wait in the nearest cache. */
const waitingBytes = 8192;

/** Positions of a tile: sums for as many registers as there are. */
const mostPositions = ({ isWide }: Lanes, vectors: number): number => (isWide && vectors === 2 ? 8 : 4);

function cutOf(plan: WindowPlan): Cut {
  const { lanes, batch, source, target, weights, window, isReversed } = plan;
  const { bytes, count } = lanes;
  const vectors = target.channels > count ? 2 : 1;
  const channels = vectors * count;
  const positions = window[0] * window[1];
  const sign = isReversed ? -1 : 1;
  const rows = Math.floor(waitingBytes / (target.width * 16 * vectors));
  return {
    ...{ plan, vectors, channels, rowsAtOnce: Math.min(target.height, Math.max(1, rows)) },
    filter: {
      ...{ lanes, vectors, positions, sample: weights.target * bytes, plane: weights.source * bytes },
      ...{ together: positions * 16 * vectors, hasMissing: target.channels % channels !== 0 },
    },
    ...{ row: sign * source.width * bytes, column: sign * bytes },
    isSplit: batch === 1 || (target.channels * target.height * target.width * bytes) % 16 === 0,
  };
}

/** The code of such sums. */
export function channelSums(task: Task, name: string, plan: WindowPlan): Work {
  const cut = cutOf(plan);
  const { source, target } = plan;
  const blocks = Math.ceil(target.channels / cut.channels);
  const units = cut.isSplit ? blocks : 1;
  return {
    function: kernelFunction(task, name, (frame) => {
      const { f, from, to } = frame;
      f.range(from, cut.isSplit ? to : op("i32.mul", to, blocks), 1, (block) =>
        writeBlock(frame, task.module, cut, block),
      );
    }),
    units,
    cost: (2 * productsOf(plan)) / units,
    scratch: source.channels * cut.filter.together + cut.rowsAtOnce * target.width * 16 * cut.vectors,
  };
}

/** Some channels of all samples. */
function writeBlock({ f, out, inputs, scratch }: Frame, module: ModuleBuilder, cut: Cut, block: Local): void {
  const { plan, channels, filter, rowsAtOnce } = cut;
  const { batch, source, target, lanes } = plan;
  const [input, weights] = inputs as [Local, Local];
  const channel = f.let(op("i32.mul", block, channels));
  const count = f.let(least(op("i32.sub", target.channels, channel), channels));
  f.call(gatherSamples(module, filter), scratch, plus(weights, channel, filter.sample), count, source.channels);
  const rowBytes = target.width * lanes.bytes;
  f.range(0, batch, 1, (sample) => {
    const from = f.let(plus(input, sample, source.channels * source.height * source.width * lanes.bytes));
    const plane = op("i32.add", op("i32.mul", sample, target.channels), channel);
    const place = f.let(plus(out, plane, target.height * rowBytes));
    const row = f.local("i32");
    const strip = (rows: number): void =>
      f.call(channelStrip(module, cut, rows), plus(place, row, rowBytes), from, scratch, count, row);
    f.for(row, 0, target.height - rowsAtOnce + 1, rowsAtOnce, () => strip(rowsAtOnce));
    if (target.height % rowsAtOnce > 0) strip(target.height % rowsAtOnce);
  });
}

/** The function `(out, source, scratch, channels, row)` that computes some rows of one sample. */
function channelStrip(module: ModuleBuilder, cut: Cut, rows: number): FunctionRef {
  const name = `channel strip ${rows} ${JSON.stringify(cut)}`;
  return module.function(name, ["i32", "i32", "i32", "i32", "i32"], null, (f, ...params) => {
    const [out, from, scratch, channels, row] = params as [Local, Local, Local, Local, Local];
    const { plan, vectors, filter } = cut;
    const { source, target, lanes } = plan;
    const waiting = f.let(op("i32.add", scratch, source.channels * filter.together));
    const place = f.let(waiting);
    const table = rowTable(module, cut);
    const start = f.let(plus(table, row, entryBytes));
    f.range(start, f.let(op("i32.add", start, rows * entryBytes)), entryBytes, (entry) => {
      const at = f.let(op("i32.add", from, load("i32.load", entry, 4)));
      const weights = f.let(op("i32.add", scratch, load("i32.load", entry, 8)));
      const tile = (run: Run): Expression[] => [
        op("i32.add", place, run.at * 16 * vectors),
        op("i32.add", weights, run.tap * 16 * vectors),
        op("i32.add", at, run.source * lanes.bytes),
      ];
      for (const run of runsOf(cut)) {
        const counts = [load("i32.load", entry), run.count, source.channels];
        f.call(windowTile(module, tileOf(cut, run.positions)), ...tile(run), ...counts);
      }
      f.update(place, "i32.add", target.width * 16 * vectors);
    });
    const planes = resultPlanes(cut, rows);
    f.call(scatterSamples(module, planes), out, waiting, channels, 1);
  });
}

/** Bytes of a table entry. */
const entryBytes = 12;

/** For each row: how many rows of the window meet the source, and where both begin, in bytes. */
function rowTable(module: ModuleBuilder, { plan, vectors, row }: Cut): number {
  const { source, window } = plan;
  const entries = plan.rows.flatMap((met) => [
    ...[met.count, placeIn(plan.isReversed, source.height, met.source) * Math.abs(row)],
    met.tap * window[1] * 16 * vectors,
  ]);
  return module.table(`rows ${entries}`, Int32Array.from(entries));
}

/** A row or column of the source as it lies in memory. */
const placeIn = (isReversed: boolean, size: number, index: number): number => (isReversed ? size - 1 - index : index);

/** Positions next to each other that a window meets in the same way. */
interface Run {
  readonly at: number;
  readonly positions: number;
  readonly count: number;
  readonly tap: number;
  readonly source: number;
}

/** From one position to the next in the source, in elements. */
const stepOf = ({ isReversed, stride }: WindowPlan): number => (isReversed ? 1 : stride[1]);

/** The runs of a row, none longer than a tile. */
function runsOf({ plan, vectors }: Cut): Run[] {
  const { columns, source, isReversed } = plan;
  const place = (column: Meeting): number => placeIn(isReversed, source.width, column.source);
  const follows = (column: Meeting, before: Meeting): boolean =>
    column.count === before.count && column.tap === before.tap && place(column) === place(before) + stepOf(plan);
  const starts = columns.flatMap((column, at) =>
    at === 0 || !follows(column, columns[at - 1] as Meeting) ? [at] : [],
  );
  return starts.flatMap((start, i) => {
    const size = (starts[i + 1] ?? columns.length) - start;
    const parts = Math.ceil(size / mostPositions(plan.lanes, vectors));
    return Array.from({ length: parts }, (_, part) => {
      const [at, end] = [part, part + 1].map((n) => start + Math.floor((n * size) / parts)) as [number, number];
      const { count, tap } = columns[at] as Meeting;
      return { at, positions: end - at, count, tap, source: place(columns[at] as Meeting) };
    });
  });
}

/** Here the filter is what lies side by side, and one number of the source goes with each position. */
function tileOf({ plan, vectors, filter, row, column }: Cut, positions: number): WindowTile {
  const { lanes, source, weights, rows, columns } = plan;
  const plane = source.height * source.width * lanes.bytes;
  const lying = 16 * vectors;
  return {
    ...{ lanes, channels: positions, vectors: neighbours(vectors), weight: stepOf(plan) * lanes.bytes, out: lying },
    channel: { source: filter.together, weight: plane },
    row: { most: mostOf(rows), step: { source: weights.row * lying, weight: row } },
    column: { most: mostOf(columns), step: { source: weights.column * lying, weight: column } },
    hasEmpty: [...rows, ...columns].some(({ count }) => count === 0),
    ...{ begins: true, ends: true },
  };
}

/** Some rows of sums: here channels take the place of samples. */
function resultPlanes({ plan: { lanes, target }, vectors, filter }: Cut, rows: number): Planes {
  const sample = target.height * target.width * lanes.bytes;
  return {
    ...{ lanes, vectors, sample, plane: 0, together: 0 },
    positions: rows * target.width,
    hasMissing: filter.hasMissing,
  };
}
