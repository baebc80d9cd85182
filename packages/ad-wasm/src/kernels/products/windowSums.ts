// Sums over windows, with samples side by side in vectors: any stride and padding, and no product with the padding.
import { load, op } from "../../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { type Frame, kernelFunction, least, plus } from "../frame.ts";
import type { Task, Work } from "../kernel.ts";
import { isShort } from "./lanes.ts";
import { gatherSamples, scatterSamples } from "./sampleLanes.ts";
import {
  cutWindows,
  productsOf,
  resultPlanes,
  samplesOf,
  stretchesOf,
  tileOf,
  type WindowCut,
  type WindowPass,
} from "./windowCut.ts";
import type { Meeting, WindowPlan } from "./windowPlan.ts";
import { windowTile } from "./windowTile.ts";

/** The code of sums over windows. Neither the target nor its sums are empty. */
export function windowSums(task: Task, name: string, plan: WindowPlan): Work {
  const cut = cutWindows(plan);
  const { batch, source } = plan;
  const units = Math.ceil(batch / samplesOf(cut)) * cut.parts;
  return {
    function: kernelFunction(task, name, (frame) => writeUnits(frame, task.module, cut)),
    units,
    cost: (2 * productsOf(plan)) / units,
    scratch: source.channels * cut.planes.together + cut.channels * resultPlanes(cut, 1).together,
  };
}

function writeUnits({ f, out, inputs, scratch, from, to }: Frame, module: ModuleBuilder, cut: WindowCut): void {
  const { plan, parts, planes, channelsAtOnce, rowsAtOnce } = cut;
  const { batch, source, target, lanes, weights } = plan;
  const [input, filter] = inputs as [Local, Local];
  const plane = target.height * target.width * lanes.bytes;
  f.range(from, to, 1, (unit) => {
    const first = f.let(op("i32.mul", op("i32.div_u", unit, parts), samplesOf(cut)));
    const samples = f.let(least(op("i32.sub", batch, first), samplesOf(cut)));
    const start = f.let(op("i32.mul", op("i32.rem_u", unit, parts), channelsAtOnce));
    f.if(op("i32.or", op("i32.eqz", start), op("i32.eq", unit, from)), () => {
      f.call(gatherSamples(module, planes), scratch, plus(input, first, planes.sample), samples, source.channels);
    });
    const end = f.let(least(op("i32.add", start, channelsAtOnce), target.channels));
    const row = f.local("i32");
    const strip = (rows: number): void =>
      forTiles(f, cut, start, end, (channel, height) => {
        const place = plus(plus(plus(out, first, target.channels * plane), channel, plane), row, plane / target.height);
        const weight = plus(filter, channel, weights.target * lanes.bytes);
        f.call(windowStrip(module, cut, height, rows), place, weight, scratch, samples, row);
      });
    f.for(row, 0, target.height - rowsAtOnce + 1, rowsAtOnce, () => strip(rowsAtOnce));
    if (target.height % rowsAtOnce > 0) strip(target.height % rowsAtOnce);
  });
}

/** Visits the channels of a unit, so many at a time as a tile has. */
function forTiles(
  f: FunctionBuilder,
  { channels, plan }: WindowCut,
  start: Local,
  end: Local,
  visit: (channel: Local, height: number) => void,
): void {
  const channel = f.let(start);
  f.while(
    () => op("i32.le_s", op("i32.add", channel, channels), end),
    () => {
      visit(channel, channels);
      f.update(channel, "i32.add", channels);
    },
  );
  const rest = plan.target.channels % channels;
  if (rest > 0) f.if(op("i32.lt_s", channel, end), () => visit(channel, rest));
}

/** The function `(out, weights, scratch, samples, row)` that computes some channels and rows of a block of samples. */
function windowStrip(module: ModuleBuilder, cut: WindowCut, height: number, rows: number): FunctionRef {
  const name = `window strip ${height} ${rows} ${JSON.stringify(cut)}`;
  return module.function(name, ["i32", "i32", "i32", "i32", "i32"], null, (f, ...params) => {
    const [out, weights, scratch, samples, row] = params as [Local, Local, Local, Local, Local];
    const { plan, planes, sumsAtOnce } = cut;
    const { source, lanes } = plan;
    const waiting = f.let(op("i32.add", scratch, source.channels * planes.together));
    const at = { waiting, weights, source: f.let(scratch), row };
    const pass = (count: number, kind: WindowPass): void => {
      writeRows(f, module, cut, { height, rows, count, kind }, at);
      f.update(at.source, "i32.add", count * planes.together);
      f.update(weights, "i32.add", count * plan.weights.source * lanes.bytes);
    };
    for (let done = 0; done < source.channels; done += sumsAtOnce) {
      const count = Math.min(sumsAtOnce, source.channels - done);
      pass(count, { begins: done === 0, ends: isShort(lanes) && done + count === source.channels });
    }
    f.call(scatterSamples(module, resultPlanes(cut, rows)), out, waiting, samples, height);
  });
}

/** One pass through some rows: how many of them, and the channels that are computed and summed. */
interface Pass {
  readonly height: number;
  readonly rows: number;
  readonly count: number;
  readonly kind: WindowPass;
}

interface Addresses {
  readonly waiting: Local;
  readonly weights: Local;
  readonly source: Local;
  readonly row: Local;
}

/** Bytes of an entry of the tables that say which part of a window meets the source. */
const entryBytes = 12;

/** Adds to the sums of some rows, one position after the other. */
function writeRows(f: FunctionBuilder, module: ModuleBuilder, cut: WindowCut, pass: Pass, at: Addresses): void {
  const { plan, vectors } = cut;
  const { lanes, source, window } = plan;
  const rowTable = tableOf(module, plan.rows, source.width * 16 * vectors, window[1] * lanes.bytes);
  const stretches = stretchesOf(cut);
  const columns = stretches.flatMap((stretch) => stretch.columns);
  const columnTable = tableOf(module, columns, 16 * vectors, lanes.bytes);
  const [place, entry, column] = [f.let(at.waiting), f.local("i32"), f.local("i32")];
  const [rowSource, rowWeights] = [f.local("i32"), f.local("i32")];
  const start = f.let(plus(rowTable, at.row, entryBytes));
  f.for(entry, start, f.let(op("i32.add", start, pass.rows * entryBytes)), entryBytes, () => {
    f.set(rowSource, op("i32.add", at.source, load("i32.load", entry, 4)));
    f.set(rowWeights, op("i32.add", at.weights, load("i32.load", entry, 8)));
    f.set(column, columnTable);
    for (const { positions, columns } of stretches) {
      const tile = windowTile(module, tileOf(cut, pass.height, positions, pass.kind));
      f.for(column, column, f.let(op("i32.add", column, entryBytes * columns.length)), entryBytes, () => {
        const from = op("i32.add", rowSource, load("i32.load", column, 4));
        const weights = op("i32.add", rowWeights, load("i32.load", column, 8));
        f.call(tile, place, from, weights, load("i32.load", entry), load("i32.load", column), pass.count);
        f.update(place, "i32.add", 16 * vectors * positions);
      });
    }
  });
}

/** For each row or column: how much of the window meets the source, and where both begin, in bytes. */
function tableOf(module: ModuleBuilder, met: readonly Meeting[], sourceStep: number, tapStep: number): number {
  const entries = met.flatMap(({ count, source, tap }) => [count, source * sourceStep, tap * tapStep]);
  return module.table(`meetings ${entries}`, Int32Array.from(entries));
}
