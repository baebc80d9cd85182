import { type Draws, type Primitive, records, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, test } from "vitest";
import { expectSameBits } from "../../laws/runKernel.ts";
import type { Kernel } from "./kernel.ts";
import { randomKernels } from "./random.ts";

const keys = [
  [7, 0],
  [0, 0],
  [-1, 123456789],
  [-2147483648, 2147483647],
].map((words) => tensor(words, { dtype: "i32" }));

/** Expects the bits of the reference for the record of a name. */
function expectReference<P>(name: string, key: Tensor, params: P): void {
  expectSameBits(
    randomKernels[name] as unknown as Kernel<P>,
    records.get(name) as unknown as Primitive<P>,
    [key],
    params,
  );
}

test.each(keys)("the children of the key %s", (key) => {
  for (const child of [0, 1, 2, 1000, 2 ** 31, 2 ** 32 - 1]) expectReference("split", key, child);
});

describe.each(["randomUniform", "randomNormal"])("%s", (name) => {
  test.each(["f64", "f32", "f16", "bf16"] as const)("in %s", (dtype) => {
    for (const key of keys) {
      for (const shape of [[], [0], [1], [2], [3], [7], [3, 5], [16], [17], [4, 8, 33]]) {
        expectReference<Draws>(name, key, { shape, dtype });
      }
    }
  });

  test("many elements", () => expectReference<Draws>(name, keys[0] as Tensor, { shape: [20000], dtype: "f32" }));
});
