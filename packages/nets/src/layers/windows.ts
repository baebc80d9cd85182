// Settings and sizes of layers whose window moves over images.
import type { Shape } from "@nonsmooth/ad-core";
import { checkRank, inputError, settingError } from "./checks.ts";

/** Rows and columns. */
export type Pair = readonly [number, number];

/** A window and how it moves. */
export interface Geometry {
  readonly window: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
}

/** A setting for rows and columns, each at least `least`. */
export function pairOf(where: string, name: string, value: number | Pair, least: number): Pair {
  const pair: Pair = typeof value === "number" ? [value, value] : value;
  const isPair = Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= least);
  if (isPair) return [pair[0], pair[1]];
  const expected = `a whole number of at least ${least}, or two of them`;
  throw settingError(where, name, expected, value, "pass one number or [rows, columns]");
}

/** Padding of a pooling: a window of padding alone would hold nothing. */
export function checkPadding(where: string, window: Pair, padding: Pair): void {
  if (padding.every((n, axis) => 2 * n <= (window[axis] as number))) return;
  throw settingError(where, "padding", `at most half of the window [${window.join(", ")}]`, padding, "pad less");
}

/** Channels, height and width of an image. */
export function imageShape(where: string, inputShape: Shape): readonly [number, number, number] {
  checkRank(where, inputShape, "[channels, height, width]", [3]);
  return inputShape as unknown as readonly [number, number, number];
}

/** How many rows and columns of windows an image has. */
export function placesIn(where: string, inputShape: Shape, { window, stride, padding }: Geometry): Pair {
  const [, height, width] = imageShape(where, inputShape);
  const along = (size: number, axis: 0 | 1): number => {
    const room = size + 2 * padding[axis] - window[axis];
    if (room >= 0) return Math.floor(room / stride[axis]) + 1;
    const expected = `an image of at least [${window.join(", ")}] with its padding [${padding.join(", ")}]`;
    throw inputError(where, expected, inputShape, "use larger images, smaller windows or fewer poolings");
  };
  return [along(height, 0), along(width, 1)];
}
