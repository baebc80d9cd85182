import { describe, expect, test } from "vitest";
import {
  apply,
  concatenate,
  foldPrimitive,
  grad,
  jvp,
  mul,
  pad,
  reshape,
  slice,
  squeeze,
  stack,
  sum,
  type Tensor,
  tensor,
  transpose,
  unfoldPrimitive,
  zeros,
} from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);
const shaped = (x: Tensor): unknown => [x.shape, numbers(x)];
const count = (...shape: number[]): Tensor =>
  tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
    { shape },
  );

/** Pulls 1, 10, 100, ... back through a linear function. */
function pulled(f: (x: Tensor) => Tensor, x: Tensor): number[] {
  const y = f(x);
  const gy = tensor(
    numbers(y).map((_, i) => 10 ** i),
    { shape: y.shape },
  );
  expect(numbers(jvp(f, [x], [x])[1])).toEqual(numbers(y));
  return numbers(grad((v: Tensor) => sum(mul(f(v), gy)))(x));
}

describe("reshape and squeeze", () => {
  test("keep the elements in their order, and find one size", () => {
    expect(shaped(reshape(count(2, 3), [3, 2]))).toEqual([
      [3, 2],
      [0, 1, 2, 3, 4, 5],
    ]);
    expect(reshape(count(2, 3), [-1]).shape).toEqual([6]);
    expect(reshape(count(2, 3), [2, -1, 1]).shape).toEqual([2, 3, 1]);
    expect(reshape(count(1), []).shape).toEqual([]);
    expect(reshape(zeros([0, 3]), [3, 0]).shape).toEqual([3, 0]);
  });

  test("remove axes of size 1: all, or those named", () => {
    expect(squeeze(count(1, 2, 1)).shape).toEqual([2]);
    expect(squeeze(count(1, 2, 1), -1).shape).toEqual([1, 2]);
    expect(squeeze(count(1, 2, 1), [0]).shape).toEqual([2, 1]);
  });

  test("give the cotangent its old shape back", () => {
    expect(pulled((x) => reshape(x, [3, 2]), count(2, 3))).toEqual([1, 10, 100, 1000, 10000, 100000]);
    expect(grad((x: Tensor) => sum(squeeze(x)))(count(1, 2)).shape).toEqual([1, 2]);
  });
});

describe("transpose", () => {
  test("reverses all axes, or puts axis order[i] at place i", () => {
    expect(shaped(transpose(count(2, 3)))).toEqual([
      [3, 2],
      [0, 3, 1, 4, 2, 5],
    ]);
    expect(shaped(transpose(count(2, 1, 3), [2, 0, 1]))).toEqual([
      [3, 2, 1],
      [0, 3, 1, 4, 2, 5],
    ]);
    expect(transpose(count(2, 3, 4), [-1, 0, 1]).shape).toEqual([4, 2, 3]);
    expect(transpose(tensor(5)).shape).toEqual([]);
  });

  test("is undone by its derivative", () => {
    expect(pulled((x) => transpose(x), count(2, 2))).toEqual([1, 100, 10, 1000]);
    const cycle = (x: Tensor): Tensor => transpose(x, [1, 2, 0]);
    expect(pulled(cycle, count(2, 2, 1))).toEqual([1, 100, 10, 1000]);
  });
});

describe("slice and pad, each the transpose of the other", () => {
  test("slice takes a box, with ends counted from the front or the back", () => {
    expect(shaped(slice(count(3, 3), [1, 0], [3, 2]))).toEqual([
      [2, 2],
      [3, 4, 6, 7],
    ]);
    expect(shaped(slice(count(4), [-3], [-1]))).toEqual([[2], [1, 2]]);
    expect(slice(count(4), [2], [2]).shape).toEqual([0]);
    expect(slice(tensor(5), [], []).shape).toEqual([]);
  });

  test("pad puts zeros around", () => {
    expect(shaped(pad(tensor([1, 2]), [1], [2]))).toEqual([[5], [0, 1, 2, 0, 0]]);
    expect(shaped(pad(tensor([[7]]), [1, 0], [0, 1]))).toEqual([
      [2, 2],
      [0, 0, 7, 0],
    ]);
  });

  test("the cotangent of a box lies in zeros, that of a margin is dropped", () => {
    expect(pulled((x) => slice(x, [1, 0], [2, 2]), count(2, 3))).toEqual([0, 0, 0, 1, 10, 0]);
    expect(pulled((x) => pad(x, [1], [1]), count(2))).toEqual([10, 100]);
  });
});

describe("concatenate and stack", () => {
  test("join along an axis that exists, or along a new one", () => {
    expect(numbers(concatenate([tensor([1, 2]), tensor([3])]))).toEqual([1, 2, 3]);
    expect(shaped(concatenate([count(2, 1), count(2, 2)], -1))).toEqual([
      [2, 3],
      [0, 0, 1, 1, 2, 3],
    ]);
    expect(shaped(stack([tensor([1, 2]), tensor([3, 4])]))).toEqual([
      [2, 2],
      [1, 2, 3, 4],
    ]);
    expect(shaped(stack([tensor([1, 2]), tensor([3, 4])], -1))).toEqual([
      [2, 2],
      [1, 3, 2, 4],
    ]);
    expect(stack([tensor(1), tensor(2)]).shape).toEqual([2]);
    expect(concatenate([zeros([0]), tensor([1])]).shape).toEqual([1]);
  });

  test("give each part its own piece of the cotangent", () => {
    expect(pulled((x) => concatenate([x, mul(x, 2)]), tensor([1, 1]))).toEqual([201, 2010]);
    expect(pulled((x) => stack([x, x], 1), tensor([1, 1]))).toEqual([11, 1100]);
    const parts = grad((a: Tensor, b: Tensor) => sum(mul(concatenate([a, b]), tensor([1, 2, 3]))), { wrt: [0, 1] });
    expect(parts(tensor([0, 0]), tensor([0])).map(numbers)).toEqual([[1, 2], [3]]);
  });
});

describe("unfold and fold, each the transpose of the other", () => {
  const windows = { window: [2, 2], stride: [1, 1], padding: [0, 0] } as const;

  test("unfold lists what each window sees, with a filling for the padding", () => {
    const seen = apply(unfoldPrimitive, [count(1, 1, 2, 3)], { ...windows, fill: 9 });
    expect(shaped(seen)).toEqual([
      [1, 1, 1, 2, 4],
      [0, 1, 3, 4, 1, 2, 4, 5],
    ]);
    const padded = apply(unfoldPrimitive, [count(1, 1, 1, 1)], { ...windows, padding: [1, 1], fill: 9 });
    expect(numbers(padded)).toEqual([9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 9]);
  });

  test("fold adds up what the windows that see a pixel say", () => {
    const cells = tensor(Array(8).fill(1), { shape: [1, 1, 1, 2, 4] });
    expect(numbers(apply(foldPrimitive, [cells], { ...windows, image: [1, 1, 2, 3] }))).toEqual([1, 2, 1, 1, 2, 1]);
  });

  test("their derivatives are each other", () => {
    expect(pulled((x) => apply(unfoldPrimitive, [x], { ...windows, fill: 0 }), count(1, 1, 2, 2))).toEqual([
      1, 10, 100, 1000,
    ]);
    const image = [1, 1, 2, 2];
    expect(pulled((x) => apply(foldPrimitive, [x], { ...windows, image }), zeros([1, 1, 1, 1, 4]))).toEqual([
      1, 10, 100, 1000,
    ]);
  });
});
