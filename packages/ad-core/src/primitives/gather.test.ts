import { describe, expect, test } from "vitest";
import {
  compile,
  type DType,
  gather,
  grad,
  hessian,
  jacobianForward,
  jacobianReverse,
  jvp,
  kinks,
  mul,
  type Nested,
  programFromJson,
  programToJson,
  reference,
  scatterAdd,
  simplify,
  square,
  sum,
  type Tensor,
  tensor,
  trace,
  zeros,
} from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data);
const index = (data: Nested): Tensor => tensor(data, { dtype: "i32" });
const shaped = (x: Tensor): unknown => [x.shape, numbers(x)];

const table = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("gather", () => {
  test("takes slices along an axis", () => {
    expect(shaped(gather(tensor([10, 20, 30]), index([2, 0, 2])))).toEqual([[3], [30, 10, 30]]);
    expect(shaped(gather(table, index([1, 1, 0])))).toEqual([
      [3, 3],
      [4, 5, 6, 4, 5, 6, 1, 2, 3],
    ]);
    expect(shaped(gather(table, index([2, 0]), { axis: -1 }))).toEqual([
      [2, 2],
      [3, 1, 6, 4],
    ]);
  });

  test("puts the shape of the indices where the axis was", () => {
    expect(shaped(gather(table, index([[0, 1]]), { axis: 1 }))).toEqual([
      [2, 1, 2],
      [1, 2, 4, 5],
    ]);
    expect(shaped(gather(table, index(1), { axis: 1 }))).toEqual([[2], [2, 5]]);
    expect(gather(zeros([2, 3, 4]), zeros([5, 6], { dtype: "i32" }), { axis: 1 }).shape).toEqual([2, 5, 6, 4]);
  });

  test("takes nothing where no index is", () => {
    expect(gather(table, zeros([0], { dtype: "i32" })).shape).toEqual([0, 3]);
    expect(gather(zeros([0]), zeros([2, 0], { dtype: "i32" })).shape).toEqual([2, 0]);
    expect(shaped(grad((x: Tensor) => sum(gather(x, zeros([0], { dtype: "i32" }))))(table))).toEqual([
      [2, 3],
      [0, 0, 0, 0, 0, 0],
    ]);
  });

  test.each<DType>(["f64", "f32", "f16", "bf16", "i32", "bool"])("moves %s", (dtype) => {
    const y = gather(tensor([0, 1], { dtype }), index([1, 0, 1]));
    expect([y.dtype, numbers(y)]).toEqual([dtype, [1, 0, 1]]);
  });

  test("moves NaN and -0 as they are", () => {
    expect(numbers(gather(tensor([NaN, -0, Infinity]), index([1, 0, 2])))).toEqual([-0, NaN, Infinity]);
  });
});

describe("scatterAdd", () => {
  test("adds updates at their places", () => {
    expect(numbers(scatterAdd(tensor([1, 1, 1]), index([2, 0, 2]), tensor([10, 20, 30])))).toEqual([21, 1, 41]);
    expect(
      numbers(
        scatterAdd(
          table,
          index([2, 2]),
          tensor([
            [10, 20],
            [30, 40],
          ]),
          { axis: 1 },
        ),
      ),
    ).toEqual([1, 2, 33, 4, 5, 76]);
    expect(numbers(scatterAdd(table, index(0), tensor([10, 20, 30])))).toEqual([11, 22, 33, 4, 5, 6]);
  });

  test("adds one update after the other, in their order", () => {
    const large = 2 ** 53;
    const sumOf = (...terms: number[]): number[] =>
      numbers(scatterAdd(tensor([terms[0] as number]), index([0, 0, 0]), tensor(terms.slice(1))));
    expect(sumOf(large, 1, 1, -large)).toEqual([0]);
    expect(sumOf(1, 1, large, -large)).toEqual([2]);
  });

  test("keeps sums of 16 bits in 32, and wraps integers", () => {
    const half = tensor([2048], { dtype: "f16" });
    const ones = tensor([1, 1], { dtype: "f16" });
    expect(numbers(scatterAdd(half, index([0, 0]), ones))).toEqual([2050]);
    expect(numbers(scatterAdd(index([2 ** 31 - 1]), index([0]), index([1])))).toEqual([-(2 ** 31)]);
  });

  test("changes nothing where no index is", () => {
    expect(numbers(scatterAdd(tensor([1, -0]), zeros([0], { dtype: "i32" }), zeros([0])))).toEqual([1, -0]);
  });
});

describe("derivatives", () => {
  const both = (f: (x: Tensor) => Tensor, x: Tensor): number[] => {
    const reverse = numbers(jacobianReverse(f, [x]) as Tensor);
    expect(numbers(jacobianForward(f, [x]) as Tensor)).toEqual(reverse);
    return reverse;
  };

  test("gather copies, and its transpose adds up", () => {
    expect(both((x) => gather(x, index([1, 1, 0])), tensor([5, 7]))).toEqual([0, 1, 0, 1, 1, 0]);
    const gradient = grad((x: Tensor) => sum(mul(gather(x, index([2, 0, 2]), { axis: 1 }), tensor([1, 10, 100]))));
    expect(numbers(gradient(table))).toEqual([10, 0, 101, 10, 0, 101]);
  });

  test("scatterAdd passes x on, and takes the slices of updates", () => {
    const base = tensor([1, 2]);
    expect(both((x) => scatterAdd(x, index([1, 1]), base), base)).toEqual([1, 0, 0, 1]);
    expect(both((u) => scatterAdd(base, index([1, 1]), u), base)).toEqual([0, 0, 1, 1]);
    expect(both((x) => scatterAdd(x, index([1, 0]), x), base)).toEqual([1, 1, 1, 1]);
  });

  test("indices carry none, also inside a transform", () => {
    const [, tangent] = jvp((x: Tensor) => gather(x, index([1])), [tensor([3, 4])], [tensor([10, 20])]);
    expect(numbers(tangent)).toEqual([20]);
  });

  test("of second order are those of what is moved", () => {
    const f = (x: Tensor): Tensor => sum(square(gather(x, index([1, 1, 0]))));
    expect(numbers(hessian(f, [tensor([3, 4])]))).toEqual([2, 0, 0, 4]);
    const g = (x: Tensor): Tensor => sum(square(scatterAdd(x, index([0, 0]), x)));
    expect(numbers(hessian(g, [tensor([3, 4])]))).toEqual([8, 4, 4, 4]);
  });

  test("leave no kink", () => {
    expect(kinks((x: Tensor) => gather(x, index([0, 0])), [tensor([1, 1])])).toMatchObject({ status: 3, watched: 0 });
  });
});

describe("programs", () => {
  const loss = (x: Tensor, at: Tensor): Tensor => sum(square(gather(x, at, { axis: 1, site: "rows" })));

  test("take the indices as an input, with the gradient", () => {
    const program = trace(grad(loss), [table, index([0, 1])]);
    const json = programFromJson(JSON.parse(JSON.stringify(programToJson(program)))) as typeof program;
    for (const at of [index([0, 1]), index([2, 2])]) {
      const expected = numbers(grad(loss)(table, at));
      for (const run of [program, json, simplify(program)]) expect(numbers(run(table, at))).toEqual(expected);
      expect(numbers(compile(program, reference()).run([table, at]) as Tensor)).toEqual(expected);
    }
  });

  test("check the indices of each run", () => {
    const program = trace(loss, [table, index([0, 1])]);
    expect(() => program(table, index([0, 3]))).toThrow("index 1 out of range: expected 0 to 2, got 3");
  });
});
