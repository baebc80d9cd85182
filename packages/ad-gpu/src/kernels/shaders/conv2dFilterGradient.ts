// The gradient of a convolution in its filter within each sample, by blocks of channels and whole rows of the window.
import type { ConvolutionSizes } from "../convolutionSizes.ts";
import type { Shader } from "../kernel.ts";
import { block, evenly, isWorthwhile, largestBlock, shaderOf, upTo, when } from "./shader.ts";
import {
  type BlockTap,
  blockTaps,
  isEveryTapReached,
  isNarrow,
  isTapReached,
  named,
  outputAxis,
  placesOf,
  shift,
  unsurePlaces,
} from "./taps.ts";

/** What one thread computes: weights of `filters` output channels, `channels` input channels, and one row of the window. */
interface Block {
  readonly filters: number;
  readonly channels: number;
  /** Columns of the output that are read at once. */
  readonly columns: number;
}

/**
 * A shader for the gradient of each sample, or nothing where the text of the kernel is as good: for little work and very wide
 * windows.
 *
 * Sums begin at -0, to which nothing changes when the first product is added; one without products is 0. Channels beyond the
 * end are not written. What may lie in the padding is left out by a choice, not by a product with 0.
 */
export function conv2dFilterGradientShader(sizes: ConvolutionSizes): Shader | undefined {
  const { batch, inChannels, outChannels, rows, columns, window } = sizes;
  const products = batch * inChannels * outChannels * rows * columns * window[0] * window[1];
  if (!isWorthwhile(products) || !isNarrow(window[1])) return undefined;
  const own = blockOf(sizes);
  return shaderOf({
    reads: [
      { name: "image", element: "f32" },
      { name: "outputs", element: "f32" },
    ],
    result: "f32",
    places: {
      tapRow: window[0],
      channelBlock: Math.ceil(inChannels / own.channels),
      filterBlock: Math.ceil(outChannels / own.filters),
      sample: batch,
    },
    body: [
      ...upTo(own.channels).map((channel) => {
        const plane = `sample * ${inChannels} + ${numberText("channel", channel, own.channels, inChannels)}`;
        return `let image${channel} = (${plane}) * ${sizes.height * sizes.width};`;
      }),
      ...upTo(own.filters).map((filter) => {
        const plane = `sample * ${outChannels} + ${numberText("filter", filter, own.filters, outChannels)}`;
        return `let output${filter} = (${plane}) * ${rows * columns};`;
      }),
      ...forEachSum(own, sizes, (filter, channel, tap) => [`var ${totalName(filter, channel, tap)} = -0.0;`]),
      ...(isEveryTapReached(rowAxis(sizes)) ? [] : ["var isReached = false;"]),
      ...sums(sizes, own),
      ...forEachSum(own, sizes, (filter, channel, tap) => written(sizes, own, filter, channel, tap)),
    ],
  });
}

/** Threads that must remain for blocks to grow; there are few in any case. */
const fewThreads = 512;

/** Widths of rounds, the best ones first. */
const widths = [4, 8, 7, 6, 5, 3];

function blockOf({ batch, inChannels, outChannels, columns, window }: ConvolutionSizes): Block {
  const width = widths.find((one) => columns % one === 0) ?? Math.min(columns, 4);
  const blockWith = (most: number): Block => ({
    filters: evenly(outChannels, most),
    channels: evenly(inChannels, Math.max(1, Math.floor(most / window[1]))),
    columns: width,
  });
  return largestBlock([blockWith(8), blockWith(4)], fewThreads, ({ filters, channels }) => ({
    threads: batch * window[0] * Math.ceil(outChannels / filters) * Math.ceil(inChannels / channels),
    written: filters * channels * window[1] * width,
  }));
}

const rowAxis = ({ height, rows, window, stride, padding }: ConvolutionSizes) =>
  outputAxis(height, rows, window[0], stride[0], padding[0]);

const columnAxis = ({ width, columns, window, stride, padding }: ConvolutionSizes) =>
  outputAxis(width, columns, window[1], stride[1], padding[1]);

const totalName = (filter: number, channel: number, tap: number): string => `t${filter}_${channel}_${tap}`;

