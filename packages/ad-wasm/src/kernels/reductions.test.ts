import { type DType, type Primitive, records } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import {
  emptyCases,
  filledTensor,
  type RowCase,
  reals,
  rowCases,
  rowTensor,
  specialTensor,
} from "../../laws/rowCases.ts";
import { expectSameBits, runKernel } from "../../laws/runKernel.ts";
import type { Kernel } from "./kernel.ts";
import { reductionKernels } from "./reductions.ts";

const kernelOf = (name: string): Kernel<unknown> => reductionKernels[name] as unknown as Kernel<unknown>;
const recordOf = (name: string): Primitive => records.get(name) as Primitive;

/** The norms with names of their own have the code of others. */
const dtypesOf: Readonly<Record<string, readonly DType[]>> = {
  sum: [...reals, "i32"],
  mean: reals,
  max: [...reals, "i32", "bool"],
  min: [...reals, "i32", "bool"],
  normInf: ["f32"],
  norm2: reals,
  normPool2d: ["f32"],
};

const names = Object.keys(reductionKernels);
const everything = names.flatMap((name) => (dtypesOf[name] as readonly DType[]).map((dtype) => [name, dtype] as const));

test("all records of this kind have a kernel", () => {
  expect(names).toEqual(Object.keys(dtypesOf));
});

describe.each(everything)("%s of %s has the bits of the reference", (name, dtype) => {
  test.each(rowCases(dtype))("$shape along $axes", ({ shape, axes }) => {
    expectSameBits(kernelOf(name), recordOf(name), [rowTensor(shape, dtype)], axes);
  });
});

/** Rows side by side, and rows one behind the other, of fewer and of more terms than lanes. */
const layouts: readonly RowCase[] = [
  { shape: [5, 33], axes: [1] },
  { shape: [5, 7], axes: [1] },
  { shape: [33, 9], axes: [0] },
  { shape: [3, 6], axes: [0] },
  { shape: [4, 3, 5], axes: [0, 2] },
  { shape: [4100, 2], axes: [0] },
];

describe.each(everything)("%s of %s keeps to the reference", (name, dtype) => {
  test.each(layouts)("for NaN, infinities and both zeros: $shape along $axes", ({ shape, axes }) => {
    for (const special of [[NaN], [Infinity], [Infinity, -Infinity], [-0], [0, -0], [NaN, -Infinity, -0]]) {
      expectSameBits(kernelOf(name), recordOf(name), [specialTensor(shape, dtype, special)], axes);
    }
  });

  test.each(layouts)("for rows of one number, such as -0: $shape along $axes", ({ shape, axes }) => {
    for (const value of [-0, 0, NaN, Infinity, 1]) {
      expectSameBits(kernelOf(name), recordOf(name), [filledTensor(shape, dtype, value)], axes);
    }
  });
});

describe.each(everything.filter(([name]) => ["sum", "mean", "norm2"].includes(name)))("%s of %s", (name, dtype) => {
  test.each(emptyCases)("of nothing: $shape along $axes", ({ shape, axes }) => {
    expectSameBits(kernelOf(name), recordOf(name), [rowTensor(shape, dtype)], axes);
  });
});

test("the largest of no rows is no work", () => {
  const { output } = runKernel(kernelOf("max"), recordOf("max"), [rowTensor([0, 9], "f32")], [1]);
  expect(output.shape).toEqual([0]);
});

test("the order of a sum can be heard in the tensors of these tests", () => {
  const { data } = rowTensor([10000], "f32");
  const inOrder = Array.from<number>(data).reduce((sum, x) => Math.fround(sum + x), 0);
  const { output } = runKernel(kernelOf("sum"), recordOf("sum"), [rowTensor([10000], "f32")], [0]);
  expect(output.data[0]).not.toBe(inOrder);
});
