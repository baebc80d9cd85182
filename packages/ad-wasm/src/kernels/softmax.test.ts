import { type Primitive, records } from "@nonsmooth/ad-core";
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
import { softmaxKernels } from "./softmax.ts";

const kernelOf = (name: string): Kernel<unknown> => softmaxKernels[name] as unknown as Kernel<unknown>;
const recordOf = (name: string): Primitive => records.get(name) as Primitive;

/** The settings of a record for rows along some axes; null when it takes another number of axes. */
function paramsOf(name: string, axes: readonly number[]): unknown {
  if (name === "logSumExp") return axes;
  return axes.length === 1 ? axes[0] : null;
}

/** Rows one behind the other and side by side, of fewer and of more terms than lanes. */
const layouts: readonly RowCase[] = [
  { shape: [3, 3], axes: [1] },
  { shape: [3, 5], axes: [1] },
  { shape: [3, 21], axes: [1] },
  { shape: [3, 5], axes: [0] },
  { shape: [19, 6], axes: [0] },
];

const everything = Object.keys(softmaxKernels).flatMap((name) => reals.map((dtype) => [name, dtype] as const));

describe.each(everything)("%s of %s has the bits of the reference", (name, dtype) => {
  const fitting = rowCases(dtype).filter(({ axes }) => paramsOf(name, axes) !== null);

  test.each(fitting)("$shape along $axes", ({ shape, axes }) => {
    expectSameBits(kernelOf(name), recordOf(name), [rowTensor(shape, dtype)], paramsOf(name, axes));
  });

  test.each(layouts)("special numbers: $shape along $axes", ({ shape, axes }) => {
    for (const special of [[-Infinity], [Infinity, -Infinity], [NaN, -0], [-0, 800, -800]]) {
      expectSameBits(kernelOf(name), recordOf(name), [specialTensor(shape, dtype, special)], paramsOf(name, axes));
    }
    for (const value of [-Infinity, Infinity, NaN, -0]) {
      expectSameBits(kernelOf(name), recordOf(name), [filledTensor(shape, dtype, value)], paramsOf(name, axes));
    }
  });
});

test.each(["softmax", "logSoftmax"])("%s of rows of nothing is nothing", (name) => {
  for (const { shape, axes } of emptyCases.filter(({ axes }) => axes.length === 1)) {
    expectSameBits(kernelOf(name), recordOf(name), [rowTensor(shape, "f32")], axes[0]);
  }
});

test("no rows at all are no work for logSumExp", () => {
  const x = rowTensor([0, 9], "f32");
  expect(runKernel(kernelOf("logSumExp"), recordOf("logSumExp"), [x], [1]).output.shape).toEqual([0]);
});
