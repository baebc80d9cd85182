import { describe, expect, test } from "vitest";
import { all, any, grad, hessian, jvp, mean, type Nested, prod, sum, type Tensor, tensor, variance } from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** The gradient of a scalar function, which both modes must agree on. */
function gradient(f: (x: Tensor) => Tensor, at: Nested): number[] {
  const x = tensor(at);
  const reverse = numbers(grad(f)(x));
  const forward = reverse.map((_, i) => {
    const unit = tensor(
      reverse.map((_other, j) => (i === j ? 1 : 0)),
      { shape: x.shape },
    );
    return numbers(jvp(f, [x], [unit])[1])[0];
  });
  expect(forward).toEqual(reverse);
  return reverse;
}

const matrix: Nested = [
  [1, 2, 3],
  [5, 9, 4],
];

describe("mean", () => {
  test("over all axes, one axis and with keepDims", () => {
    expect(numbers(mean(tensor(matrix)))).toEqual([4]);
    expect(numbers(mean(tensor(matrix), { axes: 1 }))).toEqual([2, 6]);
    expect(mean(tensor(matrix), { axes: -1, keepDims: true }).shape).toEqual([2, 1]);
  });

  test("shares its derivative equally, and the mean of nothing is NaN", () => {
    expect(gradient((x) => mean(x), [3, 1, 7, 9])).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(numbers(mean(tensor([])))).toEqual([NaN]);
  });
});

describe("variance", () => {
  test("divides by n, or by n less the correction", () => {
    expect(numbers(variance(tensor([1, 3])))).toEqual([1]);
    expect(numbers(variance(tensor([1, 3]), { correction: 1 }))).toEqual([2]);
    expect(numbers(variance(tensor(matrix), { axes: 1 }))).toEqual([2 / 3, 14 / 3]);
    expect(variance(tensor(matrix), { axes: 0, keepDims: true }).shape).toEqual([1, 3]);
    expect(numbers(variance(tensor([5])))).toEqual([0]);
  });

  test("has gradient 2 (x - mean) / n", () => {
    expect(gradient((x) => variance(x), [1, 3, 5, 7])).toEqual([-1.5, -0.5, 0.5, 1.5]);
    expect(
      gradient(
        (x) => sum(variance(x, { axes: 1 })),
        [
          [1, 3],
          [5, 5],
        ],
      ),
    ).toEqual([-1, 1, 0, 0]);
  });
});

describe("prod", () => {
  test("over all axes, one axis and with keepDims", () => {
    expect(numbers(prod(tensor([2, 3, 4])))).toEqual([24]);
    expect(numbers(prod(tensor(matrix), { axes: 0 }))).toEqual([5, 18, 12]);
    expect(numbers(prod(tensor(matrix), { axes: -1 }))).toEqual([6, 180]);
    expect(prod(tensor(matrix), { keepDims: true }).shape).toEqual([1, 1]);
    expect(numbers(prod(tensor([7])))).toEqual([7]);
  });

  test("of nothing is 1", () => {
    expect(numbers(prod(tensor([])))).toEqual([1]);
    expect(numbers(prod(tensor([], { shape: [2, 0], dtype: "i32" }), { axes: 1 }))).toEqual([1, 1]);
  });

  test("has the product of the others as derivative, also at zeros", () => {
    expect(gradient((x) => prod(x), [2, 3, 4])).toEqual([12, 8, 6]);
    expect(gradient((x) => prod(x), [0, 3, 4])).toEqual([12, 0, 0]);
    expect(gradient((x) => prod(x), [0, 3, 0])).toEqual([0, 0, 0]);
    expect(gradient((x) => prod(x), [2, 3, 5, 7, 0])).toEqual([0, 0, 0, 0, 210]);
  });

  test("has the product of the remaining ones as second derivative, also at zeros", () => {
    const curvature = (at: number[]): number[] => numbers(hessian((x: Tensor) => prod(x), [tensor(at)]));
    expect(curvature([2, 3, 4])).toEqual([0, 4, 3, 4, 0, 2, 3, 2, 0]);
    expect(curvature([0, 3, 4])).toEqual([0, 4, 3, 4, 0, 0, 3, 0, 0]);
    expect(curvature([0, 0, 5])).toEqual([0, 5, 0, 5, 0, 0, 0, 0, 0]);
    expect(curvature([0, 0, 0])).toEqual(Array(9).fill(0));
  });

  test("has third derivative 1 in three different factors, at 0", () => {
    const third = grad((x: Tensor) => sum(hessian((y: Tensor) => prod(y), [x])))(tensor([0, 0, 0]));
    expect(numbers(third)).toEqual([2, 2, 2]);
  });

  test("beside an infinite factor a zero gives NaN in the value, not in the derivative", () => {
    expect(numbers(prod(tensor([0, Infinity])))).toEqual([NaN]);
    expect(gradient((x) => prod(x), [0, Infinity])).toEqual([Infinity, 0]);
  });
});

describe("any and all", () => {
  const x = tensor([
    [true, false],
    [true, true],
  ]);

  test("reduce conditions over all axes or some", () => {
    expect([any(x), all(x)].map(numbers)).toEqual([[1], [0]]);
    expect([any(x, { axes: 1 }), all(x, { axes: 1 })].map(numbers)).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect(all(x, { axes: 0, keepDims: true }).shape).toEqual([1, 2]);
    expect(any(x).dtype).toBe("bool");
  });
});

test("a setting of the variance is not one of the sum", () => {
  const misplaced = { correction: 1 } as Parameters<typeof sum>[1];
  expect(() => sum(tensor([1, 3]), misplaced)).toThrow(expect.objectContaining({ code: "domain", where: "sum" }));
});
