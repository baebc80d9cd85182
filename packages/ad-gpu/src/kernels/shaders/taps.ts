// Which taps of a window meet which places along one axis, and what of that is the same in every block of places.
import { upTo } from "./shader.ts";

/** One axis of a sum over taps: places of the result, and places of what is read. */
export interface Axis {
  readonly results: number;
  readonly sources: number;
  readonly window: number;
  /** The place that a tap reads for a result, wherever that is; null where it reads none. */
  readonly reads: (result: number, tap: number) => number | null;
}

/** Along one axis of a convolution: each output reads pixels. */
export const outputAxis = (pixels: number, outputs: number, window: number, stride: number, padding: number): Axis => ({
  ...{ results: outputs, sources: pixels, window },
  reads: (output, tap) => output * stride - padding + tap,
});

/** Along one axis of the gradient in the image: each pixel reads outputs, where the stride leads to it. */
export const pixelAxis = (pixels: number, outputs: number, window: number, stride: number, padding: number): Axis => ({
  ...{ results: pixels, sources: outputs, window },
  reads: (pixel, tap) => ((pixel + padding - tap) % stride === 0 ? (pixel + padding - tap) / stride : null),
});

/** The place that a tap reads for a result, if there is one. */
function met({ reads, sources }: Axis, result: number, tap: number): number | null {
  const at = reads(result, tap);
  return at !== null && at >= 0 && at < sources ? at : null;
}

/** Whether every result reads something. */
export const isEveryReached = (axis: Axis): boolean =>
  upTo(axis.results).every((result) => upTo(axis.window).some((tap) => met(axis, result, tap) !== null));

/** Whether some result reads by a tap. */
export const isTapReached = (axis: Axis, tap: number): boolean =>
  upTo(axis.results).some((result) => met(axis, result, tap) !== null);

/** Whether every tap is one by which some result reads. */
export const isEveryTapReached = (axis: Axis): boolean => upTo(axis.window).every((tap) => isTapReached(axis, tap));

/** Whether a window is narrow enough to write all its columns out. */
export const isNarrow = (columns: number): boolean => columns <= 16;

/** A product of every block: result number `lane` of it by a tap. */
export interface BlockTap {
  readonly lane: number;
  readonly tap: number;
  /** Where it reads, from the place at which the block begins to read. */
  readonly at: number;
  /** Whether it reads something in every block that has this result. */
  readonly isSure: boolean;
}

/**
 * The products of blocks of `size` results, which begin to read `step` places apart; ordered by taps, then by lanes. Those that
 * no block has are left out.
 */
export function blockTaps(axis: Axis, size: number, step: number): BlockTap[] {
  const blocks = upTo(Math.ceil(axis.results / size));
  return upTo(axis.window).flatMap((tap) =>
    upTo(size).flatMap((lane): BlockTap[] => {
      const owners = blocks.filter((block) => block * size + lane < axis.results);
      const meets = owners.filter((block) => met(axis, block * size + lane, tap) !== null);
      const [first] = meets;
      if (first === undefined) return [];
      const at = (met(axis, first * size + lane, tap) as number) - first * step;
      return [{ lane, tap, at, isSure: meets.length === owners.length }];
    }),
  );
}

/** The places that a block reads, from where it begins to, in order. */
export const placesOf = (taps: readonly BlockTap[]): number[] =>
  [...new Set(taps.map(({ at }) => at))].sort((a, b) => a - b);

/** Statements that ask of each place that may lie outside whether it does, in a block that begins to read at `begin`. */
export const insideTexts = (taps: readonly BlockTap[], sources: number): string[] =>
  placesOf(taps.filter(({ isSure }) => !isSure)).map(
    (at) => `let isInside${named(at)} = begin ${shift(at)} >= 0 && begin ${shift(at)} < ${sources};`,
  );

/** A place as part of the name of a variable. */
export const named = (place: number): string => (place < 0 ? `m${-place}` : String(place));

/** What is added to a number to come to a place. */
export const shift = (place: number): string => (place < 0 ? `- ${-place}` : `+ ${place}`);
