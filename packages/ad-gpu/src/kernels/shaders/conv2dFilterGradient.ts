// The gradient of a convolution in its filter within each sample, by blocks of channels and whole rows of the window.
import type { ConvolutionSizes } from "../convolutionSizes.ts";
import type { Shader } from "../kernel.ts";
import {
  evenly,
  isWorthwhile,
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
import {
  type BlockTap,
  blockTaps,
  insideTexts,
  isEveryTapReached,
  isNarrow,
  isTapReached,
  named,
  outputAxis,
  placesOf,
  shift,
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
 * end are not written. What lies in the padding adds -0 too, and no product with 0.
 */
export function conv2dFilterGradientShader(sizes: ConvolutionSizes): Shader | undefined {
  const { batch, inChannels, outChannels, rows, columns, window } = sizes;
  const products = batch * inChannels * outChannels * rows * columns * window[0] * window[1];
  if (!isWorthwhile(products) || !isNarrow(window[1])) return undefined;
  const own = blockOf(sizes);
  return shaderOf({
    reads: [numbers("image"), numbers("outputs")],
    result: "f32",
    places: {
      tapRow: window[0],
      channelBlock: Math.ceil(inChannels / own.channels),
      filterBlock: Math.ceil(outChannels / own.filters),
      sample: batch,
    },
    body: [
      ...rowBounds(sizes),
      ...starts(sizes, own),
      ...forEachSum(own, sizes, (filter, channel, tap) => [`var ${totalName(filter, channel, tap)} = none;`]),
      sums(sizes, own),
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

const forEachSum = <S extends Statement>(
  own: Block,
  { window }: ConvolutionSizes,
  write: (filter: number, channel: number, tap: number) => readonly S[],
): S[] =>
  upTo(own.filters).flatMap((filter) =>
    upTo(own.channels).flatMap((channel) => upTo(window[1]).flatMap((tap) => write(filter, channel, tap))),
  );

/** Where the planes of the image and of the output begin. */
const starts = ({ inChannels, outChannels, height, width, rows, columns }: ConvolutionSizes, own: Block): string[] => [
  ...upTo(own.channels).map((channel) => {
    const number = numberOrLast("channelBlock", channel, own.channels, inChannels);
    return `let image${channel} = (sample * ${inChannels} + ${number}) * ${height * width};`;
  }),
  ...upTo(own.filters).map((filter) => {
    const number = numberOrLast("filterBlock", filter, own.filters, outChannels);
    return `let output${filter} = (sample * ${outChannels} + ${number}) * ${rows * columns};`;
  }),
];

/** The rows of the output that read a pixel by the row of the window. */
const rowBounds = ({ height, rows, stride: [stride], padding: [padding] }: ConvolutionSizes): string[] => [
  `let first = max(0, (${padding + stride - 1} - tapRow) / ${stride});`,
  `let below = min(${rows}, (${height - 1 + padding + stride} - tapRow) / ${stride});`,
];

const sums = (sizes: ConvolutionSizes, own: Block): Statement =>
  loop("for (var row = first; row < below; row++)", sizes.rows, [
    `let y = row * ${sizes.stride[0]} - ${sizes.padding[0]} + tapRow;`,
    loop(
      `for (var column = 0; column < ${sizes.columns}; column += ${own.columns})`,
      Math.ceil(sizes.columns / own.columns),
      roundText(sizes, own),
    ),
  ]);

/** The products with a few neighbouring outputs. */
function roundText(sizes: ConvolutionSizes, own: Block): string[] {
  const { width, columns, stride } = sizes;
  const taps = blockTaps(columnAxis(sizes), own.columns, own.columns * stride[1]);
  const beyond = upTo(own.columns).slice(columns % own.columns || own.columns);
  const loaded = (channel: number): string[] =>
    placesOf(taps).map(
      (at) => `let s${channel}_${named(at)} = image[image${channel} + y * ${width} + begin ${shift(at)}];`,
    );
  const ofFilter = (filter: number): string[] => [
    ...upTo(own.columns).map(
      (lane) => `let o${filter}_${lane} = outputs[output${filter} + row * ${columns} + column + ${lane}];`,
    ),
    ...upTo(own.channels).flatMap((channel) => taps.map((tap) => productText(filter, channel, tap, beyond))),
  ];
  return [
    `let begin = column * ${stride[1]};`,
    ...insideTexts(taps, width),
    ...beyond.map((lane) => `let isColumn${lane} = column + ${lane} < ${columns};`),
    ...upTo(own.channels).flatMap(loaded),
    ...upTo(own.filters).flatMap(ofFilter),
  ];
}

function productText(
  filter: number,
  channel: number,
  { lane, tap, at, isSure }: BlockTap,
  beyond: readonly number[],
): string {
  const product = `s${channel}_${named(at)} * o${filter}_${lane}`;
  const asked = [...(isSure ? [] : [`isInside${named(at)}`]), ...(beyond.includes(lane) ? [`isColumn${lane}`] : [])];
  return `${totalName(filter, channel, tap)} += ${productIf(asked.join(" && "), product)};`;
}

/** Writes a sum if it belongs to the result. */
function written(sizes: ConvolutionSizes, own: Block, filter: number, channel: number, tap: number): Statement[] {
  const { inChannels, outChannels, window } = sizes;
  const [outer, inner] = [`filterBlock * ${own.filters} + ${filter}`, `channelBlock * ${own.channels} + ${channel}`];
  const plane = `((sample * ${outChannels} + ${outer}) * ${inChannels} + ${inner})`;
  const place = `(${plane} * ${window[0]} + tapRow) * ${window[1]} + ${tap}`;
  const total = totalName(filter, channel, tap);
  const known = isTapReached(columnAxis(sizes), tap) ? total : "0.0";
  const value = isEveryTapReached(rowAxis(sizes)) ? known : `select(0.0, ${known}, first < below)`;
  const isFilter = outChannels % own.filters === 0 ? "" : `${outer} < ${outChannels}`;
  const isChannel = inChannels % own.channels === 0 ? "" : `${inner} < ${inChannels}`;
  return when(isFilter, when(isChannel, [`result[${place}] = ${value};`]));
}
