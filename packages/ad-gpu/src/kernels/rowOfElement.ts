// The row in which an element lies.
import type { Shape } from "@nonsmooth/ad-core";
import type { Body } from "../text/body.ts";
import { offsetText, stridesOf } from "../text/positions.ts";

/** The number of the row along `axes` in which element number `at` of a tensor lies. */
export function rowOfElement(body: Body, at: string, shape: Shape, axes: readonly number[]): string {
  const kept = shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const own = stridesOf(kept);
  const strides = own.map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  return body.let(offsetText(body, at, { shape, strides }));
}
