import { describe, expect, test } from "vitest";
import {
  add,
  cast,
  first,
  grad,
  hessian,
  hessianVector,
  jacobianForward,
  jacobianReverse,
  last,
  matmul,
  max,
  mul,
  prod,
  relu,
  square,
  stack,
  sum,
  type Tensor,
  tensor,
  uniform,
} from "../index.ts";

/** The shape and the numbers of a tensor; -0 counts as 0. */
const shown = (x: Tensor): unknown => [x.shape, Array.from(x.data, (v) => v + 0)];
const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

describe("jacobianForward and jacobianReverse give the same blocks", () => {
  test("of a vector function", () => {
    const f = (x: Tensor): Tensor => stack([sum(x), prod(x)]);
    const expected = [
      [2, 3],
      [1, 1, 1, 12, 8, 6],
    ];
    expect(shown(jacobianForward(f, [tensor([2, 3, 4])]))).toEqual(expected);
    expect(shown(jacobianReverse(f, [tensor([2, 3, 4])]))).toEqual(expected);
  });

  test("of a matrix function: output axes come before input axes", () => {
    const f = (x: Tensor): Tensor =>
      matmul(
        x,
        tensor([
          [1, 10],
          [100, 1000],
        ]),
      );
    const blocks = [jacobianForward, jacobianReverse].map((jacobian) => jacobian(f, [tensor([[1, 1]])]) as Tensor);
    for (const block of blocks)
      expect(shown(block)).toEqual([
        [1, 2, 1, 2],
        [1, 100, 10, 1000],
      ]);
  });

  test("of trees: a tree of outputs whose leaves are trees of inputs", () => {
    interface Pair {
      readonly a: Tensor;
      readonly b: Tensor;
    }
    type Blocks = { y: { a: Tensor; b: Tensor }; list: { a: Tensor; b: Tensor }[] };
    const f = ({ a, b }: Pair): { y: Tensor; list: Tensor[] } => ({ y: mul(a, b), list: [sum(a), square(b)] });
    const at: Pair = { a: tensor([2, 3]), b: tensor(5) };
    const forward = jacobianForward<[Pair], Blocks>(f, [at]);
    const reverse = jacobianReverse<[Pair], Blocks>(f, [at]);
    for (const { y, list } of [forward, reverse]) {
      expect([shown(y.a), shown(y.b)]).toEqual([
        [
          [2, 2],
          [5, 0, 0, 5],
        ],
        [[2], [2, 3]],
      ]);
      expect(list.map(({ a, b }) => [shown(a), shown(b)])).toEqual([
        [
          [[2], [1, 1]],
          [[], [0]],
        ],
        [
          [[2], [0, 0]],
          [[], [10]],
        ],
      ]);
    }
  });

  test("with respect to several arguments", () => {
    const f = (x: Tensor, y: Tensor): Tensor => mul(x, y);
    const args = [tensor([1, 2]), tensor(3)] as const;
    for (const jacobian of [jacobianForward, jacobianReverse]) {
      const blocks = jacobian<[Tensor, Tensor], [Tensor, Tensor]>(f, args, { wrt: [1, 0] });
      expect(blocks.map(shown)).toEqual([
        [[2], [1, 2]],
        [
          [2, 2],
          [3, 0, 0, 3],
        ],
      ]);
      expect(shown(jacobian(f, args, { wrt: 1 }))).toEqual([[2], [1, 2]]);
    }
  });

  test("at kinks, by the selection", () => {
    const f = (x: Tensor): Tensor => stack([max(x), sum(relu(x))]);
    const x = tensor([0, 0]);
    const select = { max: last, relu: uniform };
    for (const jacobian of [jacobianForward, jacobianReverse]) {
      expect(shown(jacobian(f, [x]))).toEqual([
        [2, 2],
        [0.5, 0.5, 0, 0],
      ]);
      expect(shown(jacobian(f, [x], { select }))).toEqual([
        [2, 2],
        [0, 1, 0.5, 0.5],
      ]);
    }
  });

  test("of empty inputs and outputs are empty", () => {
    const empty = tensor([]);
    for (const jacobian of [jacobianForward, jacobianReverse]) {
      expect((jacobian((x: Tensor) => sum(x), [empty]) as Tensor).shape).toEqual([0]);
      expect((jacobian((x: Tensor) => mul(x, 2), [empty]) as Tensor).shape).toEqual([0, 0]);
    }
  });

  test("in one dtype, also when input and output differ", () => {
    const f = (x: Tensor): Tensor => cast(x, "f32");
    const [forward, reverse] = [jacobianForward, jacobianReverse].map(
      (jacobian) => jacobian(f, [tensor([1])]) as Tensor,
    );
    expect(forward?.dtype).toBe(reverse?.dtype);
  });
});

