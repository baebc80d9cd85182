// The positions that a moving window sees.

import type { Shape } from "../tensors/shape.ts";
import { type Geometry, positions } from "./convolve.ts";

/** A window over each channel of images and how it moves. */
export interface Windows {
  readonly window: readonly [number, number];
  readonly stride: Geometry["stride"];
  readonly padding: Geometry["padding"];
}

/** `[batch, channels, outHeight, outWidth, windowHeight * windowWidth]` */
export function windowsShape([batch, channels, height, width]: Shape, { window, stride, padding }: Windows): number[] {
  const rows = positions(height as number, window[0], stride[0], padding[0]);
  const columns = positions(width as number, window[1], stride[1], padding[1]);
  return [batch as number, channels as number, rows, columns, window[0] * window[1]];
}

/** For each cell of {@link windowsShape} the pixel that it sees, or -1 in the padding. */
export function windowSources(image: Shape, windows: Windows): Int32Array {
  const [batch, channels, rows, columns, cells] = windowsShape(image, windows) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const [height, width] = [image[2] as number, image[3] as number];
  const { window, stride, padding } = windows;
  const sources = new Int32Array(batch * channels * rows * columns * cells);
  for (let i = 0; i < sources.length; i++) {
    const [cell, place] = [i % cells, Math.floor(i / cells)];
    const [column, row] = [place % columns, Math.floor(place / columns) % rows];
    const y = row * stride[0] - padding[0] + Math.floor(cell / window[1]);
    const x = column * stride[1] - padding[1] + (cell % window[1]);
    const inside = y >= 0 && y < height && x >= 0 && x < width;
    sources[i] = inside ? (Math.floor(place / (rows * columns)) * height + y) * width + x : -1;
  }
  return sources;
}
