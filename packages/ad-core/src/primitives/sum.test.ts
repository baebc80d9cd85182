import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { broadcastTo, type DType, grad, jvp, mul, type Nested, sum, type Tensor, tensor } from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

const matrix: Nested = [
  [1, 2, 3],
  [4, 5, 6],
];

describe("sum", () => {
  test("over all axes, some axes and negative axes", () => {
    const x = tensor(matrix);
    expect(numbers(sum(x))).toEqual([21]);
    expect(numbers(sum(x, { axes: 0 }))).toEqual([5, 7, 9]);
    expect(numbers(sum(x, { axes: -1 }))).toEqual([6, 15]);
    expect(numbers(sum(x, { axes: [1, 0] }))).toEqual([21]);
    expect(numbers(sum(x, { axes: [] }))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("keepDims keeps the reduced axes with size 1", () => {
    expect(sum(tensor(matrix), { keepDims: true }).shape).toEqual([1, 1]);
    expect(sum(tensor(matrix), { axes: -1, keepDims: true }).shape).toEqual([2, 1]);
  });

  test("of nothing is 0", () => {
    expect(numbers(sum(tensor([])))).toEqual([0]);
    expect(numbers(sum(tensor([], { shape: [2, 0] }), { axes: 1 }))).toEqual([0, 0]);
    expect(sum(tensor([], { shape: [2, 0] }), { axes: 0 }).shape).toEqual([0]);
  });

  test("of a scalar is the scalar", () => {
    expect(numbers(sum(tensor(7)))).toEqual([7]);
  });

  test("of zeros keeps the sign of -0", () => {
    expect(Object.is(sum(tensor([-0, -0])).data[0], -0)).toBe(true);
  });

  test("of integers wraps around", () => {
    expect(numbers(sum(tensor([2147483647, 1], { dtype: "i32" })))).toEqual([-2147483648]);
  });
});

describe("derivatives of sum and broadcastTo, each the transpose of the other", () => {
  test("every term moves the sum by as much as itself", () => {
    const f = (x: Tensor): Tensor => sum(mul(sum(x, { axes: 0 }), tensor([1, 10, 100])));
    expect(numbers(grad(f)(tensor(matrix)))).toEqual([1, 10, 100, 1, 10, 100]);
    const [value, tangent] = jvp((x: Tensor) => sum(x, { axes: 1 }), [tensor(matrix)], [tensor(matrix)]);
    expect([numbers(value), numbers(tangent)]).toEqual([
      [6, 15],
      [6, 15],
    ]);
  });

  test("a repeated element collects the cotangents of its copies", () => {
    const f = (x: Tensor): Tensor => sum(mul(broadcastTo(x, [2, 3]), tensor(matrix)));
    expect(numbers(grad(f)(tensor([1, 1, 1])))).toEqual([5, 7, 9]);
    expect(numbers(grad(f)(tensor([[1], [1]])))).toEqual([6, 15]);
    expect(numbers(grad(f)(tensor(1)))).toEqual([21]);
    expect(grad(f)(tensor([[1]])).shape).toEqual([1, 1]);
  });

  test("broadcastTo repeats along new and along short axes", () => {
    expect(numbers(broadcastTo(tensor([[1], [2]]), [2, 2]))).toEqual([1, 1, 2, 2]);
    expect(numbers(broadcastTo(tensor([1, 2]), [2, 2]))).toEqual([1, 2, 1, 2]);
    expect(broadcastTo(tensor([[1]]), [0, 1]).shape).toEqual([0, 1]);
  });
});

/** The stated order, said again: groups of 4096, in each 16 lanes that are folded in halves, then group after group. */
function inStatedOrder(values: readonly number[]): number {
  const { fround } = Math;
  const groups = Array.from({ length: Math.ceil(values.length / 4096) }, (_, g) =>
    values.slice(g * 4096, (g + 1) * 4096),
  );
  const ofGroup = (group: readonly number[]): number => {
    let lanes = Array.from({ length: Math.min(16, group.length) }, (_, l) =>
      group.filter((_value, i) => i % 16 === l).reduce((a, b) => fround(a + b)),
    );
    for (const half of [8, 4, 2, 1]) {
      lanes = lanes
        .slice(0, half)
        .map((value, l) => (l + half < lanes.length ? fround(value + (lanes[l + half] as number)) : value));
    }
    return lanes[0] as number;
  };
  return groups.map(ofGroup).reduce((a, b) => fround(a + b));
}

describe("the stated order of f32 sums", () => {
  const big = 2 ** 24;
  /** `big` first, and ones at some positions: a one that meets `big` alone is lost, two that meet first count. */
  const withOnes = (length: number, ...ones: number[]): number[] => {
    const sum32 = sum(
      tensor(
        Array.from({ length }, (_, i) => (i === 0 ? big : ones.includes(i) ? 1 : 0)),
        { dtype: "f32" },
      ),
    );
    return numbers(sum32);
  };

  test("terms 16 apart meet in their lane first", () => {
    expect(withOnes(32, 1, 17)).toEqual([big + 2]);
    expect(withOnes(32, 16, 17)).toEqual([big]);
  });

  test("lanes 8, 4 and 2 apart meet before neighbours do", () => {
    expect([withOnes(16, 1, 9), withOnes(16, 2, 6), withOnes(16, 1, 3)]).toEqual([[big + 2], [big + 2], [big + 2]]);
    expect([withOnes(16, 8, 1), withOnes(16, 4, 1), withOnes(16, 2, 1)]).toEqual([[big], [big], [big]]);
  });

  test("a group of 4096 is finished before the next one is added", () => {
    expect(withOnes(4098, 4096, 4097)).toEqual([big + 2]);
    expect(withOnes(4098, 1, 4096)).toEqual([big]);
  });

  test("is followed bit for bit for every length", () => {
    const term = fc.float({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 80 }), (values) => {
        expect(Array.from(sum(tensor(values, { dtype: "f32" })).data)).toEqual([inStatedOrder(values)]);
      }),
    );
  });

  test("is followed bit for bit across groups, along any axis", () => {
    const values = Array.from({ length: 9001 }, (_, i) => Math.fround(Math.sqrt(i) - 40));
    const expected = inStatedOrder(values);
    expect(Array.from(sum(tensor(values, { dtype: "f32" })).data)).toEqual([expected]);
    const columns = tensor(
      values.flatMap((value) => [value, 0]),
      { shape: [9001, 2], dtype: "f32" },
    );
    expect(Array.from(sum(columns, { axes: 0 }).data)).toEqual([expected, 0]);
  });
});

describe("16-bit sums are kept in 32 bits and rounded once", () => {
  const of = (dtype: DType, values: number[]): number[] => numbers(sum(tensor(values, { dtype })));

  test("ones that a 16-bit sum would lose are counted", () => {
    expect(of("f16", [2048, 1, 1])).toEqual([2050]);
    expect(of("bf16", [256, 1, 1])).toEqual([258]);
  });

  test("the end is rounded to even", () => {
    expect(of("f16", [2048, 1])).toEqual([2048]);
    expect(of("f16", [2050, 1])).toEqual([2052]);
    expect(of("bf16", [256, 1])).toEqual([256]);
  });

  test("a sum that passes through infinity of the format comes back", () => {
    expect(of("f16", [60000, 60000, -60000])).toEqual([60000]);
  });

  test("the result has the dtype of the terms", () => {
    expect(sum(tensor([1], { dtype: "bf16" })).dtype).toBe("bf16");
  });
});