describe("hessian", () => {
  test("of a product of two is the swap", () => {
    expect(shown(hessian((x: Tensor) => prod(x), [tensor([2, 3])]))).toEqual([
      [2, 2],
      [0, 1, 1, 0],
    ]);
  });

  test("of a tree is a tree of trees", () => {
    type Pair = { a: Tensor; b: Tensor };
    const f = ({ a, b }: Pair): Tensor => add(mul(sum(a), square(b)), sum(square(a)));
    const found = hessian<[Pair], { a: Pair; b: Pair }>(f, [{ a: tensor([1, 2]), b: tensor(5) }]);
    expect([found.a.a, found.a.b, found.b.a, found.b.b].map(shown)).toEqual([
      [
        [2, 2],
        [2, 0, 0, 2],
      ],
      [[2], [10, 10]],
      [[2], [10, 10]],
      [[], [6]],
    ]);
  });

  test("takes one argument by wrt", () => {
    const f = (x: Tensor, y: Tensor): Tensor => mul(square(x), square(y));
    expect(shown(hessian(f, [tensor(2), tensor(3)], { wrt: 1 }))).toEqual([[], [8]]);
  });

  test("at a kink adds nothing: weights are locally constant", () => {
    for (const selection of [first, last, uniform]) {
      const select = { relu: selection, max: selection };
      expect(shown(hessian((x: Tensor) => add(sum(relu(x)), max(x)), [tensor([0, 0])], { select }))).toEqual([
        [2, 2],
        [0, 0, 0, 0],
      ]);
    }
  });
});

describe("hessianVector", () => {
  test("is the product with the second derivative", () => {
    expect(numbers(hessianVector((x: Tensor) => prod(x), [tensor([2, 3, 4])], [tensor([1, 0, 0])]))).toEqual([0, 4, 3]);
  });

  test("takes a direction in every argument", () => {
    const f = (x: Tensor, y: Tensor): Tensor => mul(square(x), y);
    const args = [tensor(3), tensor(5)] as const;
    expect(numbers(hessianVector(f, args, [tensor(1), tensor(0)]))).toEqual([10]);
    expect(numbers(hessianVector(f, args, [tensor(1), tensor(1)]))).toEqual([16]);
    const both = hessianVector<[Tensor, Tensor], [Tensor, Tensor]>(f, args, [tensor(1), tensor(1)], { wrt: [0, 1] });
    expect(both.map(numbers)).toEqual([[16], [6]]);
  });

  test("of a tree is a tree, and uses the selection twice", () => {
    type One = { x: Tensor };
    const f = ({ x }: One): Tensor => sum(square(relu(x)));
    const product = (select: object): number[] =>
      numbers(
        hessianVector<[One], One>(f, [{ x: tensor([0, 3]) }], [{ x: tensor([1, 1]) }], { select: { ...select } }).x,
      );
    expect([product({}), product({ relu: last }), product({ relu: uniform })]).toEqual([
      [0, 2],
      [2, 2],
      [0.5, 2],
    ]);
  });

  test("is a row sum of the hessian", () => {
    const f = (x: Tensor): Tensor => mul(prod(x), sum(square(x)));
    const x = tensor([1, 2, 3]);
    const whole = numbers(hessian(f, [x]));
    const sums = [0, 1, 2].map((row) => whole.slice(3 * row, 3 * row + 3).reduce((a, b) => a + b, 0));
    expect(numbers(hessianVector(f, [x], [tensor([1, 1, 1])]))).toEqual(sums);
    expect(numbers(grad((v: Tensor) => sum(grad(f)(v)))(x))).toEqual(sums);
  });
});
