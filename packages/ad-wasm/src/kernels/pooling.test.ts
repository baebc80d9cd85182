import { type DType, type Primitive, records, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, test } from "vitest";
import { expectSameBits } from "../../laws/runKernel.ts";
import { windowCases } from "../../laws/windowCases.ts";
import type { Kernel } from "./kernel.ts";
import { poolingKernels } from "./pooling.ts";

const special = [NaN, Infinity, -Infinity, -0, 0];

function image(shape: readonly number[], dtype: DType, isSpecial: boolean): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => {
    const n = (i * 7919 + 13) % 1009;
    return isSpecial && n % 7 === 0 ? (special[n % 5] as number) : (n % 40) - 20;
  });
  return tensor(values, { shape, dtype });
}

describe.each(["f64", "f32", "f16", "bf16"] as const)("maxPool2d of %s", (dtype) => {
  test.each(windowCases)("[%s] by %s, step %s, padding %s", (shape, window, stride, padding) => {
    const record = records.get("maxPool2d") as Primitive;
    for (const isSpecial of [false, true]) {
      const inputs = [image(shape, dtype, isSpecial)];
      const kernel = poolingKernels.maxPool2d as Kernel<unknown>;
      expectSameBits(kernel, record, inputs, { window, stride, padding });
    }
  });
});
