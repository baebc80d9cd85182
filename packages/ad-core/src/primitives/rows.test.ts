import { describe, expect, test } from "vitest";
import {
  cumsum,
  type DType,
  grad,
  hessian,
  jacobianForward,
  jacobianReverse,
  kinks,
  matmul,
  mul,
  ones,
  programFromJson,
  programToJson,
  records,
  simplify,
  square,
  sum,
  type Tensor,
  tensor,
  trace,
  tril,
  zeros,
} from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data);

/** The matrix of derivatives, which both modes must agree on. */
function jacobian(f: (x: Tensor) => Tensor, x: Tensor): number[] {
  const reverse = numbers(jacobianReverse(f, [x]) as Tensor);
  expect(numbers(jacobianForward(f, [x]) as Tensor)).toEqual(reverse);
  return reverse;
}

const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("cumsum", () => {
  test("adds up along an axis, from either end", () => {
    expect(numbers(cumsum(matrix, { axis: 1 }))).toEqual([1, 3, 6, 4, 9, 15]);
    expect(numbers(cumsum(matrix, { axis: 0 }))).toEqual([1, 2, 3, 5, 7, 9]);
    expect(numbers(cumsum(matrix, { axis: -1, reverse: true }))).toEqual([6, 5, 3, 15, 11, 6]);
    expect(
      numbers(
        cumsum(
          tensor([
            [[1], [2]],
            [[3], [4]],
          ]),
          { axis: 1, reverse: true },
        ),
      ),
    ).toEqual([3, 2, 7, 4]);
  });

  test("of nothing is nothing, and of one element that element", () => {
    expect(cumsum(zeros([0, 2]), { axis: 0 }).shape).toEqual([0, 2]);
    expect(cumsum(zeros([2, 0]), { axis: 0 }).shape).toEqual([2, 0]);
    expect(numbers(cumsum(tensor([-0]), { axis: 0 }))).toEqual([-0]);
  });

  test("adds one term after the other", () => {
    const large = 2 ** 53;
    expect(numbers(cumsum(tensor([1, large, -large]), { axis: 0 }))).toEqual([1, large, 0]);
    expect(numbers(cumsum(tensor([1, large, -large]), { axis: 0, reverse: true }))).toEqual([1, 0, -large]);
  });

  test("keeps sums of 16 bits in 32 and rounds each, and wraps integers", () => {
    const x = tensor([2048, 1, 1], { dtype: "f16" });
    expect(numbers(cumsum(x, { axis: 0 }))).toEqual([2048, 2048, 2050]);
    expect(numbers(cumsum(tensor([2 ** 31 - 1, 1], { dtype: "i32" }), { axis: 0 }))).toEqual([2 ** 31 - 1, -(2 ** 31)]);
    expect(cumsum(tensor([1], { dtype: "bf16" }), { axis: 0 }).dtype).toBe("bf16");
  });

  test("hands NaN on", () => {
    expect(numbers(cumsum(tensor([1, NaN, 2]), { axis: 0 }))).toEqual([1, NaN, NaN]);
  });

  test("is transposed by running the other way", () => {
    const lower = [1, 0, 0, 1, 1, 0, 1, 1, 1];
    expect(jacobian((x) => cumsum(x, { axis: 0 }), tensor([5, 6, 7]))).toEqual(lower);
    expect(jacobian((x) => cumsum(x, { axis: 0, reverse: true }), tensor([5, 6, 7]))).toEqual(lower.toReversed());
    const f = (x: Tensor): Tensor => sum(mul(cumsum(x, { axis: 1 }), tensor([1, 10, 100])));
    expect(numbers(grad(f)(matrix))).toEqual([111, 110, 100, 111, 110, 100]);
  });

  test("has second derivatives of what follows", () => {
    expect(numbers(hessian((x: Tensor) => sum(square(cumsum(x, { axis: 0 }))), [tensor([1, 2])]))).toEqual([
      4, 2, 2, 2,
    ]);
  });

  test("costs n - 1 additions for each row", () => {
    const price = (...shape: number[]) =>
      records.get("cumsum")?.cost([{ shape, dtype: "f64" }] as never, { axis: 1, reverse: false });
    expect([price(3, 4), price(3, 1), price(3, 0), price(0, 3)]).toEqual([{ add: 9 }, {}, {}, {}]);
  });
});

describe("tril", () => {
  const square3 = tensor([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);

  test("keeps the lower triangle, up to a diagonal", () => {
    expect(numbers(tril(square3))).toEqual([1, 0, 0, 4, 5, 0, 7, 8, 9]);
    expect(numbers(tril(square3, 1))).toEqual([1, 2, 0, 4, 5, 6, 7, 8, 9]);
    expect(numbers(tril(square3, -1))).toEqual([0, 0, 0, 4, 0, 0, 7, 8, 0]);
    expect([numbers(tril(square3, 9)), numbers(tril(square3, -9))]).toEqual([numbers(square3), Array(9).fill(0)]);
  });

  test("works on each matrix of a batch, and on matrices that are not square", () => {
    expect(numbers(tril(ones([2, 2, 3])))).toEqual([1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0]);
    expect(numbers(tril(ones([3, 2])))).toEqual([1, 0, 1, 1, 1, 1]);
    expect(tril(zeros([2, 0])).shape).toEqual([2, 0]);
    expect(tril(zeros([0, 2, 2])).shape).toEqual([0, 2, 2]);
  });

  test("leaves exact zeros, whatever stood there", () => {
    const odd = tensor([
      [1, NaN],
      [2, -0],
    ]);
    expect(numbers(tril(odd))).toEqual([1, 0, 2, -0]);
    expect(
      numbers(
        tril(
          tensor([
            [1, -Infinity],
            [2, 3],
          ]),
        ),
      ),
    ).toEqual([1, 0, 2, 3]);
  });

  test.each<DType>(["f32", "f16", "bf16", "i32", "bool"])("works on %s", (dtype) => {
    const y = tril(ones([2, 2], { dtype }));
    expect([y.dtype, numbers(y)]).toEqual([dtype, [1, 0, 1, 1]]);
  });

  test("is its own transpose", () => {
    expect(jacobian((x) => tril(x), ones([2, 2]))).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    expect(numbers(grad((x: Tensor) => sum(mul(tril(x, -1), square3)))(ones([3, 3])))).toEqual([
      0, 0, 0, 4, 0, 0, 7, 8, 0,
    ]);
    expect(numbers(hessian((x: Tensor) => sum(square(tril(x))), [ones([1, 2])]))).toEqual([2, 0, 0, 0]);
  });

  test("hides infinite slopes outside of the triangle", () => {
    const f = (x: Tensor): Tensor =>
      sum(
        tril(
          mul(
            x,
            tensor([
              [1, Infinity],
              [1, 1],
            ]),
          ),
        ),
      );
    expect(numbers(grad(f)(ones([2, 2])))[0]).toBe(1);
    expect(kinks((x: Tensor) => tril(x), [ones([2, 2])])).toMatchObject({ status: 3, watched: 0 });
  });
});

test("programs with running sums and triangles are recorded, simplified and written down", () => {
  const loss = (x: Tensor): Tensor => sum(square(cumsum(tril(matmul(x, x)), { axis: 1, reverse: true })));
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  const program = trace(grad(loss), [x]);
  const json = programFromJson(JSON.parse(JSON.stringify(programToJson(program)))) as typeof program;
  for (const run of [program, json, simplify(program)]) expect(numbers(run(x))).toEqual(numbers(grad(loss)(x)));
});
