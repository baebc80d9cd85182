import { type DType, dtypes, type Primitive, records, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { expectSameBits, runKernel } from "../../laws/runKernel.ts";
import { windowCases } from "../../laws/windowCases.ts";
import type { Kernel } from "./kernel.ts";
import { movesKernels } from "./moves.ts";

const special = [NaN, Infinity, -Infinity, -0, 0];

/** Numbers of a dtype with all special ones among them. */
function numbers(shape: readonly number[], dtype: DType, seed = 0): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => {
    const n = (i * 7919 + seed * 104729 + 13) % 1009;
    if (dtype === "bool") return n % 2;
    return n % 11 === 0 ? (special[n % 5] as number) : n / 8 - 50;
  });
  return tensor(values, { shape, dtype });
}

const whole = (shape: readonly number[], values: readonly number[]): Tensor =>
  tensor([...values], { shape, dtype: "i32" });

function check(name: string, inputs: readonly Tensor[], params: unknown): void {
  expectSameBits(movesKernels[name] as Kernel<unknown>, records.get(name) as Primitive, inputs, params);
}

const reals = dtypes.filter((dtype) => dtype !== "i32" && dtype !== "bool");

describe.each(dtypes)("%s", (dtype) => {
  test.each([
    [[], []],
    [[1], [0]],
    [
      [0, 3],
      [1, 0],
    ],
    [[5], [0]],
    [
      [2, 2],
      [1, 0],
    ],
    [
      [3, 5],
      [1, 0],
    ],
    [
      [4, 4],
      [1, 0],
    ],
    [
      [7, 9],
      [1, 0],
    ],
    [
      [33, 18],
      [1, 0],
    ],
    [
      [64, 70],
      [1, 0],
    ],
    [
      [100, 3],
      [1, 0],
    ],
    [
      [3, 100],
      [1, 0],
    ],
    [
      [600, 4],
      [1, 0],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 3, 1],
    ],
    [
      [2, 5, 4, 3],
      [0, 3, 1, 2],
    ],
    [
      [2, 17, 6, 6],
      [0, 2, 3, 1],
    ],
    [
      [4, 6, 5],
      [1, 0, 2],
    ],
    [
      [4, 6, 2],
      [1, 0, 2],
    ],
    [
      [4, 6, 4],
      [1, 0, 2],
    ],
    [
      [3, 1, 4],
      [2, 1, 0],
    ],
    [
      [2, 3, 2, 3, 2, 3],
      [5, 3, 1, 0, 2, 4],
    ],
    [
      [2, 3, 2, 3, 2, 3],
      [4, 5, 0, 1, 2, 3],
    ],
  ])("transpose of [%s] to %s", (shape, order) => {
    check("transpose", [numbers(shape, dtype)], order);
  });

  test.each([
    [[], [3, 5]],
    [[], []],
    [[], [100, 300]],
    [[1], [20000]],
    [[3], [0, 3]],
    [[3], [2, 3]],
    [[4], [2, 4]],
    [[2], [7, 2]],
    [[10], [64, 10]],
    [
      [10, 1],
      [10, 37],
    ],
    [
      [50, 1],
      [50, 3],
    ],
    [
      [1, 6, 1, 1],
      [3, 6, 5, 5],
    ],
    [
      [2, 1, 3, 1, 2, 1],
      [2, 3, 3, 2, 2, 4],
    ],
    [
      [1, 4096],
      [3, 4096],
    ],
  ])("broadcastTo of [%s] to [%s]", (from, to) => {
    check("broadcastTo", [numbers(from, dtype)], to);
  });

  test.each([
    [[5], [1], [4]],
    [[5], [2], [2]],
    [
      [4, 6],
      [1, 2],
      [3, 6],
    ],
    [
      [4, 60],
      [1, 20],
      [3, 55],
    ],
    [
      [2, 3, 4, 5, 2, 3],
      [0, 1, 1, 0, 1, 0],
      [2, 3, 3, 5, 2, 2],
    ],
  ])("slice of [%s] from %s to %s", (shape, start, end) => {
    check("slice", [numbers(shape, dtype)], { start, end });
  });

  test.each([
    [[], [], []],
    [[3], [0], [0]],
    [[3], [2], [1]],
    [[0], [2], [1]],
    [
      [2, 3],
      [1, 0],
      [0, 9],
    ],
    [
      [2, 3, 5, 5],
      [0, 0, 1, 1],
      [0, 0, 1, 2],
    ],
  ])("pad of [%s] with %s before and %s after", (shape, before, after) => {
    check("pad", [numbers(shape, dtype)], { before, after });
  });

  test.each([
    [[[3]], 0],
    [[[3], [0], [2]], 0],
    [
      [
        [2, 3],
        [2, 1],
        [2, 17],
      ],
      1,
    ],
    [
      [
        [2, 3, 4],
        [2, 1, 4],
      ],
      1,
    ],
    [
      [
        [5, 1],
        [5, 1],
      ],
      1,
    ],
  ])("concatenate of %s along %s", (shapes, axis) => {
    const parts = (shapes as number[][]).map((shape, i) => numbers(shape, dtype, i));
    check("concatenate", parts, axis);
  });

  test.each([
    [[1, 1], 0],
    [[3, 3], 0],
    [[5, 9], 2],
    [[2, 7, 5], -1],
    [[2, 3, 4, 4], 100],
    [[4, 4], -100],
    [[0, 4], 0],
    [[4, 0], 0],
  ])("tril of [%s] from diagonal %s on", (shape, diagonal) => {
    check("tril", [numbers(shape, dtype)], diagonal);
  });

  test.each([[[]], [[1]], [[0]], [[7]], [[40, 60]]])("where of [%s]", (shape) => {
    check("where", [numbers(shape, "bool", 3), numbers(shape, dtype), numbers(shape, dtype, 1)], null);
  });

  test.each(["reshape", "stopGradient", "barrier", "customValue"])("%s copies", (name) => {
    for (const shape of [[], [0], [3], [5, 7], [3, 5000]]) check(name, [numbers(shape, dtype)], shape);
  });

  test.each([
    [[5], [3], [4, 0, 4], 0],
    [[5], [], [2], 0],
    [[5, 3], [2, 2], [4, 0, 1, 1], 0],
    [[2, 5, 3], [3], [4, 0, 1], 1],
    [[2, 3, 5], [3], [4, 0, 1], 2],
    [[4, 5, 6], [0], [], 1],
    [[4, 0], [2], [3, 3], 0],
    [[0, 7, 4], [6], [3, 2, 6, 1, 0, 5], 1],
    [[30, 70], [9], [4, 0, 1, 29, 29, 3, 2, 2, 2], 0],
  ])("gather from [%s] by [%s] numbers %s along %s", (shape, indices, values, axis) => {
    check("gather", [numbers(shape, dtype), whole(indices, values)], axis);
  });

  test.each([1, 2, 3, 7, 10, 33])("oneHot of %s classes", (classes) => {
    const labels = Array.from({ length: 60 }, (_, i) => (i * 5) % classes);
    check("oneHot", [whole([6, 10], labels)], { classes, dtype });
    check("oneHot", [whole([0], [])], { classes, dtype });
  });
});

