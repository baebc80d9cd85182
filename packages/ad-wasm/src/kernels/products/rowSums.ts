// Sums over windows that never leave the source, with positions of a row side by side: nothing is copied.
import { op } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import { type Frame, kernelFunction, least, plus } from "../frame.ts";
import type { Task, Work } from "../kernel.ts";
import { tileChannels } from "./windowCut.ts";
import type { WindowPlan } from "./windowPlan.ts";
import { neighbours, type WindowTile, windowTile } from "./windowTile.ts";

/** More channels than these are better put side by side in a cache first. */
const mostChannels = 32;

/** How much of the work may be done twice, where vectors overlap. */
const mostOverlap = 1.25;

/** Where a tile begins in a row, and how many vectors it has. */
interface Stretch {
  readonly column: number;
  readonly vectors: number;
}

/** The stretches of a row; the last one may overlap the one in front of it. */
function stretchesOf({ lanes: { count }, target: { width } }: WindowPlan): Stretch[] {
  const two = Math.floor(width / (2 * count));
  const whole = Array.from({ length: two }, (_, i) => ({ column: 2 * count * i, vectors: 2 }));
  const rest = width - 2 * count * two;
  if (rest === 0) return whole;
  const vectors = rest > count && two > 0 ? 2 : 1;
  const first = rest > count && two === 0 ? [{ column: 0, vectors: 1 }] : [];
  return [...whole, ...first, { column: width - vectors * count, vectors }];
}

/** Whether a plan can be computed in this way, and well. */
export function canUseRows(plan: WindowPlan): boolean {
  const { lanes, isReversed, rows, columns, source, target, window, stride } = plan;
  const isInside = [...rows, ...columns].every(({ tap }) => tap === 0);
  const isWhole = rows.every((row) => row.count === window[0]) && columns.every((column) => column.count === window[1]);
  if (isReversed || !isInside || !isWhole || stride[1] !== 1) return false;
  if (target.width < lanes.count || source.channels > mostChannels) return false;
  const done = stretchesOf(plan).reduce((sum, { vectors }) => sum + vectors * lanes.count, 0);
  return done <= mostOverlap * target.width;
}

/** The code of such sums. */
export function rowSums(task: Task, name: string, plan: WindowPlan): Work {
  const { lanes, batch, source, target, window } = plan;
  const sample = target.channels * target.height * target.width;
  const samples = [1, 2, 4].find((n) => (n * sample * lanes.bytes) % 16 === 0) as number;
  const operations = 2 * batch * sample * source.channels * window[0] * window[1];
  const units = Math.ceil(batch / samples);
  return {
    function: kernelFunction(task, name, (frame) => {
      const { f, from, to } = frame;
      const end = f.let(least(op("i32.mul", to, samples), batch));
      f.range(op("i32.mul", from, samples), end, 1, (index) => writeSample(frame, task, plan, index));
    }),
    ...{ units, cost: operations / units, scratch: 0 },
  };
}

function writeSample({ f, out, inputs }: Frame, { module }: Task, plan: WindowPlan, index: Local): void {
  const { lanes, source, target, weights, window } = plan;
  const { bytes } = lanes;
  const plane = target.height * target.width * bytes;
  const [input, filter] = inputs as [Local, Local];
  forChannels(f, target.channels, lanes.isWide ? 8 : 4, (channel, height) => {
    const place = f.let(plus(plus(out, index, target.channels * plane), channel, plane));
    const from = f.let(plus(input, index, source.channels * source.height * source.width * bytes));
    const weight = f.let(plus(filter, channel, weights.target * bytes));
    f.range(0, target.height, 1, () => {
      for (const { column, vectors } of stretchesOf(plan)) {
        const [to, at] = [op("i32.add", place, column * bytes), op("i32.add", from, column * bytes)];
        f.call(
          windowTile(module, tileOf(plan, height, vectors)),
          to,
          at,
          weight,
          window[0],
          window[1],
          source.channels,
        );
      }
      f.update(place, "i32.add", target.width * bytes);
      f.update(from, "i32.add", plan.stride[0] * source.width * bytes);
    });
  });
}

/** Visits all channels, at most so many at a time. */
function forChannels(
  f: FunctionBuilder,
  channels: number,
  most: number,
  visit: (channel: Local, height: number) => void,
): void {
  const together = tileChannels(channels, most);
  const rest = channels % together;
  f.range(0, channels - rest, together, (channel) => visit(channel, together));
  if (rest > 0) visit(f.let(op("i32.add", channels - rest, 0)), rest);
}

function tileOf({ lanes, source, target, weights, window }: WindowPlan, channels: number, vectors: number): WindowTile {
  const { bytes } = lanes;
  return {
    ...{
      lanes,
      channels,
      vectors: neighbours(vectors),
      weight: weights.target * bytes,
      out: target.height * target.width * bytes,
    },
    channel: { source: source.height * source.width * bytes, weight: weights.source * bytes },
    row: { most: window[0], step: { source: source.width * bytes, weight: weights.row * bytes } },
    column: { most: window[1], step: { source: bytes, weight: bytes } },
    ...{ hasEmpty: false, begins: true, ends: true },
  };
}
