import { describe, expect, test } from "vitest";
import {
  div,
  equal,
  exp,
  grad,
  greater,
  jvp,
  log,
  mul,
  notEqual,
  pow,
  sqrt,
  square,
  sum,
  type Tensor,
  tensor,
  where,
} from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** The derivative at a number, which the two modes must agree on. */
function slope(f: (x: Tensor) => Tensor, x: number): number {
  const [reverse] = numbers(grad(f)(tensor(x)));
  expect(numbers(jvp(f, [tensor(x)], [tensor(1)])[1])).toEqual([reverse]);
  return reverse as number;
}

/** The second derivative by the four combinations of modes, which must agree. */
function second(f: (x: Tensor) => Tensor, x: number): number {
  const inner = { reverse: grad(f), forward: (v: Tensor) => jvp(f, [v], [tensor(1)])[1] };
  const found = Object.values(inner).map((derivative) => slope(derivative, x));
  expect(found[1]).toBe(found[0]);
  return found[0] as number;
}

describe("values", () => {
  test("are taken element by element, and operands broadcast", () => {
    const condition = tensor([true, false, true]);
    expect(numbers(where(condition, tensor([1, 2, 3]), 0))).toEqual([1, 0, 3]);
    expect(numbers(where(condition, tensor([[1], [2]]), tensor([7, 8, 9])))).toEqual([1, 8, 1, 2, 8, 2]);
    expect(numbers(where(tensor(true), tensor([1, 2]), 0))).toEqual([1, 2]);
  });

  test("come in the dtype of the branches", () => {
    expect(where(tensor(true), tensor(1, { dtype: "f16" }), 0.1).dtype).toBe("f16");
    expect(where(tensor(true), tensor(1, { dtype: "i32" }), 0).dtype).toBe("i32");
  });

  test("of the branch not taken do not show", () => {
    expect(numbers(where(tensor(false), NaN, 3))).toEqual([3]);
  });
});

test("each branch gets the cotangents of the places where it is taken", () => {
  const condition = tensor([true, false, true]);
  const f = (a: Tensor, b: Tensor): Tensor => sum(mul(where(condition, a, b), tensor([1, 10, 100])));
  expect(grad(f, { wrt: [0, 1] })(tensor([0, 0, 0]), tensor(5)).map(numbers)).toEqual([[1, 0, 100], [10]]);
});

describe("the branch not taken never turns a derivative into NaN, to second order and in all combinations of modes", () => {
  type Row = readonly [says: string, f: (x: Tensor) => Tensor, at: number, first: number, second: number];
  const positive = (x: Tensor, taken: Tensor | number, other: Tensor | number = 0): Tensor =>
    where(greater(x, 0), taken, other);
  const rows: readonly Row[] = [
    ["sqrt at -1", (x) => positive(x, sqrt(x)), -1, 0, 0],
    ["sqrt at 0", (x) => positive(x, sqrt(x)), 0, 0, 0],
    ["sqrt at 4, where it is taken", (x) => positive(x, sqrt(x)), 4, 0.25, -0.03125],
    ["log at -1", (x) => positive(x, log(x)), -1, 0, 0],
    ["log at 0", (x) => positive(x, log(x)), 0, 0, 0],
    ["log at 1, where it is taken", (x) => positive(x, log(x)), 1, 1, -1],
    ["a quotient at 0", (x) => where(notEqual(x, 0), div(1, x), 0), 0, 0, 0],
    ["0/0 at 0, beside a square", (x) => where(equal(x, 0), square(x), div(x, x)), 0, 0, 2],
    ["a quotient at 2, where it is taken", (x) => where(notEqual(x, 0), div(1, x), 0), 2, -0.25, 0.25],
    ["a fractional power at 0", (x) => positive(x, pow(x, 0.5)), 0, 0, 0],
    ["a fractional power at -1", (x) => positive(x, pow(x, 0.5), mul(x, 3)), -1, 3, 0],
    ["an overflow at -1000", (x) => positive(x, exp(mul(x, -1)), square(x)), -1000, -2000, 2],
    ["sqrt of a product at -1", (x) => positive(x, sqrt(mul(x, square(x)))), -1, 0, 0],
  ];
  test.each(rows)("%s", (_says, f, at, first, secondDerivative) => {
    expect(slope(f, at)).toBe(first);
    expect(second(f, at)).toBe(secondDerivative);
  });

  test("a branch taken from -1 still shows its own NaN", () => {
    expect(slope((x) => where(greater(0, x), sqrt(x), 0), -1)).toBe(NaN);
  });
});
