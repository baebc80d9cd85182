// Sizes of tensors and the arithmetic on them.
import { AdError } from "../errors/adError.ts";
import { shapeError } from "../errors/messages.ts";

/** Sizes along each axis, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** Tensors have at most this many axes. */
export const maxRank = 6;

/** Number of elements of a shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

/** Whether two shapes are the same list. */
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

/** Row-major steps: how far one moves in memory along each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  }
  return strides;
}

/** Checks that a shape is a list of at most six whole sizes. */
export function checkShape(where: string, shape: Shape): Shape {
  if (!Array.isArray(shape)) {
    throw new AdError({
      code: "shape",
      where,
      problem: "no shape",
      expected: "a list of sizes",
      got: String(shape),
      remedy: "write [n] for a vector",
    });
  }
  if (shape.length > maxRank) {
    throw shapeError(where, "too many axes", `rank 0 to ${maxRank}`, [shape], "merge axes with reshape");
  }
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw shapeError(where, "sizes are not whole", "sizes 0, 1, 2, ...", [shape], "round the sizes");
  }
  return shape;
}

/** Checks an axis, counted from the end when negative, and returns it counted from the front. */
export function checkAxis(where: string, axis: number, shape: Shape): number {
  const found = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(axis) && found >= 0 && found < shape.length) return found;
  const range = shape.length === 0 ? "no axis for a scalar" : `an axis from ${-shape.length} to ${shape.length - 1}`;
  throw shapeError(where, `no axis ${axis}`, range, [shape], "count axes from 0, or from the end with -1");
}

/** The axes asked for, ascending, each once; all axes when none are named. */
export function checkAxes(where: string, axes: number | readonly number[] | undefined, shape: Shape): number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const found = (typeof axes === "number" ? [axes] : axes).map((axis) => checkAxis(where, axis, shape));
  if (new Set(found).size !== found.length) {
    throw shapeError(where, `axes [${axes}] repeat`, "each axis once", [shape], "drop the repeated axis");
  }
  return found.toSorted((a, b) => a - b);
}

/** The shape that NumPy's rule gives to operands of these shapes. */
export function broadcastShapes(where: string, shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.map((shape) => shape[shape.length - rank + i] ?? 1).filter((n) => n !== 1);
    const size = sizes[0] ?? 1;
    if (sizes.every((n) => n === size)) return size;
    const expected = "sizes that are equal or 1 along each axis, counted from the last";
    throw shapeError(where, "operands do not broadcast", expected, shapes, "reshape one of them, or use broadcastTo");
  });
}
