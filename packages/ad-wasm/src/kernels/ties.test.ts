import {
  atKink,
  blend,
  type DType,
  dtypes,
  first,
  last,
  type Primitive,
  random,
  records,
  type Tensor,
  type TieParams,
  type TieSelection,
  tensor,
  uniform,
  weights,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { expectSameBits, runKernel } from "../../laws/runKernel.ts";
import type { Kernel } from "./kernel.ts";
import { tiesKernels } from "./ties.ts";

const special = [NaN, Infinity, -Infinity, -0, 0];

/** Few different numbers, so that many tie. */
function numbers(shape: readonly number[], dtype: DType, seed = 0, variety = 5): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => {
    const n = (i * 7919 + seed * 104729 + ((i * i) % 37) + 13) % 1009;
    if (dtype === "bool") return n % 2;
    return n % 23 === 0 ? (special[n % 5] as number) : (n % variety) - 2;
  });
  return tensor(values, { shape, dtype });
}

const third = weights((ties) => Array.from({ length: ties }, (_, i) => (i === 1 ? 2 / 3 : 1 / 3 / (ties - 1))));

const selections: readonly TieSelection[] = [
  first,
  last,
  uniform,
  blend(first, uniform, 0.3),
  blend(last, first, -0.7),
  random(7),
  random(-(2 ** 40) - 3),
  blend(random(3), uniform, 0.1),
  third,
];

function check(name: string, inputs: readonly Tensor[], params: unknown): void {
  expectSameBits(tiesKernels[name] as Kernel<unknown>, records.get(name) as Primitive, inputs, params);
}

const settings = { coefficients: [1], kink: 3, masked: false } as const;

/** All selections in the formats that are computed with; a few where only the rounding differs. */
const selectionsOf = (dtype: DType): readonly TieSelection[] =>
  dtype === "f64" || dtype === "f32" ? selections : selections.filter((_, i) => i % 3 === 0);

describe.each(dtypes)("weights of %s", (dtype) => {
  describe.each(selectionsOf(dtype))("under $name", (selection) => {
    test.each([[[0]], [[]], [[7]], [[3, 700]]])("of two tensors [%s]", (shape) => {
      for (const order of ["max", "min"] as const) {
        for (const coefficients of [
          [0, 1],
          [-1, 1],
          [0.1, 0.7],
          [Infinity, 1],
          [NaN, -0],
        ]) {
          const params: TieParams = { ...settings, order, along: false, coefficients, selection };
          check("tieWeights", [numbers(shape, dtype), numbers(shape, dtype, 1)], params);
        }
      }
    });

    test("of one tensor, and of four", () => {
      for (const coefficients of [[0.3], [0.3, -0.2, 0.1, 7]]) {
        const branches = coefficients.map((_, i) => numbers([5, 30], dtype, i, 2));
        check("tieWeights", branches, { ...settings, order: "max", along: false, coefficients, selection });
      }
    });

    test.each([1, 2, 3, 4, 5, 6, 8, 9, 17, 70])("of rows of %s", (width) => {
      for (const order of ["max", "min"] as const) {
        const params: TieParams = { ...settings, order, along: true, selection };
        check("tieWeights", [numbers([3, 11, width], dtype)], params);
        const mask = numbers([3, 11, width], "bool", 5);
        check("tieWeights", [numbers([3, 11, width], dtype), mask], { ...params, masked: true });
      }
    });

    test("of rows that are empty, and of one row", () => {
      const params: TieParams = { ...settings, order: "max", along: true, selection };
      for (const shape of [[0, 4], [4, 0], [0, 17], [6]]) check("tieWeights", [numbers(shape, dtype)], params);
    });

    test.each([1, 2, 3, 4, 7, 8, 9, 20])("of ranked rows of %s", (width) => {
      for (const order of ["median", "sort"] as const) {
        const params: TieParams = { ...settings, order, along: true, selection };
        check("tieWeights", [numbers([7, 3, width], dtype)], params);
        check("tieWeights", [numbers([width], dtype, 2, 2)], params);
      }
    });
  });

  test("of two branches under atKink", () => {
    const params = { ...settings, order: "max", along: false, coefficients: [0, 1], selection: atKink(0.3) };
    check("tieWeights", [numbers([50], dtype), numbers([50], dtype, 1)], params);
  });

  test.each([first, last, random(7)])("the order of rows under $name", (selection) => {
    for (const shape of [[0, 3], [3, 0], [1], [4, 9], [2, 5, 16], [40]]) {
      check("tieOrder", [numbers(shape, dtype)], { selection, kink: 2 });
    }
  });

  test.each(["argmax", "argmin"])("%s", (name) => {
    check(name, [numbers([9], dtype)], 0);
    check(name, [numbers([1, 1], dtype)], 1);
    check(name, [numbers([0, 4], dtype)], 1);
    for (const axis of [0, 1, 2]) {
      for (const variety of [3, 1000]) check(name, [numbers([7, 10, 13], dtype, 0, variety)], axis);
    }
    check(name, [numbers([2, 3, 1, 3, 2, 2], dtype)], 3);
  });
});

test("a user's own rule speaks of 64 ties at most", () => {
  const [rows, ordinary] = [
    tensor(new Float64Array(130), { shape: [2, 65] }),
    tensor(new Float64Array(128), { shape: [2, 64] }),
  ];
  const record = records.get("tieWeights") as Primitive;
  const safe: Primitive = { ...record, forward: (k) => k.allocate(130) };
  for (const order of ["max", "median", "sort"] as const) {
    const params: TieParams = { ...settings, order, along: true, selection: third };
    const forSort: Primitive = { ...safe, forward: (k) => k.allocate(130 * 65) };
    const run = runKernel(tiesKernels.tieWeights as Kernel<unknown>, order === "sort" ? forSort : safe, [rows], params);
    expect(run.fault).toEqual([1, 0, 65]);
    check("tieWeights", [ordinary], params);
  }
});
