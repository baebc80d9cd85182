// Windows that slide over rows: what convolution and its gradient in the image have in common.
import type { Shader } from "../kernel.ts";
import { block, evenly, largestBlock, shaderOf, upTo, when } from "./shader.ts";
import { type Axis, type BlockTap, blockTaps, isEveryReached, named, placesOf, shift, unsurePlaces } from "./taps.ts";

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
  /** The head of the loop over the rows `i` of the window, and the row that is read. */
  readonly loop: { readonly head: string; readonly row: string; readonly isInside: boolean };
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

/** Statements for each channel of a block and each of some lanes. */
type ForEach = (write: (channel: number, lane: number) => string) => string[];

/**
 * A shader in which a thread has a few channels of a few neighbouring columns: what it reads of a row serves all of them.
 *
 * Sums begin at -0, to which nothing changes when the first product is added; one without products is 0. Channels and columns
 * beyond the end are not written. What may lie in the padding is left out by a choice, not by a product with 0: a weight may be
 * infinite.
 */
export function slidingShader(sliding: Sliding): Shader {
  const { batch, resultChannels, rows, columns, block: own, step } = sliding;
  const taps = blockTaps(columns, own.columns, step);
  const forEach: ForEach = (write) =>
    upTo(own.channels).flatMap((channel) => upTo(own.columns).map((lane) => write(channel, lane)));
  return shaderOf({
    reads: [
      { name: "source", element: "f32" },
      { name: "filters", element: "f32" },
    ],
    result: "f32",
    places: {
      acrossBlock: Math.ceil(columns.results / own.columns),
      row: rows.results,
      channelBlock: Math.ceil(resultChannels / own.channels),
      sample: batch,
    },
    body: [
      `let begin = acrossBlock * ${step};`,
      ...upTo(own.channels).map((channel) => filterStart(sliding, channel)),
      ...unsurePlaces(taps).map((at) => isInside(at, columns.sources)),
      ...forEach((channel, lane) => `var t${channel}_${lane} = -0.0;`),
      ...(isEveryReached(rows) ? [] : ["var isReached = false;"]),
      ...sums(sliding, taps),
      ...upTo(own.channels).flatMap((channel) => written(sliding, taps, channel)),
    ],
  });
}

/** Where the weights of a channel begin; those beyond the end are the last one's. */
function filterStart({ resultChannels, block: own, filter }: Sliding, channel: number): string {
  const number = `channelBlock * ${own.channels} + ${channel}`;
  const isWhole = resultChannels % own.channels === 0;
  return `let f${channel} = ${isWhole ? `(${number})` : `min(${number}, ${resultChannels - 1})`} * ${filter.result};`;
}

const isInside = (at: number, sources: number): string =>
  `let isInside${named(at)} = begin ${shift(at)} >= 0 && begin ${shift(at)} < ${sources};`;

function sums(
  { sourceChannels, rows, columns, filter, loop, block: own }: Sliding,
  taps: readonly BlockTap[],
): string[] {
  const row = [
    ...(isEveryReached(rows) ? [] : ["isReached = true;"]),
    `let line = plane + y * ${columns.sources} + begin;`,
    `let weights = channel * ${filter.source} + i * ${columns.window};`,
    ...placesOf(taps).map((at) => `let s${named(at)} = source[line ${shift(at)}];`),
    ...upTo(columns.window).flatMap((tap) => tapText(tap, taps, own.channels)),
  ];
  return block(`for (var channel = 0; channel < ${sourceChannels}; channel++)`, [
    `let plane = (sample * ${sourceChannels} + channel) * ${rows.sources * columns.sources};`,
    ...block(loop.head, [`let y = ${loop.row};`, ...when(loop.isInside ? "" : `y >= 0 && y < ${rows.sources}`, row)]),
  ]);
}

/** All products with one column of the window. */
function tapText(tap: number, taps: readonly BlockTap[], channels: number): string[] {
  const own = taps.filter((one) => one.tap === tap);
  if (own.length === 0) return [];
  return upTo(channels).flatMap((channel) => [
    `let w${channel}_${tap} = filters[f${channel} + weights + ${tap}];`,
    ...own.map(({ lane, at, isSure }) => {
      const [total, product] = [`t${channel}_${lane}`, `s${named(at)} * w${channel}_${tap}`];
      return `${total} = ${isSure ? `${total} + ${product}` : `select(${total}, ${total} + ${product}, isInside${named(at)})`};`;
    }),
  ]);
}

/** Writes the sums of a channel that are elements of the result. */
function written(
  { resultChannels, rows, columns, block: own }: Sliding,
  taps: readonly BlockTap[],
  channel: number,
): string[] {
  const number = `channelBlock * ${own.channels} + ${channel}`;
  const start = `((sample * ${resultChannels} + ${number}) * ${rows.results} + row) * ${columns.results}`;
  const isRow = isEveryReached(rows) ? [] : ["isReached"];
  const one = (lane: number): string[] => {
    const reached = [...isRow, ...isReached(taps.filter((tap) => tap.lane === lane))].join(" && ");
    const total = reached === "" ? `t${channel}_${lane}` : `select(0.0, t${channel}_${lane}, ${reached})`;
    const isColumn =
      columns.results % own.columns === 0 ? "" : `acrossBlock * ${own.columns} + ${lane} < ${columns.results}`;
    return when(isColumn, [`result[${start} + acrossBlock * ${own.columns} + ${lane}] = ${total};`]);
  };
  return when(
    resultChannels % own.channels === 0 ? "" : `${number} < ${resultChannels}`,
    upTo(own.columns).flatMap(one),
  );
}

/** When a column has a product: nothing to ask where one is sure. */
function isReached(taps: readonly BlockTap[]): string[] {
  if (taps.some(({ isSure }) => isSure)) return [];
  if (taps.length === 0) return ["false"];
  return [`(${taps.map(({ at }) => `isInside${named(at)}`).join(" || ")})`];
}
