// Settings that many operations share.

import { checkSettings } from "../errors/messages.ts";
import { keepAxes } from "../kernels/indices.ts";
import { checkAxes, checkAxis, type Shape } from "../tensors/shape.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";
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

/** The axes that the options name, ascending; `further` are settings that this operation alone knows. */
export function axesOf(where: string, x: Tensor, options: AxisOptions, further: readonly string[] = []): number[] {
  checkOperand(where, x);
  checkSettings(where, options, ["axes", "keepDims", "site", ...further]);
  return checkAxes(where, options.axes, x.shape);
}

/** One axis that must exist, counted from the front. */
export function axisOf(where: string, x: Tensor, axis: number): number {
  checkOperand(where, x);
  return checkAxis(where, axis, x.shape);
}

/** Puts the reduced axes back with size 1 when the options ask for it. */
export const keepDims = (y: Tensor, shape: Shape, axes: readonly number[], options: AxisOptions): Tensor =>
  options.keepDims ? reshape(y, keepAxes(shape, axes)) : y;
