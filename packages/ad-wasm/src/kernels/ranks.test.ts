import { type DType, dtypes, type Primitive, records, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, test } from "vitest";
import { expectSameBits } from "../../laws/runKernel.ts";
import type { Kernel } from "./kernel.ts";
import { ranksKernels } from "./ranks.ts";

const special = [NaN, Infinity, -Infinity, -0, 0];

function numbers(shape: readonly number[], dtype: DType, specials: number): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => {
    const n = (i * 7919 + ((i * i) % 37) + 13) % 1009;
    return n % specials === 0 ? (special[n % 5] as number) : n / 8 - 50;
  });
  return tensor(values, { shape, dtype });
}

function check(name: string, inputs: readonly Tensor[], params: unknown): void {
  expectSameBits(ranksKernels[name] as Kernel<unknown>, records.get(name) as Primitive, inputs, params);
}

describe.each(dtypes.filter((dtype) => dtype !== "bool"))("%s", (dtype) => {
  test.each([
    [[0], 0],
    [[1], 0],
    [[3, 0], 1],
    [[0, 3], 1],
    [[7], 0],
    [[8], 0],
    [[9], 0],
    [[100], 0],
    [[5, 33], 1],
    [[33, 5], 0],
    [[2, 17, 3], 1],
    [[2, 3, 2, 20, 2, 1], 3],
  ])("sort of [%s] along %s", (shape, axis) => {
    for (const specials of [2, 7, 2000]) check("sort", [numbers(shape, dtype, specials)], axis);
  });

  test.runIf(dtype !== "i32").each([
    [[1], [0]],
    [[], []],
    [[2], [0]],
    [[101], [0]],
    [[100], [0]],
    [[5, 6, 7], [1]],
    [
      [5, 6, 7],
      [0, 2],
    ],
    [
      [5, 6, 7],
      [0, 1],
    ],
    [[0, 3], [1]],
    [
      [2, 3, 4, 2, 3, 2],
      [0, 2, 4],
    ],
  ])("median of [%s] along %s", (shape, axes) => {
    for (const specials of [7, 60, 2000]) check("median", [numbers(shape, dtype, specials)], axes);
  });
});
