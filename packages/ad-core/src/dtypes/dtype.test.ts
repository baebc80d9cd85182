import { describe, expect, test } from "vitest";
import { AdError } from "../errors/adError.ts";
import { allocate, bytesOf, checkDType, type DType, dtypes, isReal, pack, roundTo } from "./dtype.ts";

test("there are six dtypes, widest first, and four of them carry derivatives", () => {
  expect(dtypes).toEqual(["f64", "f32", "f16", "bf16", "i32", "bool"]);
  expect(dtypes.map(isReal)).toEqual([true, true, true, true, false, false]);
  expect(dtypes.map(bytesOf)).toEqual([8, 4, 2, 2, 4, 1]);
});

test("16-bit formats are stored as 32-bit floats, conditions as bytes", () => {
  expect(dtypes.map((dtype) => allocate(dtype, 2).constructor.name)).toEqual([
    "Float64Array",
    "Float32Array",
    "Float32Array",
    "Float32Array",
    "Int32Array",
    "Uint8Array",
  ]);
  expect(dtypes.map((dtype) => Array.from(allocate(dtype, 2)))).toEqual(Array(6).fill([0, 0]));
});

describe("pack rounds once and stores", () => {
  const given = [0.1, -2.7, 2.5, NaN, -Infinity, 1e10, 70000, -0];
  const cases: readonly (readonly [DType, number[]])[] = [
    ["f64", given],
    ["f32", given.map(Math.fround)],
    ["f16", [0.0999755859375, -2.69921875, 2.5, NaN, -Infinity, Infinity, Infinity, -0]],
    ["bf16", [0.10009765625, -2.703125, 2.5, NaN, -Infinity, 1e10 - 1e10 + 9999220736, 70144, -0]],
    ["i32", [0, -2, 2, 0, -2147483648, 2147483647, 70000, 0]],
    ["bool", [1, 1, 1, 1, 1, 1, 1, 0]],
  ];
  test.each(cases)("%s", (dtype, expected) => {
    expect(Array.from(pack(dtype, given))).toEqual(expected);
    expect(given.map(roundTo(dtype))).toEqual(expected);
  });

  test("the result never shares memory with what was given", () => {
    const given64 = new Float64Array([1, 2]);
    const packed = pack("f64", given64);
    given64[0] = 9;
    expect(Array.from(packed)).toEqual([1, 2]);
  });
});

describe("rounding to i32", () => {
  const round = roundTo("i32");

  test("goes towards zero", () => {
    expect([1.9, -1.9, 0.5, -0.5, 2147483647.9].map(round)).toEqual([1, -1, 0, 0, 2147483647]);
  });

  test("saturates at both ends, at infinity too", () => {
    expect([2147483648, 1e300, Infinity].map(round)).toEqual([2147483647, 2147483647, 2147483647]);
    expect([-2147483649, -1e300, -Infinity].map(round)).toEqual([-2147483648, -2147483648, -2147483648]);
    expect([2147483647, -2147483648].map(round)).toEqual([2147483647, -2147483648]);
  });

  test("makes NaN 0, and a zero without sign", () => {
    expect([NaN, -0].map(round)).toEqual([0, 0]);
  });
});

test("every number but the zeros is true", () => {
  expect([0, -0, 1, -1, 5e-324, NaN, Infinity].map(roundTo("bool"))).toEqual([0, 0, 1, 1, 1, 1, 1]);
});

test("a dtype from outside the types is checked by name", () => {
  expect(dtypes.map((dtype) => checkDType("me", dtype))).toEqual([...dtypes]);
  for (const name of ["f8", "F32", "", "constructor", "__proto__", undefined, 3]) {
    try {
      checkDType("me", name);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AdError);
      expect(error).toMatchObject({ code: "dtype", where: "me", details: { dtypes: [String(name)] } });
    }
  }
});
