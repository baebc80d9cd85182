import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AdError,
  add,
  type DType,
  div,
  floor,
  grad,
  hessian,
  jvp,
  mul,
  type Nested,
  neg,
  pow,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from "../index.ts";

/** The numbers of a tensor; -0 counts as 0. */
const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** Both partial derivatives at numbers, which the two modes must agree on. */
function partials(f: (a: Tensor, b: Tensor) => Tensor, a: number, b: number): number[] {
  const at = [tensor(a), tensor(b)] as const;
  const reverse = grad(f, { wrt: [0, 1] })(...at).flatMap(numbers);
  const forward = [jvp(f, at, [tensor(1), tensor(0)]), jvp(f, at, [tensor(0), tensor(1)])];
  expect(forward.flatMap(([, dy]) => numbers(dy))).toEqual(reverse);
  return reverse;
}

/** The derivative at a number, which the two modes must agree on. */
function slope(f: (x: Tensor) => Tensor, x: number): number {
  const [reverse] = numbers(grad(f)(tensor(x)));
  expect(numbers(jvp(f, [tensor(x)], [tensor(1)])[1])).toEqual([reverse]);
  return reverse as number;
}

const second = (f: (x: Tensor) => Tensor, x: number): number => slope(grad(f), x);

describe("values on small integers", () => {
  const cases: readonly (readonly [string, Tensor, Nested])[] = [
    ["add", add(tensor([1, 2]), tensor([10, 20])), [11, 22]],
    ["sub", sub(tensor([1, 2]), tensor([10, 20])), [-9, -18]],
    ["mul", mul(tensor([3, -2]), tensor([4, 5])), [12, -10]],
    ["div", div(tensor([12, -10]), tensor([4, 5])), [3, -2]],
    ["neg", neg(tensor([1, -2])), [-1, 2]],
    ["square", square(tensor([3, -2])), [9, 4]],
    ["pow", pow(tensor([2, -3, 9]), tensor([10, 3, 0.5])), [1024, -27, 3]],
    ["floor", floor(tensor([1.5, -1.5, 2])), [1, -2, 2]],
  ];
  test.each(cases)("%s", (_name, found, expected) => {
    expect(numbers(found)).toEqual(expected);
  });

  test("a plain number takes the dtype of the tensor beside it, on either side", () => {
    expect(add(tensor([1], { dtype: "f16" }), 0.1).dtype).toBe("f16");
    expect(sub(3, tensor([1, 2], { dtype: "i32" })).dtype).toBe("i32");
    expect(numbers(sub(3, tensor([1, 2])))).toEqual([2, 1]);
    expect(numbers(div(1, tensor([2, 4])))).toEqual([0.5, 0.25]);
    expect(add(1, 2).dtype).toBe("f64");
  });

  test("operands broadcast as in NumPy", () => {
    const outer = add(tensor([[1], [2]]), tensor([10, 20, 30]));
    expect(outer.shape).toEqual([2, 3]);
    expect(numbers(outer)).toEqual([11, 21, 31, 12, 22, 32]);
    expect(mul(tensor([[[2]]]), tensor([1, 2])).shape).toEqual([1, 1, 2]);
    expect(add(tensor([], { shape: [0, 2] }), tensor([1, 2])).shape).toEqual([0, 2]);
  });

  test("integers wrap around", () => {
    const top = tensor(2147483647, { dtype: "i32" });
    expect(numbers(add(top, 1))).toEqual([-2147483648]);
    expect(numbers(mul(top, 2))).toEqual([-2]);
    expect(numbers(neg(tensor(-2147483648, { dtype: "i32" })))).toEqual([-2147483648]);
    expect(numbers(square(tensor(65536, { dtype: "i32" })))).toEqual([0]);
  });
});

describe("derivatives", () => {
  test("of sums, differences, products and quotients at (3, 4)", () => {
    expect(partials(add, 3, 4)).toEqual([1, 1]);
    expect(partials(sub, 3, 4)).toEqual([1, -1]);
    expect(partials(mul, 3, 4)).toEqual([4, 3]);
    expect(partials(div, 3, 4)).toEqual([0.25, -0.1875]);
  });

  test("of one argument", () => {
    expect(slope(neg, 5)).toBe(-1);
    expect(slope(square, -3)).toBe(-6);
    expect(second(square, -3)).toBe(2);
    expect(slope(floor, 2)).toBe(0);
    expect(slope(floor, 2.5)).toBe(0);
  });

  test("an operand that was broadcast collects the cotangents of its copies", () => {
    const f = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b));
    const gradients = grad(f, { wrt: [0, 1] })(tensor([[1], [2]]), tensor([10, 20, 30]));
    expect(gradients.map((g) => g.shape)).toEqual([[2, 1], [3]]);
    expect(gradients.map(numbers)).toEqual([
      [60, 60],
      [3, 3, 3],
    ]);
  });

  test("an argument used twice collects both contributions", () => {
    expect(slope((x) => mul(x, x), 5)).toBe(10);
    expect(slope((x) => div(x, x), 4)).toBe(0);
    expect(slope((x) => sub(x, x), 4)).toBe(0);
  });
});

describe("division by zero", () => {
  test("is infinite, and so are its derivatives", () => {
    expect(numbers(div(tensor([1, -1, 0]), 0))).toEqual([Infinity, -Infinity, NaN]);
    expect(partials(div, 1, 0)).toEqual([Infinity, -Infinity]);
    expect(partials(div, -1, 0)).toEqual([Infinity, Infinity]);
  });

  test("of zero has an infinite derivative above and none below", () => {
    expect(partials(div, 0, 0)).toEqual([Infinity, NaN]);
  });

  test("a divisor of -0 turns the sign", () => {
    expect(numbers(div(tensor(1), -0))).toEqual([-Infinity]);
  });
});

