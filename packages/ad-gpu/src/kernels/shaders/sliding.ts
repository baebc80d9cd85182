// Windows that slide over rows: what convolution and its gradient in the image have in common.
import type { Shader } from "../kernel.ts";
import {
  evenly,
  largestBlock,
  loop,
  numberOrLast,
  numbers,
  productIf,
  type Statement,
  shaderOf,
  upTo,
  when,
} from "./shader.ts";
import { type Axis, type BlockTap, blockTaps, insideTexts, isEveryReached, named, placesOf, shift } from "./taps.ts";

/** Sums over channels, rows and columns of windows, in this order. */
export interface Sliding {
  readonly batch: number;
  /** Channels of what is read, over which the sums run. */
  readonly sourceChannels: number;
  readonly resultChannels: number;
  readonly rows: Axis;
  readonly columns: Axis;
  /** How far the filters of neighbouring channels lie from each other. */
  readonly filter: { readonly source: number; readonly result: number };
  /** Channels and columns of one thread. */
  readonly block: { readonly channels: number; readonly columns: number };
  /** How far apart neighbouring blocks of columns begin to read. */
  readonly step: number;
  /** From which row `i` of the window to below which one, in what steps, and the row that is read. */
  readonly rowLoop: { readonly first: string; readonly below: string; readonly step: number; readonly row: string };
}

/** What decides how large blocks are. */
interface BlockSizes {
  readonly batch: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly window: number;
  /** A block has a multiple of so many columns. */
  readonly multiple: number;
}

/** Threads that must remain for blocks to grow: a device with fewer would have nothing to do while it waits for memory. */
const fewThreads = 1024;

/** Blocks of up to 4 channels and 16, 8 or 4 columns. */
export function blockOf({ batch, channels, rows, columns, window, multiple }: BlockSizes): Sliding["block"] {
  const blockWith = (most: number): Sliding["block"] => ({
    channels: evenly(channels, 4),
    columns: Math.ceil(evenly(columns, most) / multiple) * multiple,
  });
  return largestBlock([blockWith(16), blockWith(8), blockWith(4)], fewThreads, (one) => ({
    threads: batch * rows * Math.ceil(channels / one.channels) * Math.ceil(columns / one.columns),
    written: (one.channels * one.columns * window) / multiple,
  }));
}

/**
 * A shader in which a thread has a few channels of a few neighbouring columns: what it reads of a row serves all of them.
 *
 * Sums begin at -0, to which nothing changes when the first product is added; one without products is 0. Channels and columns
 * beyond the end are not written. What lies in the padding adds -0 too, and no product with 0: a weight may be infinite.
 */
export function slidingShader(sliding: Sliding): Shader {
  const { batch, resultChannels, rows, columns, block: own, step, rowLoop } = sliding;
  const taps = blockTaps(columns, own.columns, step);
  return shaderOf({
    reads: [numbers("source"), numbers("filters")],
    result: "f32",
    places: {
      acrossBlock: Math.ceil(columns.results / own.columns),
      row: rows.results,
      channelBlock: Math.ceil(resultChannels / own.channels),
      sample: batch,
    },
    body: [
      ...[`let begin = acrossBlock * ${step};`, `let first = ${rowLoop.first};`, `let below = ${rowLoop.below};`],
      ...filterStarts(sliding),
      ...insideTexts(taps, columns.sources),
      ...upTo(own.channels).flatMap((channel) => upTo(own.columns).map((lane) => `var t${channel}_${lane} = none;`)),
      sums(sliding, taps),
      ...upTo(own.channels).flatMap((channel) => written(sliding, taps, channel)),
    ],
  });
}

/** Where the weights of each channel begin. */
const filterStarts = ({ resultChannels, block: own, filter }: Sliding): string[] =>
  upTo(own.channels).map((channel) => {
    const number = numberOrLast("channelBlock", channel, own.channels, resultChannels);
    return `let f${channel} = ${number} * ${filter.result};`;
  });

function sums(
  { sourceChannels, rows, columns, filter, rowLoop, block: own }: Sliding,
  taps: readonly BlockTap[],
): Statement {
  const row = [
    `let line = plane + (${rowLoop.row}) * ${columns.sources} + begin;`,
    `let weights = channel * ${filter.source} + i * ${columns.window};`,
    ...placesOf(taps).map((at) => `let s${named(at)} = source[line ${shift(at)}];`),
    ...upTo(columns.window).flatMap((tap) => tapText(tap, taps, own.channels)),
  ];
  return loop(`for (var channel = 0; channel < ${sourceChannels}; channel++)`, sourceChannels, [
    `let plane = (sample * ${sourceChannels} + channel) * ${rows.sources * columns.sources};`,
    loop(`for (var i = first; i < below; i += ${rowLoop.step})`, rows.window, row),
  ]);
}

/** All products with one column of the window. */
function tapText(tap: number, taps: readonly BlockTap[], channels: number): string[] {
  const own = taps.filter((one) => one.tap === tap);
  if (own.length === 0) return [];
  return upTo(channels).flatMap((channel) => [
    `let w${channel}_${tap} = filters[f${channel} + weights + ${tap}];`,
    ...own.map(({ lane, at, isSure }) => {
      const product = `s${named(at)} * w${channel}_${tap}`;
      return `t${channel}_${lane} += ${productIf(isSure ? "" : `isInside${named(at)}`, product)};`;
    }),
  ]);
}

/** Writes the sums of a channel that are elements of the result. */
function written(
  { resultChannels, rows, columns, block: own }: Sliding,
  taps: readonly BlockTap[],
  channel: number,
): Statement[] {
  const number = `channelBlock * ${own.channels} + ${channel}`;
  const start = `((sample * ${resultChannels} + ${number}) * ${rows.results} + row) * ${columns.results}`;
  const isWhole = columns.results % own.columns === 0;
  const one = (lane: number): Statement[] => {
    const total = reachedTotal(`t${channel}_${lane}`, rows, taps, lane);
    const column = `acrossBlock * ${own.columns} + ${lane}`;
    return when(isWhole ? "" : `${column} < ${columns.results}`, [`result[${start} + ${column}] = ${total};`]);
  };
  const isChannel = resultChannels % own.channels === 0 ? "" : `${number} < ${resultChannels}`;
  return when(isChannel, upTo(own.columns).flatMap(one));
}

/** A sum, or 0 where it has no products. */
function reachedTotal(total: string, rows: Axis, taps: readonly BlockTap[], lane: number): string {
  const own = taps.filter((tap) => tap.lane === lane);
  if (own.length === 0) return "0.0";
  const isColumn = own.some(({ isSure }) => isSure) ? [] : [own.map(({ at }) => `isInside${named(at)}`).join(" || ")];
  const reached = [...(isEveryReached(rows) ? [] : ["first < below"]), ...isColumn.map((text) => `(${text})`)].join(
    " && ",
  );
  return reached === "" ? total : `select(0.0, ${total}, ${reached})`;
}
