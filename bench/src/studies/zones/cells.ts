/** Comparing cells of images inside a network, for one mini-batch. */
import type { Tensor } from "@nonsmooth/ad-core";

/**
 * Whether two cells of a channel of a sample, numbered along rows, are the same function of the parameters near their
 * values: made in the same way of the same pixels, or switched off by a relu through which nothing passes. Then they have
 * the same derivative, and a tie between them is no kink.
 */
export type SameFunction = (sample: number, channel: number, a: number, b: number) => boolean;

/** How a window looks at an image. */
export interface Window {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  /** Rows and columns of what it looks at, and columns of what it makes. */
  readonly from: readonly [number, number];
  readonly columns: number;
}

interface Sized {
  readonly channels: number;
  readonly cells: number;
}

/** Where the cells of an image come from. Relus and poolings have numbers, from 0 on in the order of the program. */
export type Origin = Sized &
  (
    | { readonly kind: "pixels" }
    | { readonly kind: "convolution"; readonly of: Origin; readonly window: Window }
    | { readonly kind: "pool"; readonly of: Origin; readonly window: Window; readonly number: number }
    | { readonly kind: "relu"; readonly of: Origin; readonly number: number }
    | { readonly kind: "all"; readonly of: readonly Origin[] }
  );

/** One mini-batch. */
export interface Look {
  readonly images: Tensor;
  /** Whether nothing passes back through a relu at a cell. */
  readonly isOff: (relu: number, sample: number, channel: number, cell: number) => boolean;
  /** The places in the window of a pooling, in row-major order, that hold its largest value. */
  readonly winners: (pool: number, sample: number, channel: number, cell: number) => readonly number[];
}

/** Compares as deep as it must, and remembers what it found. */
function comparerOf(origin: Origin, look: Look, known: Map<Origin, SameFunction>): SameFunction {
  const found = known.get(origin) ?? remembered(compare(origin, look, known), origin);
  known.set(origin, found);
  return found;
}

function compare(origin: Origin, look: Look, known: Map<Origin, SameFunction>): SameFunction {
  if (origin.kind === "pixels") return samePixels(look.images, origin);
  if (origin.kind === "all") {
    const parts = origin.of.map((part) => comparerOf(part, look, known));
    return (sample, channel, a, b) => parts.every((isSame) => isSame(sample, channel, a, b));
  }
  const of = comparerOf(origin.of, look, known);
  if (origin.kind === "convolution") return sameInAllChannels(of, origin.of.channels, origin.window);
  if (origin.kind === "pool") return sameWinners(of, look, origin);
  const isOff = (sample: number, channel: number, cell: number): boolean =>
    look.isOff(origin.number, sample, channel, cell);
  return (sample, channel, a, b) =>
    (isOff(sample, channel, a) && isOff(sample, channel, b)) || of(sample, channel, a, b);
}

/** What a convolution makes of equal cells is equal in all channels, so one answer is for all of them. */
function remembered(isSame: SameFunction, { kind, channels, cells }: Origin): SameFunction {
  const answers = new Map<number, boolean>();
  return (sample, channel, a, b) => {
    if (a === b) return true;
    const [low, high] = a < b ? [a, b] : [b, a];
    const key = ((sample * channels + (kind === "convolution" ? 0 : channel)) * cells + low) * cells + high;
    const answer = answers.get(key) ?? isSame(sample, channel, low, high);
    answers.set(key, answer);
    return answer;
  };
}

/** The same bits. */
const samePixels =
  ({ data }: Tensor, { channels, cells }: Sized): SameFunction =>
  (sample, channel, a, b) => {
    const start = (sample * channels + channel) * cells;
    return Object.is(data[start + a], data[start + b]);
  };

type Corner = readonly [row: number, column: number];

const cornerOf = ({ stride, padding, columns }: Window, cell: number): Corner => [
  Math.floor(cell / columns) * stride[0] - padding[0],
  (cell % columns) * stride[1] - padding[1],
];

/** The cell at a place of a window, or -1 outside of the image. */
function cellIn({ size, from }: Window, [top, left]: Corner, place: number): number {
  const [row, column] = [top + Math.floor(place / size[1]), left + (place % size[1])];
  return row < 0 || column < 0 || row >= from[0] || column >= from[1] ? -1 : row * from[1] + column;
}

/** Windows with the same cells in the same places; a place outside of the image is like another one outside. */
function sameInAllChannels(isSame: SameFunction, channels: number, window: Window): SameFunction {
  const places = window.size[0] * window.size[1];
  return (sample, _channel, a, b) => {
    const [corner, other] = [cornerOf(window, a), cornerOf(window, b)];
    for (let place = 0; place < places; place++) {
      const [one, two] = [cellIn(window, corner, place), cellIn(window, other, place)];
      if (one < 0 !== two < 0) return false;
      for (let c = 0; one >= 0 && c < channels; c++) if (!isSame(sample, c, one, two)) return false;
    }
    return true;
  };
}

/** Some cells of an image, all of them the same; a place outside of the image is like no cell. */
const allSame = (isSame: SameFunction, sample: number, channel: number, [first = -1, ...others]: readonly number[]) =>
  first >= 0 && others.every((cell) => cell >= 0 && isSame(sample, channel, first, cell));

const cellsIn = (window: Window, cell: number, places: readonly number[]): number[] =>
  places.map((place) => cellIn(window, cornerOf(window, cell), place));

/** Poolings whose largest cells, all of them, are the same. */
function sameWinners(isSame: SameFunction, look: Look, { window, number }: { window: Window; number: number }) {
  return (sample: number, channel: number, a: number, b: number): boolean => {
    const winners = [a, b].flatMap((cell) => cellsIn(window, cell, look.winners(number, sample, channel, cell)));
    return allSame(isSame, sample, channel, winners);
  };
}

/** Whether some places of the window of a pooling's cell are the same function; see {@link SameFunction}. */
export type SamePlaces = (sample: number, channel: number, cell: number, places: readonly number[]) => boolean;

/** Compares the places of one window of a pooling; never the same when it is not known where its cells come from. */
export function placesOf(pool: Origin | null, look: Look): SamePlaces {
  if (pool?.kind !== "pool") return () => false;
  const isSame = comparerOf(pool.of, look, new Map());
  return (sample, channel, cell, places) => allSame(isSame, sample, channel, cellsIn(pool.window, cell, places));
}
