import { type DType, dtypes, type Primitive, records, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { expectSameBits, runKernel } from "../../laws/runKernel.ts";
import { windowCases } from "../../laws/windowCases.ts";
import type { Kernel } from "./kernel.ts";
import { scattersKernels } from "./scatters.ts";

const special = [NaN, Infinity, -Infinity, -0, 0];

/** Numbers whose sums are rounded in every short format, and some -0, infinite or no numbers. */
function numbers(shape: readonly number[], dtype: DType, seed = 0): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => {
    const n = (i * 7919 + seed * 104729 + 13) % 1009;
    if (n % 97 === 0) return special[n % 5] as number;
    return dtype === "i32" ? (n - 500) * 4000037 : n % 5 === 0 ? -0 : (n - 500) / 7;
  });
  return tensor(values, { shape, dtype });
}

const whole = (shape: readonly number[], values: readonly number[]): Tensor =>
  tensor([...values], { shape, dtype: "i32" });

function check(name: string, inputs: readonly Tensor[], params: unknown): void {
  expectSameBits(scattersKernels[name] as Kernel<unknown>, records.get(name) as Primitive, inputs, params);
}

const reals = dtypes.filter((dtype) => dtype !== "i32" && dtype !== "bool");

describe.each([...reals, "i32" as const])("%s", (dtype) => {
  test.each([
    [[5], [3], [4, 0, 4], 0],
    [[5], [], [2], 0],
    [[5], [0], [], 0],
    [[5, 3], [2, 2], [4, 0, 4, 4], 0],
    [[2, 5, 3], [3], [4, 4, 1], 1],
    [[2, 3, 5], [3], [4, 0, 4], 2],
    [[3, 4, 37], [6], [3, 3, 0, 3, 0, 1], 1],
    [[30, 70], [9], [4, 0, 1, 29, 29, 3, 2, 2, 29], 0],
    [[4, 0], [2], [3, 3], 0],
    [[0, 4], [0], [], 0],
    [[7, 2, 2, 2, 2, 2], [3], [6, 6, 0], 0],
  ])("scatterAdd to [%s] at [%s] numbers %s along %s", (shape, indices, values, axis) => {
    const updates = shape.toSpliced(axis as number, 1, ...indices);
    check("scatterAdd", [numbers(shape, dtype), whole(indices, values), numbers(updates, dtype, 1)], axis);
  });

  test.each([
    [[1], 0],
    [[0], 0],
    [[9], 0],
    [[3, 5], 0],
    [[3, 5], 1],
    [[40, 4], 0],
    [[6, 7, 9], 1],
    [[6, 0, 9], 1],
    [[6, 4, 0], 1],
    [[2, 3, 2, 3, 2, 3], 3],
    [[2, 30, 21], 1],
  ])("cumsum of [%s] along %s", (shape, axis) => {
    for (const reverse of [false, true]) check("cumsum", [numbers(shape, dtype)], { axis, reverse });
  });
});

describe.each(reals)("fold of %s", (dtype) => {
  test.each(windowCases)("to [%s] from %s, step %s, padding %s", (image, window, stride, padding) => {
    const params = { window, stride, padding, image };
    const unfolded = (records.get("unfold") as Primitive).shape([{ shape: image, dtype }] as never, params);
    check("fold", [numbers(unfolded, dtype)], params);
  });
});

test("an index out of range is named, the first of several", () => {
  const record = records.get("scatterAdd") as Primitive;
  const safe: Primitive = { ...record, forward: (k) => k.allocate(2 * 3 * 40) };
  const inputs = [numbers([2, 3, 40], "f32"), whole([4], [0, 3, 2, -1]), numbers([2, 4, 40], "f32")];
  for (const parts of [1, 4]) {
    expect(runKernel(scattersKernels.scatterAdd as Kernel<unknown>, safe, inputs, 1, parts).fault).toEqual([1, 1, 3]);
  }
});
