import { describe, expect, test } from "vitest";
import { dtypes } from "../dtypes/dtype.ts";
import { AdError } from "../errors/adError.ts";
import { arange, full, ones, zeros } from "./create.ts";

const codeOf = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error instanceof AdError ? [error.code, error.where] : error;
  }
};

describe("full, zeros and ones", () => {
  test("fill every rank with one value", () => {
    expect([full([], 7), full([2], 7), full([1, 2, 1], 7)].map((x) => [x.shape, Array.from(x.data)])).toEqual([
      [[], [7]],
      [[2], [7, 7]],
      [
        [1, 2, 1],
        [7, 7],
      ],
    ]);
    expect(Array.from(zeros([2]).data)).toEqual([0, 0]);
    expect(Array.from(ones([2]).data)).toEqual([1, 1]);
    expect(zeros([0, 3]).data.length).toBe(0);
    expect(ones([1, 1, 1, 1, 1, 1]).shape.length).toBe(6);
  });

  test("come in every dtype, f64 when none is named", () => {
    expect(dtypes.map((dtype) => ones([1], { dtype }).dtype)).toEqual([...dtypes]);
    expect([zeros([1]), ones([1]), full([1], 2), arange(1)].map((x) => x.dtype)).toEqual(["f64", "f64", "f64", "f64"]);
  });

  test("round the value once", () => {
    expect(dtypes.map((dtype) => full([], 2.7, { dtype }).data[0])).toEqual([
      2.7,
      Math.fround(2.7),
      2.69921875,
      2.703125,
      2,
      1,
    ]);
    expect(full([], NaN, { dtype: "i32" }).data[0]).toBe(0);
    expect(full([], 1e5, { dtype: "f16" }).data[0]).toBe(Infinity);
  });

  test("copy the shape that they are given", () => {
    const shape = [2];
    const x = zeros(shape);
    shape[0] = 5;
    expect(x.shape).toEqual([2]);
  });

  test("refuse bad shapes and dtypes", () => {
    expect(codeOf(() => zeros([-1]))).toEqual(["shape", "full"]);
    expect(codeOf(() => ones([1.5]))).toEqual(["shape", "full"]);
    expect(codeOf(() => full([1, 1, 1, 1, 1, 1, 1], 0))).toEqual(["shape", "full"]);
    expect(codeOf(() => zeros([1], { dtype: "f8" as never }))).toEqual(["dtype", "full"]);
  });
});

describe("arange", () => {
  test("counts from 0 in every dtype", () => {
    expect(dtypes.map((dtype) => Array.from(arange(3, { dtype }).data))).toEqual([
      ...Array(5).fill([0, 1, 2]),
      [0, 1, 1],
    ]);
    expect(arange(0).shape).toEqual([0]);
  });

  test("refuses what is no count", () => {
    for (const n of [-1, 0.5, NaN, Infinity]) expect(codeOf(() => arange(n))).toEqual(["domain", "arange"]);
    expect(codeOf(() => arange(1, { dtype: "f8" as never }))).toEqual(["dtype", "arange"]);
  });
});
