// Settings that many operations share.

import { keepAxes } from "../kernels/indices.ts";
import { checkAxes, type Shape } from "../tensors/shape.ts";
import type { Tensor, TensorType } from "../tensors/tensor.ts";
import { reshape } from "./reshape.ts";

/** The name of a place in the program, so that selections and reports can speak of it. */
export interface SiteOptions {
  readonly site?: string;
}

/** Which axes a reduction takes away. */
export interface AxisOptions extends SiteOptions {
  /** One axis or several, counted from the end when negative; all when absent. */
  readonly axes?: number | readonly number[];
  /** Keeps the reduced axes with size 1. */
  readonly keepDims?: boolean;
}

/** The axes that the options name, ascending. */
export const axesOf = (where: string, x: TensorType, options: AxisOptions): number[] =>
  checkAxes(where, options.axes, x.shape);

/** Puts the reduced axes back with size 1 when the options ask for it. */
export const keepDims = (y: Tensor, shape: Shape, axes: readonly number[], options: AxisOptions): Tensor =>
  options.keepDims ? reshape(y, keepAxes(shape, axes)) : y;
