// Where the windows of an image lie.
import type { Shape, Windows } from "@nonsmooth/ad-core";
import type { Box } from "./boxes.ts";

/** Sizes of an image with windows over it. */
export interface Grid extends Windows {
  /** Images times channels. */
  readonly planes: number;
  readonly height: number;
  readonly width: number;
  /** How many windows lie over each other, and beside each other. */
  readonly rows: number;
  readonly columns: number;
}

const positions = (size: number, window: number, stride: number, padding: number): number =>
  Math.floor((size + 2 * padding - window) / stride) + 1;

/** The grid of windows over an image [batch, channels, height, width]. */
export function gridOf(image: Shape, { window, stride, padding }: Windows): Grid {
  const [batch, channels, height, width] = image as [number, number, number, number];
  const rows = positions(height, window[0], stride[0], padding[0]);
  const columns = positions(width, window[1], stride[1], padding[1]);
  return { window, stride, padding, planes: batch * channels, height, width, rows, columns };
}

export const isPadded = ({ padding }: Windows): boolean => padding.some((n) => n !== 0);

/** Whether each pixel is in one window at most. */
export const isDisjoint = ({ window, stride }: Windows): boolean => window.every((n, i) => n <= (stride[i] as number));

/** All cells of windows without padding as a box: `from` the image `to` the windows. */
export function windowsBox({ planes, height, width, rows, columns, window, stride }: Grid, bytes: 4 | 8): Box {
  const cells = window[0] * window[1];
  const steps = [
    { size: planes, from: height * width, to: rows * columns * cells },
    { size: rows, from: stride[0] * width, to: columns * cells },
    { size: columns, from: stride[1], to: cells },
    { size: window[0], from: width, to: window[1] },
    { size: window[1], from: 1, to: 1 },
  ].map(({ size, from, to }) => ({ size, from: from * bytes, to: to * bytes }));
  return { source: 0, steps, from: 0, to: 0, bytes };
}
