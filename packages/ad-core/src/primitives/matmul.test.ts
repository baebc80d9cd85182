import { describe, expect, test } from "vitest";
import { dot, grad, hessian, jvp, matmul, mul, type Nested, ones, outer, sum, type Tensor, tensor } from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

const a: Nested = [
  [1, 2],
  [3, 4],
];
const b: Nested = [
  [5, 6, 7],
  [8, 9, 10],
];

describe("values and shapes as NumPy's matmul", () => {
  test("matrix times matrix", () => {
    const y = matmul(tensor(a), tensor(b));
    expect(y.shape).toEqual([2, 3]);
    expect(numbers(y)).toEqual([21, 24, 27, 47, 54, 61]);
  });

  test("a vector on the left is a row, on the right a column, and its axis is dropped", () => {
    expect(numbers(matmul(tensor([1, 1]), tensor(b)))).toEqual([13, 15, 17]);
    expect(numbers(matmul(tensor(a), tensor([1, 10])))).toEqual([21, 43]);
    expect(matmul(tensor([1, 2]), tensor([3, 4])).shape).toEqual([]);
    expect(numbers(matmul(tensor([1, 2]), tensor([3, 4])))).toEqual([11]);
  });

  test("batches go side by side, and broadcast", () => {
    const left = tensor([1, 2, 3, 4], { shape: [2, 1, 2] });
    expect(numbers(matmul(left, tensor([[1], [10]])))).toEqual([21, 43]);
    expect(matmul(left, ones([3, 1, 2, 5])).shape).toEqual([3, 2, 1, 5]);
    expect(matmul(ones([2, 1, 3, 4]), ones([5, 4, 6])).shape).toEqual([2, 5, 3, 6]);
    expect(matmul(tensor([1, 1]), ones([3, 2, 4])).shape).toEqual([3, 4]);
    expect(matmul(ones([3, 2, 4]), ones([4])).shape).toEqual([3, 2]);
  });

  test("an empty inner axis sums to 0, an empty outer one gives nothing", () => {
    expect(numbers(matmul(ones([2, 0]), ones([0, 1])))).toEqual([0, 0]);
    expect(matmul(ones([0, 2]), ones([2, 3])).shape).toEqual([0, 3]);
  });

  test("integers multiply too", () => {
    expect(numbers(matmul(tensor([2, 3], { dtype: "i32" }), tensor([4, 5], { dtype: "i32" })))).toEqual([23]);
  });

  test("dot and outer", () => {
    expect(numbers(dot(tensor([1, 2]), tensor([3, 4])))).toEqual([11]);
    expect(numbers(outer(tensor([1, 2]), tensor([3, 4, 5])))).toEqual([3, 4, 5, 6, 8, 10]);
    expect(outer(tensor([1, 2]), tensor([3, 4, 5])).shape).toEqual([2, 3]);
  });
});

describe("sums of products", () => {
  const f32 = { dtype: "f32" } as const;

  test("run over the inner index in ascending order", () => {
    const big = 2 ** 24;
    expect(numbers(matmul(tensor([big, 1, 1], f32), tensor([1, 1, 1], f32)))).toEqual([big]);
    expect(numbers(matmul(tensor([1, 1, big], f32), tensor([1, 1, 1], f32)))).toEqual([big + 2]);
  });

  test("of 16-bit numbers are kept in 32 bits and rounded once", () => {
    const f16 = { dtype: "f16" } as const;
    expect(numbers(matmul(tensor([2048, 1, 1], f16), tensor([1, 1, 1], f16)))).toEqual([2050]);
    expect(numbers(matmul(tensor([300, 300], f16), tensor([300, -300], f16)))).toEqual([0]);
  });

  test("multiply plainly: zero times infinity is NaN", () => {
    expect(numbers(matmul(tensor([0, 1]), tensor([Infinity, 1])))).toEqual([NaN]);
  });
});

describe("derivatives", () => {
  const total = (x: Tensor, y: Tensor): Tensor => sum(matmul(x, y));

  test("of the sum of a product are row sums and column sums", () => {
    const [da, db] = grad(total, { wrt: [0, 1] })(tensor(a), tensor(b));
    expect(numbers(da)).toEqual([18, 27, 18, 27]);
    expect(numbers(db)).toEqual([4, 4, 4, 6, 6, 6]);
  });

  test("in forward mode obey the product rule", () => {
    const [, dy] = jvp(
      matmul as typeof total,
      [tensor(a), tensor([1, 1])],
      [
        tensor([
          [1, 0],
          [0, 0],
        ]),
        tensor([0, 1]),
      ],
    );
    expect(numbers(dy)).toEqual([3, 4]);
  });

  test("of vectors are the other vector", () => {
    expect(numbers(grad(dot)(tensor([1, 2]), tensor([3, 4])))).toEqual([3, 4]);
    const f = (x: Tensor, y: Tensor): Tensor => sum(outer(x, y));
    expect(grad(f, { wrt: [0, 1] })(tensor([1, 2]), tensor([3, 4, 5])).map(numbers)).toEqual([
      [12, 12],
      [3, 3, 3],
    ]);
  });

  test("of an operand that was broadcast over a batch are summed over it", () => {
    const left = tensor([1, 2, 3, 4], { shape: [2, 1, 2] });
    const gradient = grad(total, { wrt: 1 })(left, tensor([[1], [1]]));
    expect(gradient.shape).toEqual([2, 1]);
    expect(numbers(gradient)).toEqual([4, 6]);
  });

  test("of a quadratic form: gradient (A + Aᵀ) x, second derivative A + Aᵀ", () => {
    const form = (x: Tensor): Tensor => sum(mul(x, matmul(tensor(a), x)));
    expect(numbers(grad(form)(tensor([1, 2])))).toEqual([12, 21]);
    expect(numbers(hessian(form, [tensor([1, 2])]))).toEqual([2, 5, 5, 8]);
  });
});
