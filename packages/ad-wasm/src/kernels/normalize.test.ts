import { type Primitive, records, tensor } from "@nonsmooth/ad-core";
import { describe, test } from "vitest";
import {
  emptyCases,
  filledTensor,
  type RowCase,
  reals,
  rowCases,
  rowTensor,
  specialTensor,
} from "../../laws/rowCases.ts";
import { expectSameBits } from "../../laws/runKernel.ts";
import type { Kernel } from "./kernel.ts";
import { normalizeKernels } from "./normalize.ts";

const kernelOf = (name: string): Kernel<unknown> => normalizeKernels[name] as unknown as Kernel<unknown>;
const recordOf = (name: string): Primitive => records.get(name) as Primitive;

/** Rows one behind the other, side by side, and in pieces. */
const layouts: readonly RowCase[] = [
  { shape: [4, 33], axes: [1] },
  { shape: [4, 9], axes: [1] },
  { shape: [17, 9], axes: [0] },
  { shape: [3, 4, 16], axes: [0, 2] },
];

const everything = Object.keys(normalizeKernels).flatMap((name) => reals.map((dtype) => [name, dtype] as const));

describe.each(everything)("%s of %s has the bits of the reference", (name, dtype) => {
  test.each(rowCases(dtype))("$shape along $axes", ({ shape, axes }) => {
    expectSameBits(kernelOf(name), recordOf(name), [rowTensor(shape, dtype)], { axes, epsilon: 1e-5 });
  });

  test.each(emptyCases)("$shape along $axes", ({ shape, axes }) => {
    expectSameBits(kernelOf(name), recordOf(name), [rowTensor(shape, dtype)], { axes, epsilon: 1e-5 });
  });

  test.each(layouts)("far from 0, equal numbers and special ones: $shape along $axes", ({ shape, axes }) => {
    const far = Array.from(rowTensor(shape, dtype).data, (value) => value + 1000);
    const special = specialTensor(shape, dtype, [NaN, Infinity, -0, -Infinity, 0]);
    for (const x of [tensor(far, { shape, dtype }), special, filledTensor(shape, dtype, 3)]) {
      for (const epsilon of [0, 0.1]) expectSameBits(kernelOf(name), recordOf(name), [x], { axes, epsilon });
    }
  });
});
