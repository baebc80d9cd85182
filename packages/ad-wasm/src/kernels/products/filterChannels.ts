// Filter gradients of one sample or few of them, with channels of the output side by side in vectors.
import { constant, lane, load, op } from "../../encoding/expression.ts";
import type { Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { type Frame, kernelFunction, least, plus } from "../frame.ts";
import type { Task, Work } from "../kernel.ts";
import { type FilterPlan, hasEmptyTaps } from "./filterPlan.ts";
import { type FilterTile, filterTile } from "./filterTile.ts";
import { nothing, rounded } from "./lanes.ts";
import { gatherSamples, type Planes } from "./sampleLanes.ts";
import { forTaps, type TapSteps } from "./tapTable.ts";

/** How the work is cut. Steps are in bytes. */
interface Cut {
  readonly plan: FilterPlan;
  /** Vectors of channels that are computed together. */
  readonly vectors: number;
  /** One sample of the output, with channels side by side. */
  readonly output: Planes;
  readonly steps: TapSteps;
}

/** Taps of a tile. */
const tapsTogether = 4;

/** Samples in the order in which a sum over so few of them adds their sums. */
const orders: readonly (readonly number[])[] = [[], [0], [0, 1], [0, 2, 1]];

/** Whether there are so few samples. */
export const areFewSamples = ({ batch, lanes }: FilterPlan): boolean => batch < lanes.count && batch < orders.length;

const channelsOf = ({ plan, vectors }: Cut): number => vectors * plan.lanes.count;

function cutOf(plan: FilterPlan): Cut {
  const { lanes, image, output } = plan;
  const vectors = output.channels > lanes.count ? 2 : 1;
  const positions = output.height * output.width;
  const hasMissing = output.channels % (vectors * lanes.count) !== 0;
  return {
    ...{ plan, vectors },
    output: { ...{ lanes, vectors, positions, hasMissing, plane: 0, together: 0 }, sample: positions * lanes.bytes },
    steps: {
      ...{ plane: image.height * image.width * lanes.bytes, position: lanes.bytes },
      output: 16 * vectors,
    },
  };
}

/** The code of such a gradient. */
export function filterChannels(task: Task, name: string, plan: FilterPlan): Work {
  const cut = cutOf(plan);
  const { batch, output, weights } = plan;
  const operations = 2 * batch * output.channels * output.height * output.width * weights;
  const units = Math.ceil(output.channels / channelsOf(cut));
  return {
    function: kernelFunction(task, name, (frame) => {
      frame.f.range(frame.from, frame.to, 1, (block) => writeBlock(frame, task.module, cut, block));
    }),
    ...{ units, cost: operations / units },
    scratch: (weights + output.height * output.width) * 16 * cut.vectors,
  };
}

/** Some channels: totals lie at the beginning of scratch memory, one sample of the output behind them. */
function writeBlock(frame: Frame, module: ModuleBuilder, cut: Cut, block: Local): void {
  const { f, inputs, scratch } = frame;
  const { plan, output, vectors, steps } = cut;
  const { batch, lanes, image } = plan;
  const [x, y] = inputs as [Local, Local];
  const channel = f.let(op("i32.mul", block, channelsOf(cut)));
  const count = f.let(least(op("i32.sub", plan.output.channels, channel), channelsOf(cut)));
  const side = f.let(op("i32.add", scratch, plan.weights * 16 * vectors));
  f.range(scratch, side, 16, (at) => f.store("v128.store", at, nothing(lanes)));
  for (const sample of orders[batch] as number[]) {
    const first = f.let(op("i32.add", channel, sample * plan.output.channels));
    f.call(gatherSamples(module, output), side, plus(y, first, output.sample), count, 1);
    const totals = f.let(scratch);
    const from = op("i32.add", x, sample * image.channels * steps.plane);
    const visited = { together: tapsTogether, steps, image: from, weight: constant("i32", 0) };
    forTaps(f, module, plan, visited, ({ output, rows, columns, images }, taps) => {
      f.call(filterTile(module, tileOf(cut, taps)), totals, op("i32.add", side, output), rows, columns, ...images);
      f.update(totals, "i32.add", taps * 16 * vectors);
    });
  }
  writeFilter(frame, module, cut, channel, count);
}

/** Here the output is what lies side by side, and one number of the image goes with each tap. */
function tileOf({ plan, vectors, steps }: Cut, taps: number): FilterTile {
  const { lanes, stride, image, output } = plan;
  const lying = 16 * vectors;
  return {
    ...{
      lanes,
      taps,
      vectors: 1,
      channels: vectors,
      channel: 16,
      total: 16,
      isSplat: true,
      hasEmpty: hasEmptyTaps(plan),
    },
    column: { output: lying, image: stride[1] * steps.position },
    row: { output: output.width * lying, image: stride[0] * image.width * steps.position },
  };
}

/** Takes the totals apart: each lane goes to the filter of its channel. */
function writeFilter({ f, out, scratch }: Frame, module: ModuleBuilder, cut: Cut, channel: Local, count: Local): void {
  const { plan, vectors, steps } = cut;
  const { lanes, weights } = plan;
  const totals = f.let(scratch);
  const filter = plus(out, channel, weights * lanes.bytes);
  const write = (place: Local, v: number): void => {
    const sum = f.let(rounded(f, lanes, load("v128.load", totals)));
    for (let l = 0; l < lanes.count; l++) {
      const index = v * lanes.count + l;
      f.if(op("i32.gt_s", count, index), () => {
        f.store(`${lanes.type}.store`, place, lane(lanes.shape, sum, l), index * weights * lanes.bytes);
      });
    }
    f.update(totals, "i32.add", 16);
  };
  const visited = { together: tapsTogether, steps, image: constant("i32", 0), weight: filter };
  forTaps(f, module, plan, visited, (entry) => {
    for (const weight of entry.weights) {
      const place = f.let(weight);
      for (let v = 0; v < vectors; v++) write(place, v);
    }
  });
}