describe.each(reals)("windows of %s", (dtype) => {
  test.each(windowCases)("unfold of [%s] by %s, step %s, padding %s", (shape, window, stride, padding) => {
    for (const fill of [0, -Infinity]) check("unfold", [numbers(shape, dtype)], { window, stride, padding, fill });
  });
});

describe("faults", () => {
  const gather = (values: readonly number[], parts: number) =>
    movedFault([numbers([2, 3, 4], "f32"), whole([values.length], values)], parts);
  // The reference refuses such an index, so that the kernel is made for good ones.
  const movedFault = (inputs: readonly Tensor[], parts: number) =>
    runKernel(movesKernels.gather as Kernel<unknown>, safe("gather"), inputs, 1, parts).fault;

  test("an index out of range is named, the first of several", () => {
    expect(gather([0, 1, 2], 1)).toBe(null);
    expect(gather([0, 3, 2, -1], 1)).toEqual([1, 1, 3]);
    expect(gather([0, 1, -2147483648, 5], 3)).toEqual([1, 2, -2147483648]);
  });

  test("so is a label", () => {
    const params = { classes: 3, dtype: "f32" };
    const oneHot = movesKernels.oneHot as Kernel<unknown>;
    expect(runKernel(oneHot, safe("oneHot"), [whole([3], [0, 3, -1])], params).fault).toEqual([1, 1, 3]);
  });
});

/** A record that takes any numbers: only its shape and dtype matter. */
function safe(name: string): Primitive {
  const record = records.get(name) as Primitive;
  return {
    ...record,
    forward: (k, inputs, params) => {
      const shape = record.shape(inputs, params);
      return k.allocate(shape.reduce((product, n) => product * n, 1));
    },
  };
}
