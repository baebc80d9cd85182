// Convolutions as sums over windows: forward and back to the image they are the same loops with other steps.
import type { Geometry } from "@nonsmooth/ad-core";
import type { Task } from "../kernel.ts";
import { type Lanes, lanesOf } from "./lanes.ts";

/** Channels of planes. */
export interface Picture {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** The part of a window that meets the source, for one row or column of the target. */
export interface Meeting {
  readonly count: number;
  /** The first row or column of the source, and the first one of the window, that meet. */
  readonly source: number;
  readonly tap: number;
}

/** A sum over windows of a source, for each place of a target. */
export interface WindowPlan {
  readonly lanes: Lanes;
  readonly batch: number;
  readonly source: Picture;
  readonly target: Picture;
  /** Whether the source is read from the last row and column to the first. */
  readonly isReversed: boolean;
  readonly rows: readonly Meeting[];
  readonly columns: readonly Meeting[];
  /** In the filter, in elements: from one channel, row or column to the next that meets. */
  readonly weights: { readonly target: number; readonly source: number; readonly row: number; readonly column: number };
  /** Height and width of the window, and how it moves. */
  readonly window: readonly [number, number];
  readonly stride: readonly [number, number];
}

/** Where the taps of a window meet one axis of the source; a tap that meets nothing has no place there. */
export function meetings(
  targets: number,
  sources: number,
  taps: number,
  placeOf: (target: number, tap: number) => number,
): Meeting[] {
  const isThere = (place: number): boolean => Number.isInteger(place) && place >= 0 && place < sources;
  return Array.from({ length: targets }, (_, target) => {
    const met = Array.from({ length: taps }, (_, tap) => tap).filter((tap) => isThere(placeOf(target, tap)));
    const tap = met[0] ?? 0;
    return { count: met.length, tap, source: met.length === 0 ? 0 : placeOf(target, tap) };
  });
}

export type Four = [number, number, number, number];

export const pictureOf = (shape: readonly number[]): Picture => {
  const [, channels, height, width] = shape as Four;
  return { channels, height, width };
};

/** Each output sums over input channel, window row, window column. */
export function planOutput(
  { module, output }: Pick<Task, "module" | "output">,
  { image, filter, stride, padding }: Geometry,
): WindowPlan {
  const [source, target] = [pictureOf(image), pictureOf(output.shape)];
  const [, , windowHeight, windowWidth] = filter as Four;
  const place = (axis: 0 | 1) => (at: number, tap: number) => at * stride[axis] - padding[axis] + tap;
  return {
    ...{ lanes: lanesOf(output.dtype, module.vectors), batch: image[0] as number },
    ...{ source, target, isReversed: false, stride },
    window: [windowHeight, windowWidth],
    rows: meetings(target.height, source.height, windowHeight, place(0)),
    columns: meetings(target.width, source.width, windowWidth, place(1)),
    weights: {
      ...{ target: source.channels * windowHeight * windowWidth, source: windowHeight * windowWidth },
      ...{ row: windowWidth, column: 1 },
    },
  };
}

/**
 * Each pixel sums over output channel, window row, window column. While the window is read forward the output is read
 * backward, so the output is turned round first.
 */
export function planImage(
  { module, inputs, output }: Omit<Task, "params">,
  { filter, stride, padding }: Geometry,
): WindowPlan {
  const [source, target] = [pictureOf((inputs[0] as Task["output"]).shape), pictureOf(output.shape)];
  const [, , windowHeight, windowWidth] = filter as Four;
  const { height, width } = source;
  const place = (axis: 0 | 1, size: number) => (at: number, tap: number) =>
    size - 1 - (at + padding[axis] - tap) / stride[axis];
  return {
    ...{
      lanes: lanesOf(output.dtype, module.vectors),
      batch: output.shape[0] as number,
      source,
      target,
      isReversed: true,
      stride,
    },
    window: [windowHeight, windowWidth],
    rows: meetings(target.height, height, windowHeight, place(0, height)),
    columns: meetings(target.width, width, windowWidth, place(1, width)),
    weights: {
      ...{ target: windowHeight * windowWidth, source: target.channels * windowHeight * windowWidth },
      ...{ row: stride[0] * windowWidth, column: stride[1] },
    },
  };
}
