// Filter gradients, with samples side by side in vectors: sums within a sample first, then over samples in the stated order.
import { constant, type Expression, load, op } from "../../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { type Frame, kernelFunction, least, plus } from "../frame.ts";
import type { Task, Work } from "../kernel.ts";
import { type FilterPlan, hasEmptyTaps } from "./filterPlan.ts";
import { type FilterTile, filterTile } from "./filterTile.ts";
import { type Lanes, loadSome, nothing, rounded, storeSome, words } from "./lanes.ts";
import { gatherSamples, type Planes } from "./sampleLanes.ts";
import { forTaps, type TapSteps } from "./tapTable.ts";
import { spread } from "./windowCut.ts";
import type { Picture } from "./windowPlan.ts";

/** Sums over samples have 16 lanes, and begin anew behind so many samples. */
const totalLanes = 16;
const totalSamples = 4096;

/** Output channels of a tile and of a unit, and the taps that go with them. */
const unitChannels = 4;
const tapsWith = (channels: number): number => (channels <= 2 ? 4 : 2);

/** Bytes of totals that are kept at once. */
const totalBytes = 2 ** 22;

/** How the work is cut, and where things lie in scratch memory. Steps are in bytes. */
interface Cut {
  readonly plan: FilterPlan;
  readonly image: Planes;
  readonly output: Planes;
  /** Vectors of samples that are summed at once, and of the total of one weight. */
  readonly together: number;
  readonly vectors: number;
  /** Bytes of the totals of one channel. */
  readonly totals: number;
  readonly channelsAtOnce: number;
  /** Where the totals begin, and where the output does. */
  readonly totalsAt: number;
  readonly outputAt: number;
}

function cutOf(plan: FilterPlan): Cut {
  const { lanes, batch, weights } = plan;
  const together = lanes.isWide && batch > lanes.count ? 2 : 1;
  const vectors = Math.min(totalLanes / lanes.count, together * Math.ceil(batch / lanes.count / together));
  const totals = weights * vectors * 16;
  const most = unitChannels * Math.max(1, Math.floor(totalBytes / totals / unitChannels));
  const [image, output] = [planesOf(plan, plan.image, together, "0"), planesOf(plan, plan.output, together, "-0")];
  const outputAt = plan.image.channels * image.together;
  const totalsAt = outputAt + unitChannels * output.together;
  return {
    ...{ plan, image, output, together, vectors },
    ...{ totals, outputAt, totalsAt },
    channelsAtOnce: Math.min(most, plan.output.channels),
  };
}

/** Planes of as many samples as some vectors hold. Products of samples that are missing add nothing. */
function planesOf(
  { lanes, batch }: FilterPlan,
  { channels, height, width }: Picture,
  vectors: number,
  filler: "0" | "-0",
): Planes {
  const positions = height * width;
  const plane = positions * lanes.bytes;
  const hasMissing = batch % (vectors * lanes.count) !== 0;
  return {
    ...{ lanes, vectors, positions, plane, filler, hasMissing },
    ...{ sample: channels * plane, together: spread(positions * 16 * vectors) },
  };
}

/** The code of a filter gradient. Neither the filter nor the image is empty. */
export function filterSums(task: Task, name: string, plan: FilterPlan): Work {
  const cut = cutOf(plan);
  const units = Math.ceil(plan.output.channels / unitChannels);
  const { height, width, channels } = plan.output;
  return {
    function: kernelFunction(task, name, (frame) => writeUnits(frame, task.module, cut)),
    units,
    cost: (2 * plan.batch * channels * height * width * plan.weights) / units,
    scratch: cut.totalsAt + cut.channelsAtOnce * cut.totals,
  };
}

/** Some channels of the output, as code knows them. */
interface Span {
  readonly channel: Local;
  readonly end: Local;
}

function writeUnits(frame: Frame, module: ModuleBuilder, cut: Cut): void {
  const { f, from, to } = frame;
  const { plan, channelsAtOnce } = cut;
  const channel = f.let(op("i32.mul", from, unitChannels));
  const last = f.let(least(op("i32.mul", to, unitChannels), plan.output.channels));
  const [end, first] = [f.local("i32"), f.local("i32")];
  f.while(
    () => op("i32.lt_s", channel, last),
    () => {
      f.set(end, least(op("i32.add", channel, channelsAtOnce), last));
      f.set(first, 0);
      f.do(
        () => {
          sumSamples(frame, module, cut, { channel, end }, first);
          writeFilter(frame, module, cut, { channel, end }, first);
          f.update(first, "i32.add", totalSamples);
        },
        () => op("i32.lt_s", first, plan.batch),
      );
      f.set(channel, end);
    },
  );
}

/** Visits groups of channels that a tile computes at once: the place of the first one, and how many. */
function forChannels(
  f: FunctionBuilder,
  { plan }: Cut,
  span: Span,
  visit: (channel: Local, count: number) => void,
): void {
  const channel = f.let(span.channel);
  f.while(
    () => op("i32.le_s", op("i32.add", channel, unitChannels), span.end),
    () => {
      visit(channel, unitChannels);
      f.update(channel, "i32.add", unitChannels);
    },
  );
  const rest = plan.output.channels % unitChannels;
  if (rest > 0) f.if(op("i32.lt_s", channel, span.end), () => visit(channel, rest));
}

/** Where the totals of a channel begin. */
const totalsOf = (
  { scratch }: Frame,
  { totals, totalsAt }: Cut,
  { channel: first }: Span,
  channel: Local,
): Expression => op("i32.add", plus(scratch, op("i32.sub", channel, first), totals), totalsAt);

