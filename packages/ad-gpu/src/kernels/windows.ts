// Windows that move over images, as text.
import type { Shape, Windows } from "@nonsmooth/ad-core";
import type { Body } from "../text/body.ts";

/** Number of positions of a window along one axis. */
export const positionsAlong = (size: number, window: number, stride: number, padding: number): number =>
  Math.floor((size + 2 * padding - window) / stride) + 1;

/** Sizes of an image and of the positions of windows over it. */
export interface WindowSizes extends Windows {
  readonly height: number;
  readonly width: number;
  readonly rows: number;
  readonly columns: number;
}

export function windowSizes(image: Shape, { window, stride, padding }: Windows): WindowSizes {
  const [height, width] = image.slice(-2) as [number, number];
  const rows = positionsAlong(height, window[0], stride[0], padding[0]);
  const columns = positionsAlong(width, window[1], stride[1], padding[1]);
  return { window, stride, padding, height, width, rows, columns };
}

/** Where a window lies: number of the plane (sample and channel), its first pixel row and column. */
export function windowPlace(
  body: Body,
  place: string,
  sizes: WindowSizes,
): { plane: string; top: string; left: string } {
  const { rows, columns, stride, padding } = sizes;
  const line = body.variable(`quotient(${place}, ${columns})`);
  const plane = body.variable(`quotient(${line}, ${rows})`);
  const top = body.variable(`(${line} - ${plane} * ${rows}) * ${stride[0]} - ${padding[0]}`);
  const left = body.variable(`(${place} - ${line} * ${columns}) * ${stride[1]} - ${padding[1]}`);
  return { plane, top, left };
}

/** Whether a pixel is one of the image; always, when nothing is padded. */
export const isInside = (y: string, x: string, { height, width, padding }: WindowSizes): string =>
  [
    ...(padding[0] > 0 ? [`${y} >= 0`, `${y} < ${height}`] : []),
    ...(padding[1] > 0 ? [`${x} >= 0`, `${x} < ${width}`] : []),
  ].join(" && ");
