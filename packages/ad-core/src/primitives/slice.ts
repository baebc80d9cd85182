// Taking a box out of a tensor, and putting a tensor into a larger box of zeros: each is the transpose of the other.
import { apply } from "../door/interpreter.ts";
import type { Primitive } from "../door/primitive.ts";
import { shapeError } from "../errors/messages.ts";
import { offsets } from "../kernels/indices.ts";
import { moveCells } from "../kernels/scatter.ts";
import { type Shape, stridesOf } from "../tensors/shape.ts";
import { checkOperand, type Tensor } from "../tensors/tensor.ts";

export interface Box {
  readonly start: readonly number[];
  readonly end: readonly number[];
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, n, i) => total + n * (b[i] as number), 0);

const boxShape = ({ start, end }: Box): number[] => end.map((n, axis) => n - (start[axis] as number));

export const slicePrimitive: Primitive<Box> = {
  name: "slice",
  shape: (_inputs, box) => boxShape(box),
  forward(k, [x], box) {
    const strides = stridesOf(x.shape);
    const corner = dot(box.start, strides);
    return moveCells(
      k,
      x,
      offsets(boxShape(box), strides).map((offset) => corner + offset),
    );
  },
  linearize: ({ inputs: [x], params: box }) => [
    () => ({
      jvp: (dx) => apply(slicePrimitive, [dx], box),
      vjp: (gy) =>
        pad(
          gy,
          box.start,
          x.shape.map((n, axis) => n - (box.end[axis] as number)),
        ),
    }),
  ],
  cost: () => ({}),
};

export interface Margins {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const paddedShape = (shape: Shape, { before, after }: Margins): number[] =>
  shape.map((n, axis) => n + (before[axis] as number) + (after[axis] as number));

export const padPrimitive: Primitive<Margins> = {
  name: "pad",
  shape: ([x], margins) => paddedShape(x.shape, margins),
  forward(k, [x], margins) {
    const shape = paddedShape(x.shape, margins);
    const strides = stridesOf(shape);
    const corner = dot(margins.before, strides);
    const from = new Int32Array(shape.reduce((product, n) => product * n, 1)).fill(-1);
    offsets(x.shape, strides).forEach((offset, i) => {
      from[corner + offset] = i;
    });
    return moveCells(k, x, from);
  },
  linearize: ({ inputs: [x], params: margins }) => [
    () => ({
      jvp: (dx) => apply(padPrimitive, [dx], margins),
      vjp: (gy) =>
        slice(
          gy,
          margins.before,
          x.shape.map((n, axis) => n + (margins.before[axis] as number)),
        ),
    }),
  ],
  cost: () => ({}),
};

function checkBounds(where: string, x: Tensor, bounds: readonly number[], what: string): void {
  checkOperand(where, x);
  if (bounds.length === x.shape.length && bounds.every(Number.isSafeInteger)) return;
  throw shapeError(
    where,
    `${what} does not fit`,
    `one whole number per axis of [${x.shape}]`,
    [bounds],
    "name every axis",
  );
}

/**
 * The box of elements from `start` up to and without `end`.
 *
 * Cost: no arithmetic.
 *
 * @param x - any shape
 * @param start - first index along each axis, counted from the end when negative
 * @param end - first index left out along each axis, counted from the end when negative
 * @returns `end - start` along each axis
 * @throws AdError "shape" when the box does not lie inside `x`
 * @example
 * slice(tensor([1, 2, 3, 4]), [1], [3]) // [2, 3]
 */
export function slice(x: Tensor, start: readonly number[], end: readonly number[]): Tensor {
  checkBounds("slice", x, start, "start");
  checkBounds("slice", x, end, "end");
  const fromFront = (list: readonly number[]): number[] =>
    list.map((n, axis) => (n < 0 ? n + (x.shape[axis] as number) : n));
  const box = { start: fromFront(start), end: fromFront(end) };
  const inside = x.shape.every((n, axis) => {
    const [from, to] = [box.start[axis] as number, box.end[axis] as number];
    return from >= 0 && from <= to && to <= n;
  });
  if (!inside) {
    const expected = `0 <= start <= end inside [${x.shape.join(", ")}]`;
    throw shapeError("slice", "the box is not inside", expected, [start, end], "move start or end");
  }
  const whole = x.shape.every((n, axis) => box.start[axis] === 0 && box.end[axis] === n);
  return whole ? x : apply(slicePrimitive, [x], box);
}

/**
 * Puts zeros around a tensor.
 *
 * Cost: no arithmetic.
 *
 * @param x - any shape
 * @param before - how many zeros before the elements along each axis
 * @param after - how many after them
 * @returns `before + size + after` along each axis
 * @throws AdError "shape" when a count is negative or an axis is not named
 * @example
 * pad(tensor([1, 2]), [1], [2]) // [0, 1, 2, 0, 0]
 */
export function pad(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
  for (const margin of [before, after]) {
    checkBounds("pad", x, margin, "a margin");
    if (margin.some((n) => n < 0)) {
      throw shapeError(
        "pad",
        "a margin is negative",
        "0 or more along each axis",
        [margin],
        "use slice to remove elements",
      );
    }
  }
  const nothing = [...before, ...after].every((n) => n === 0);
  return nothing ? x : apply(padPrimitive, [x], { before: [...before], after: [...after] });
}
