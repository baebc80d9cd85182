// Sizes of a convolution as kernels need them.
import type { Geometry } from "@nonsmooth/ad-core";
import { positionsAlong } from "./windows.ts";

export interface ConvolutionSizes {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly height: number;
  readonly width: number;
  readonly window: readonly [number, number];
  readonly rows: number;
  readonly columns: number;
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
}

export function convolutionSizes({ image, filter, stride, padding }: Geometry): ConvolutionSizes {
  const [batch, inChannels, height, width] = image as [number, number, number, number];
  const [outChannels, , windowRows, windowColumns] = filter as [number, number, number, number];
  return {
    ...{ batch, inChannels, outChannels, height, width, stride, padding },
    window: [windowRows, windowColumns],
    rows: positionsAlong(height, windowRows, stride[0], padding[0]),
    columns: positionsAlong(width, windowColumns, stride[1], padding[1]),
  };
}