/** Fills the totals of some channels, from one sample on. */
function sumSamples(frame: Frame, module: ModuleBuilder, cut: Cut, span: Span, first: Local): void {
  const { f, inputs, scratch } = frame;
  const { plan, image, output, outputAt } = cut;
  const { lanes, batch } = plan;
  const [x, y] = inputs as [Local, Local];
  const begin = f.let(totalsOf(frame, cut, span, span.channel));
  f.range(begin, f.let(totalsOf(frame, cut, span, span.end)), 16, (at) => f.store("v128.store", at, nothing(lanes)));
  const until = f.let(least(op("i32.add", first, totalSamples), batch));
  f.range(first, until, cut.together * lanes.count, (sample) => {
    const samples = op("i32.sub", batch, sample);
    f.call(gatherSamples(module, image), scratch, plus(x, sample, image.sample), samples, plan.image.channels);
    const lane = op("i32.and", sample, totalLanes - 1);
    forChannels(f, cut, span, (channel, count) => {
      const from = plus(plus(y, sample, output.sample), channel, output.plane);
      f.call(gatherSamples(module, output), op("i32.add", scratch, outputAt), from, samples, count);
      const place = plus(totalsOf(frame, cut, span, channel), lane, 16 / lanes.count);
      f.call(tapSums(module, cut, count), scratch, place);
    });
  });
}

const stepsOf = ({ image, together }: Cut): TapSteps => ({
  plane: image.together,
  position: 16 * together,
  output: 16 * together,
});

/** The function `(scratch, totals)` that adds the sums of the samples in scratch memory to the totals of some channels. */
function tapSums(module: ModuleBuilder, cut: Cut, channels: number): FunctionRef {
  const name = `tap sums ${channels} ${JSON.stringify(cut)}`;
  return module.function(name, ["i32", "i32"], null, (f, ...params) => {
    const [scratch, totals] = params as [Local, Local];
    const visited = { together: tapsWith(channels), steps: stepsOf(cut), image: scratch, weight: constant("i32", 0) };
    forTaps(f, module, cut.plan, visited, ({ output, rows, columns, images }, taps) => {
      const place = op("i32.add", op("i32.add", scratch, output), cut.outputAt);
      f.call(filterTile(module, tileOf(cut, channels, taps)), totals, place, rows, columns, ...images);
      f.update(totals, "i32.add", channels * taps * cut.vectors * 16);
    });
  });
}

function tileOf({ plan, output, together, vectors }: Cut, channels: number, taps: number): FilterTile {
  const { lanes, stride, image } = plan;
  const position = 16 * together;
  return {
    ...{ lanes, channels, taps, vectors: together, channel: output.together, total: 16 * vectors },
    column: { output: position, image: position * stride[1] },
    row: { output: position * plan.output.width, image: position * stride[0] * image.width },
    ...{ isSplat: false, hasEmpty: hasEmptyTaps(plan) },
  };
}

/** Writes the weights of some channels from their totals. */
function writeFilter(frame: Frame, module: ModuleBuilder, cut: Cut, span: Span, first: Local): void {
  const { f, out } = frame;
  const { plan, vectors } = cut;
  const { lanes, weights, batch } = plan;
  const totals = f.local("i32");
  const add = (place: Expression, channel: number): void => {
    const [sum, at] = [f.let(totalOf(f, cut, totals)), f.let(plus(place, channel, weights * lanes.bytes))];
    if (batch > totalSamples) {
      f.if(first, () => f.set(sum, op(`${lanes.shape}.add`, loadSome(lanes, at, 0, 1), sum)));
      f.if(op("i32.ge_s", op("i32.add", first, totalSamples), batch), () => f.set(sum, rounded(f, lanes, sum)));
    } else f.set(sum, rounded(f, lanes, sum));
    storeSome(f, lanes, at, sum, 0, 1);
    f.update(totals, "i32.add", 16 * vectors);
  };
  forChannels(f, cut, span, (channel, count) => {
    f.set(totals, totalsOf(frame, cut, span, channel));
    const filter = plus(out, channel, weights * lanes.bytes);
    const visited = { together: tapsWith(count), steps: stepsOf(cut), image: constant("i32", 0), weight: filter };
    forTaps(f, module, plan, visited, (entry) => {
      for (const weight of entry.weights) for (let c = 0; c < count; c++) add(weight, c);
    });
  });
}

/** The sum of the lanes of a total: halves are added to each other. */
function totalOf(f: FunctionBuilder, { plan: { lanes }, vectors }: Cut, totals: Local): Expression {
  const parts = Array.from({ length: vectors }, (_, v) => f.let(load("v128.load", totals, 16 * v)));
  for (let half = totalLanes / lanes.count / 2; half >= 1; half /= 2) {
    parts.slice(half, 2 * half).forEach((part, v) => {
      f.update(parts[v] as Local, `${lanes.shape}.add`, part);
    });
  }
  return sumOfLanes(f, lanes, parts[0] as Local);
}

function sumOfLanes(f: FunctionBuilder, { shape, count }: Lanes, sum: Local): Expression {
  if (count === 4) f.update(sum, `${shape}.add`, words(sum, sum, 2, 3, 0, 1));
  return op(`${shape}.add`, sum, count === 4 ? words(sum, sum, 1, 0, 3, 2) : words(sum, sum, 2, 3, 0, 1));
}
