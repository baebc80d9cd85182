// Where elements lie, as text.
import type { Shape } from "@nonsmooth/ad-core";
import type { Body } from "./body.ts";

/** How a tensor is seen: element by element of a shape, whose axes move by strides. */
export interface View {
  readonly shape: Shape;
  readonly strides: readonly number[];
}

/** Number of elements. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

/** The strides of a tensor that lies in row-major order. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  return strides;
}

/** A tensor repeated to fill a shape. */
export function repeatedView(from: Shape, to: Shape): View {
  const own = stridesOf(from);
  const strides = to.map((_, axis) => {
    const at = axis - to.length + from.length;
    return (from[at] ?? 1) === 1 ? 0 : (own[at] as number);
  });
  return { shape: to, strides };
}

/** The same view with as few axes as it needs: none of size 1, and none that its neighbour goes on with. */
function simplified({ shape, strides }: View): { readonly size: number; readonly stride: number }[] {
  const axes: { size: number; stride: number }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const stride = strides[axis] as number;
    const last = axes.at(-1);
    if (last && last.stride === stride * size) {
      last.size *= size;
      last.stride = stride;
    } else axes.push({ size, stride });
  });
  return axes;
}

/** A sum as text; a term that is 0 is left out. */
export const sumText = (terms: readonly string[]): string => terms.filter((term) => term !== "0").join(" + ") || "0";

/** A multiple as text. */
export function timesText(value: string, factor: number): string {
  if (factor === 0 || value === "0") return "0";
  return factor === 1 ? value : `${value} * ${factor}`;
}

/** Where element number `position` of a view lies. */
export function offsetText(body: Body, position: string, view: View): string {
  const axes = simplified(view);
  if (axes.every(({ stride }) => stride === 0)) return "0";
  let rest = body.let(position);
  let inside = axes.reduce((product, { size }) => product * size, 1);
  const terms: string[] = [];
  for (const [k, { size, stride }] of axes.entries()) {
    inside /= size;
    const isLast = k === axes.length - 1;
    const coordinate = isLast ? rest : body.variable(`quotient(${rest}, ${inside})`);
    terms.push(timesText(coordinate, stride));
    if (!isLast) rest = body.variable(`${rest} - ${coordinate} * ${inside}`);
  }
  return sumText(terms);
}

/** The coordinates of element number `position` of a shape, one for each axis. */
export function coordinatesText(body: Body, position: string, shape: Shape): string[] {
  let rest = body.let(position);
  let inside = sizeOf(shape);
  return shape.map((size, axis) => {
    inside /= size;
    if (size === 1) return "0";
    if (shape.slice(axis + 1).every((n) => n === 1)) return rest;
    const coordinate = body.variable(`quotient(${rest}, ${inside})`);
    rest = body.variable(`${rest} - ${coordinate} * ${inside}`);
    return coordinate;
  });
}

/** A tensor seen as rows along some axes: how many rows there are, how long they are, and where their elements lie. */
export interface Rows {
  readonly count: number;
  readonly length: number;
  /** Where row number `row` begins. */
  start(body: Body, row: string): string;
  /** How far element number `i` of a row lies from its beginning. */
  step(body: Body, i: string): string;
}

/** Rows along axes. */
export function rowsAlong(shape: Shape, axes: readonly number[]): Rows {
  const strides = stridesOf(shape);
  const part = (keep: (axis: number) => boolean): View => {
    const chosen = shape.map((_, axis) => axis).filter(keep);
    return {
      shape: chosen.map((axis) => shape[axis] as number),
      strides: chosen.map((axis) => strides[axis] as number),
    };
  };
  const [kept, along] = [part((axis) => !axes.includes(axis)), part((axis) => axes.includes(axis))];
  return {
    count: sizeOf(kept.shape),
    length: sizeOf(along.shape),
    start: (body, row) => offsetText(body, row, kept),
    step: (body, i) => offsetText(body, i, along),
  };
}