describe("powers at their special points", () => {
  const cases: readonly (readonly [a: number, b: number, value: number, da: number, db: number])[] = [
    [0, 0, 1, 0, 0],
    [0, 1, 0, 1, 0],
    [0, 2, 0, 0, 0],
    [0, 3, 0, 0, 0],
    [0, 0.5, 0, Infinity, 0],
    [0, -1, Infinity, -Infinity, 0],
    [-0, 2, 0, 0, 0],
    [2, 0, 1, 0, Math.LN2],
    [1, 5, 1, 5, 0],
    [2, 3, 8, 12, 8 * Math.LN2],
    [-2, 0, 1, 0, NaN],
    [-2, 2, 4, -4, NaN],
    [-2, 3, -8, 12, NaN],
    [-2, 0.5, NaN, NaN, NaN],
  ];
  test.each(cases)("at (%d, %d)", (a, b, value, da, db) => {
    expect(numbers(pow(a, b))).toEqual([value]);
    expect(partials(pow, a, b)).toEqual([da, db]);
  });

  const seconds: readonly (readonly [a: number, b: number, second: number])[] = [
    [0, 0, 0],
    [0, 1, 0],
    [0, 2, 2],
    [0, 3, 0],
    [0, 4, 0],
    [-3, 2, 2],
    [-3, 3, -18],
    [2, 0, 0],
    [2, 4, 48],
  ];
  test.each(seconds)("the second derivative in the base at (%d, %d) is %d", (a, b, expected) => {
    expect(second((x) => pow(x, b), a)).toBe(expected);
    expect(numbers(hessian((x: Tensor) => pow(x, b), [tensor(a)]))).toEqual([expected]);
  });

  test("the third derivative of a cube at 0 is 6", () => {
    const cube = (x: Tensor): Tensor => pow(x, 3);
    expect(slope(grad(grad(cube)), 0)).toBe(6);
  });

  test("the mixed second derivatives agree where the power is smooth", () => {
    const f = (x: Tensor, y: Tensor): Tensor => pow(x, y);
    const inBaseThenExponent = grad((x: Tensor, y: Tensor) => grad(f)(x, y), { wrt: 1 });
    const inExponentThenBase = grad((x: Tensor, y: Tensor) => grad(f, { wrt: 1 })(x, y));
    expect(numbers(inBaseThenExponent(tensor(2), tensor(0)))).toEqual([0.5]);
    expect(numbers(inExponentThenBase(tensor(2), tensor(0)))).toEqual([0.5]);
  });
});

describe("rounding", () => {
  const operations = {
    add: [add, (a: number, b: number) => a + b],
    sub: [sub, (a: number, b: number) => a - b],
    mul: [mul, (a: number, b: number) => a * b],
    div: [div, (a: number, b: number) => a / b],
    sqrt: [(a: Tensor) => sqrt(a), (a: number) => Math.sqrt(a)],
  } as const;
  const narrow: readonly DType[] = ["f32", "f16", "bf16"];
  const cases = Object.keys(operations).flatMap((name) => narrow.map((dtype) => [name, dtype] as const));
  const ordinary = fc.float({ min: -1000, max: 1000, noNaN: true });

  test.each(cases)("%s in %s is the exact result rounded once", (name, dtype) => {
    const [operation, onDoubles] = operations[name as keyof typeof operations];
    fc.assert(
      fc.property(fc.array(fc.tuple(ordinary, ordinary), { minLength: 64, maxLength: 64 }), (pairs) => {
        const a = tensor(
          pairs.map(([x]) => x),
          { dtype },
        );
        const b = tensor(
          pairs.map(([, y]) => y),
          { dtype },
        );
        const exact = Array.from(a.data, (x, i) => onDoubles(x, b.data[i] as number));
        expect(Array.from(operation(a, b).data)).toEqual(Array.from(tensor(exact, { dtype }).data));
      }),
    );
  });

  test("f32 products agree with Math.fround", () => {
    fc.assert(
      fc.property(ordinary, ordinary, (a, b) => {
        const [found] = mul(tensor(a, { dtype: "f32" }), tensor(b, { dtype: "f32" })).data;
        expect(found).toBe(Math.fround(a * b));
      }),
    );
  });

  test("the smallest examples: a tie goes to even", () => {
    const at = (value: number, dtype: DType): Tensor => tensor(value, { dtype });
    expect(numbers(add(at(2048, "f16"), at(1, "f16")))).toEqual([2048]);
    expect(numbers(add(at(2050, "f16"), at(1, "f16")))).toEqual([2052]);
    expect(numbers(add(at(256, "bf16"), at(1, "bf16")))).toEqual([256]);
    expect(numbers(add(at(258, "bf16"), at(1, "bf16")))).toEqual([260]);
    expect(numbers(add(at(16777216, "f32"), at(1, "f32")))).toEqual([16777216]);
    expect(numbers(mul(at(300, "f16"), at(300, "f16")))).toEqual([Infinity]);
  });
});

test("mixed dtypes are refused, a number that fits neither is rounded", () => {
  expect(() => add(tensor(1, { dtype: "f16" }), tensor(1, { dtype: "bf16" }))).toThrow(AdError);
  expect(numbers(mul(tensor(1, { dtype: "f16" }), 0.1))).toEqual([0.0999755859375]);
});
