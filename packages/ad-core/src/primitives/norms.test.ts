import { describe, expect, test } from "vitest";
import { gradient as gradientAt, numbers } from "../../laws/bothModes.ts";
import {
  atKink,
  atZero,
  blend,
  first,
  hessian,
  last,
  type Nested,
  norm1,
  norm2,
  random,
  type Select,
  square,
  sum,
  type Tensor,
  tensor,
  uniform,
  weights,
} from "../index.ts";

const gradient = (f: (x: Tensor) => Tensor, at: Nested, select: Select = {}): number[] =>
  gradientAt(f, tensor(at), select);

const matrix: Nested = [
  [3, -4],
  [0, 0],
];

describe("values", () => {
  test("along axes, with and without keepDims", () => {
    const x = tensor(matrix);
    expect(numbers(norm1(x))).toEqual([7]);
    expect(numbers(norm1(x, { axes: 1 }))).toEqual([7, 0]);
    expect(numbers(norm2(x))).toEqual([5]);
    expect(numbers(norm2(x, { axes: -1 }))).toEqual([5, 0]);
    expect(numbers(norm2(x, { axes: 0 }))).toEqual([3, 4]);
    expect(norm2(x, { axes: 1, keepDims: true }).shape).toEqual([2, 1]);
    expect(norm1(x, { keepDims: true }).shape).toEqual([1, 1]);
  });

  test("of nothing are 0", () => {
    expect(numbers(norm1(tensor([])))).toEqual([0]);
    expect(numbers(norm2(tensor([])))).toEqual([0]);
  });

  test("of NaN are NaN, and of infinity infinite", () => {
    expect([norm1, norm2].map((f) => numbers(f(tensor([1, NaN]))))).toEqual([[NaN], [NaN]]);
    expect([norm1, norm2].map((f) => numbers(f(tensor([1, -Infinity]))))).toEqual([[Infinity], [Infinity]]);
  });

  test("in 16 bits the squares are summed in 32 bits", () => {
    expect(numbers(norm2(tensor([300, 400], { dtype: "f16" })))).toEqual([500]);
  });
});

describe("norm1 at an entry that is 0, under its own name", () => {
  const at = [3, 0, -2, -0];
  const cases: readonly (readonly [string, Select, number])[] = [
    ["default", {}, 0],
    ["first", { norm1: first }, -1],
    ["last", { norm1: last }, 1],
    ["uniform", { norm1: uniform }, 0],
    ["atKink(0.25)", { norm1: atKink(0.25) }, -0.5],
    ["blend(first, uniform, 10)", { norm1: blend(first, uniform, 10) }, 9],
    ["weights", { norm1: weights((k) => (k === 2 ? [0.375, 0.625] : [1, ...Array<number>(k - 1).fill(0)])) }, 0.25],
    ["a selection of abs, which does not concern it", { abs: last }, 0],
  ];
  test.each(cases)("%s", (_name, select, slope) => {
    expect(gradient((x) => norm1(x), at, select)).toEqual([1, slope, -1, slope]);
  });

  test("random draws -1 or 1 for each entry, and the same again", () => {
    const draw = (seed: number): number[] =>
      gradient((x) => norm1(x), Array<number>(32).fill(0), { norm1: random(seed) });
    expect([...new Set(draw(1))].toSorted()).toEqual([-1, 1]);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test("NaN is a tie of two branches that are NaN", () => {
    expect(gradient((x) => norm1(x), [NaN, 2])).toEqual([0, 1]);
    expect(gradient((x) => norm1(x), [NaN, 2], { norm1: last })).toEqual([1, 1]);
  });
});

describe("norm2 at 0", () => {
  const cases: readonly (readonly [string, Select, number[]])[] = [
    ["default", {}, [0, 0]],
    ["atZero(zero)", { norm2: atZero("zero") }, [0, 0]],
    ["atZero(ones)", { norm2: atZero("ones") }, [1, 1]],
    ["atZero(fn)", { norm2: atZero((n) => Array.from({ length: n }, (_, i) => i / n)) }, [0, 0.5]],
  ];
  test.each(cases)("%s", (_name, select, expected) => {
    expect(gradient((x) => norm2(x), [0, 0], select)).toEqual(expected);
    expect(gradient((x) => norm2(x), [-0, 0], select)).toEqual(expected);
  });

  test("the vector belongs to one row, and other rows do not see it", () => {
    const f = (x: Tensor): Tensor => sum(norm2(x, { axes: 1 }));
    expect(
      gradient(
        f,
        [
          [3, 4],
          [0, 0],
        ],
        { norm2: atZero("ones") },
      ),
    ).toEqual([3 / 5, 4 / 5, 1, 1]);
    const columns = (x: Tensor): Tensor => sum(norm2(x, { axes: 0 }));
    expect(
      gradient(
        columns,
        [
          [3, 0],
          [4, 0],
        ],
        { norm2: atZero((n) => [n, -n]) },
      ),
    ).toEqual([3 / 5, 2, 4 / 5, -2]);
  });

  test("entries so small that their squares vanish count as 0", () => {
    expect(gradient((x) => norm2(x), [1e-200, 0])).toEqual([0, 0]);
  });

  test("the second derivative is 0, for every vector", () => {
    for (const vector of ["zero", "ones"] as const) {
      const options = { select: { norm2: atZero(vector) } };
      expect(numbers(hessian((x: Tensor) => norm2(x), [tensor([0, 0])], options))).toEqual([0, 0, 0, 0]);
    }
  });

  test("the square of the norm has gradient 0 and never NaN", () => {
    expect(gradient((x) => square(norm2(x)), [0, 0], { norm2: atZero("ones") })).toEqual([0, 0]);
  });
});

describe("norm2 away from 0", () => {
  test("the gradient is the unit vector", () => {
    expect(gradient((x) => norm2(x), [3, -4])).toEqual([3 / 5, -4 / 5]);
    expect(gradient((x) => norm2(x), [-5])).toEqual([-1]);
  });

  test("the second derivative is the projection across it, divided by the norm", () => {
    const found = numbers(hessian((x: Tensor) => norm2(x), [tensor([3, 4])]));
    [16 / 125, -12 / 125, -12 / 125, 9 / 125].forEach((expected, i) => {
      expect(found[i]).toBeCloseTo(expected, 14);
    });
  });

  test("NaN stays visible", () => {
    expect(gradient((x) => norm2(x), [NaN, 1])).toEqual([NaN, NaN]);
  });
});
