import { describe, expect, test } from "vitest";
import {
  apply,
  barrierPrimitive,
  cast,
  type DType,
  dtypes,
  grad,
  jvp,
  mul,
  oneHot,
  square,
  stopGradient,
  sum,
  type Tensor,
  tensor,
} from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

describe("cast", () => {
  const given = [1.5, -2.7, 0.1, NaN, Infinity, -Infinity, 3e9, -0];
  const cases: readonly (readonly [DType, number[]])[] = [
    ["f64", [1.5, -2.7, 0.1, NaN, Infinity, -Infinity, 3e9, 0]],
    ["f32", [1.5, Math.fround(-2.7), Math.fround(0.1), NaN, Infinity, -Infinity, 3e9, 0]],
    ["f16", [1.5, -2.69921875, 0.0999755859375, NaN, Infinity, -Infinity, Infinity, 0]],
    ["bf16", [1.5, -2.703125, 0.10009765625, NaN, Infinity, -Infinity, 3003121664, 0]],
    ["i32", [1, -2, 0, 0, 2147483647, -2147483648, 2147483647, 0]],
    ["bool", [1, 1, 1, 1, 1, 1, 1, 0]],
  ];
  test.each(cases)("to %s", (dtype, expected) => {
    const found = cast(tensor(given), dtype);
    expect([found.dtype, numbers(found)]).toEqual([dtype, expected]);
  });

  test("keeps the sign of zero between reals", () => {
    for (const dtype of ["f32", "f16", "bf16"] as const)
      expect(Object.is(cast(tensor(-0), dtype).data[0], -0)).toBe(true);
  });

  test("to the same dtype gives the same tensor, from every dtype to every other the number 1", () => {
    for (const from of dtypes) {
      const one = tensor([1], { dtype: from });
      expect(cast(one, from)).toBe(one);
      for (const to of dtypes) expect([cast(one, to).dtype, numbers(cast(one, to))]).toEqual([to, [1]]);
    }
  });

  test("from i32 to f32 rounds once", () => {
    expect(numbers(cast(tensor([16777217], { dtype: "i32" }), "f32"))).toEqual([16777216]);
  });

  test("between reals has the cast back as derivative", () => {
    const f = (x: Tensor): Tensor => sum(square(cast(x, "f16")));
    const gradient = grad(f)(tensor([3, 0.1]));
    expect([gradient.dtype, numbers(gradient)]).toEqual(["f64", [6, 0.199951171875]]);
    const [, tangent] = jvp((x: Tensor) => cast(x, "f32"), [tensor(1)], [tensor(0.1)]);
    expect([tangent.dtype, numbers(tangent)]).toEqual(["f32", [Math.fround(0.1)]]);
  });

  test("to integers and conditions has none", () => {
    for (const dtype of ["i32", "bool"] as const) {
      expect(numbers(grad((x: Tensor) => mul(x, cast(cast(x, dtype), "f64")))(tensor(3)))).toEqual([
        dtype === "i32" ? 3 : 1,
      ]);
    }
  });
});

describe("stopGradient and barrier", () => {
  test("stopGradient keeps the value and ends the derivative", () => {
    expect(numbers(grad((x: Tensor) => mul(x, stopGradient(x)))(tensor(3)))).toEqual([3]);
    expect(numbers(jvp((x: Tensor) => stopGradient(x), [tensor(3)], [tensor(1)])[1])).toEqual([0]);
  });

  test("barrier keeps both", () => {
    const through = (x: Tensor): Tensor => square(apply(barrierPrimitive, [x], null));
    expect(numbers(grad(through)(tensor(3)))).toEqual([6]);
    expect(numbers(jvp(through, [tensor(3)], [tensor(1)])[1])).toEqual([6]);
  });
});

describe("oneHot", () => {
  const labels = tensor([2, 0], { dtype: "i32" });

  test("writes a single 1 into each row", () => {
    const rows = oneHot(labels, 3);
    expect([rows.shape, rows.dtype, numbers(rows)]).toEqual([[2, 3], "f64", [0, 0, 1, 1, 0, 0]]);
  });

  test("comes in the dtype asked for, bool included, and for labels of any shape", () => {
    expect(dtypes.map((dtype) => oneHot(labels, 3, dtype).dtype)).toEqual([...dtypes]);
    expect(numbers(oneHot(labels, 3, "bool"))).toEqual([0, 0, 1, 1, 0, 0]);
    expect(oneHot(tensor(1, { dtype: "i32" }), 2).shape).toEqual([2]);
    expect(oneHot(tensor([[0], [1]], { dtype: "i32" }), 2).shape).toEqual([2, 1, 2]);
    expect(oneHot(tensor([], { dtype: "i32" }), 4).shape).toEqual([0, 4]);
  });
});