const forEachSum = (
  own: Block,
  { window }: ConvolutionSizes,
  write: (filter: number, channel: number, tap: number) => readonly string[],
): string[] =>
  upTo(own.filters).flatMap((filter) =>
    upTo(own.channels).flatMap((channel) => upTo(window[1]).flatMap((tap) => write(filter, channel, tap))),
  );

/** The number of a channel of a block, or of the last one. */
function numberText(name: string, inBlock: number, size: number, count: number): string {
  const text = `${name}Block * ${size} + ${inBlock}`;
  return count % size === 0 ? text : `min(${text}, ${count - 1})`;
}

function sums(sizes: ConvolutionSizes, own: Block): string[] {
  const { height, rows, columns, stride, padding } = sizes;
  const axis = rowAxis(sizes);
  const round = [
    ...(isEveryTapReached(axis) ? [] : ["isReached = true;"]),
    ...block(`for (var column = 0; column < ${columns}; column += ${own.columns})`, roundText(sizes, own)),
  ];
  return block(`for (var row = 0; row < ${rows}; row++)`, [
    `let y = row * ${stride[0]} - ${padding[0]} + tapRow;`,
    ...when(padding[0] === 0 ? "" : `y >= 0 && y < ${height}`, round),
  ]);
}

/** The products with a few neighbouring outputs. */
function roundText(sizes: ConvolutionSizes, own: Block): string[] {
  const { width, columns, stride } = sizes;
  const taps = blockTaps(columnAxis(sizes), own.columns, own.columns * stride[1]);
  const beyond = upTo(own.columns).slice(columns % own.columns || own.columns);
  return [
    `let begin = column * ${stride[1]};`,
    ...unsurePlaces(taps).map(
      (at) => `let isInside${named(at)} = begin ${shift(at)} >= 0 && begin ${shift(at)} < ${width};`,
    ),
    ...beyond.map((lane) => `let isColumn${lane} = column + ${lane} < ${columns};`),
    ...upTo(own.channels).flatMap((channel) =>
      placesOf(taps).map(
        (at) => `let s${channel}_${named(at)} = image[image${channel} + y * ${width} + begin ${shift(at)}];`,
      ),
    ),
    ...upTo(own.filters).flatMap((filter) => [
      ...upTo(own.columns).map(
        (lane) => `let o${filter}_${lane} = outputs[output${filter} + row * ${columns} + column + ${lane}];`,
      ),
      ...upTo(own.channels).flatMap((channel) => taps.map((tap) => productText(filter, channel, tap, beyond))),
    ]),
  ];
}

function productText(
  filter: number,
  channel: number,
  { lane, tap, at, isSure }: BlockTap,
  beyond: readonly number[],
): string {
  const total = totalName(filter, channel, tap);
  const sum = `${total} + s${channel}_${named(at)} * o${filter}_${lane}`;
  const asked = [...(isSure ? [] : [`isInside${named(at)}`]), ...(beyond.includes(lane) ? [`isColumn${lane}`] : [])];
  return `${total} = ${asked.length === 0 ? sum : `select(${total}, ${sum}, ${asked.join(" && ")})`};`;
}

/** Writes a sum if it belongs to the result. */
function written(sizes: ConvolutionSizes, own: Block, filter: number, channel: number, tap: number): string[] {
  const { inChannels, outChannels, window } = sizes;
  const [outer, inner] = [`filterBlock * ${own.filters} + ${filter}`, `channelBlock * ${own.channels} + ${channel}`];
  const plane = `((sample * ${outChannels} + ${outer}) * ${inChannels} + ${inner})`;
  const place = `(${plane} * ${window[0]} + tapRow) * ${window[1]} + ${tap}`;
  const total = totalName(filter, channel, tap);
  const known = isTapReached(columnAxis(sizes), tap) ? total : "0.0";
  const value = isEveryTapReached(rowAxis(sizes)) ? known : `select(0.0, ${known}, isReached)`;
  const isFilter = outChannels % own.filters === 0 ? "" : `${outer} < ${outChannels}`;
  const isChannel = inChannels % own.channels === 0 ? "" : `${inner} < ${inChannels}`;
  return when(isFilter, when(isChannel, [`result[${place}] = ${value};`]));
}
