import { describe, expect, expectTypeOf, test } from "vitest";
import {
  add,
  cast,
  grad,
  matmul,
  mul,
  neg,
  relu,
  square,
  stack,
  sum,
  type Tensor,
  tensor,
  uniform,
  valueAndGrad,
  vjp,
  zeros,
} from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

interface Layer {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

interface Model {
  readonly layers: readonly Layer[];
  readonly scale: Tensor;
}

const layer = (weight: number[][], bias: number[]): Layer => ({ weight: tensor(weight), bias: tensor(bias) });

const model: Model = {
  layers: [
    layer(
      [
        [1, 2],
        [3, 4],
      ],
      [0, 1],
    ),
    layer([[1, -1]], [2]),
  ],
  scale: tensor(10),
};

const loss = ({ layers, scale }: Model, x: Tensor): Tensor => {
  const y = layers.reduce((input, { weight, bias }) => add(matmul(weight, input), bias), x);
  return mul(sum(y), scale);
};

describe("grad of numbers and tensors", () => {
  test("gives the derivative of the first argument", () => {
    const gradient = grad((x: Tensor, y: Tensor) => mul(x, y))(tensor(2), tensor(5));
    expectTypeOf(gradient).toEqualTypeOf<Tensor>();
    expect([gradient.shape, gradient.dtype, numbers(gradient)]).toEqual([[], "f64", [5]]);
  });

  test("takes plain numbers for scalars", () => {
    expect(numbers(grad((x: Tensor) => mul(x, x))(3))).toEqual([6]);
    expect(numbers(grad((x: Tensor, y: Tensor) => mul(x, y), { wrt: 1 })(2, 5))).toEqual([2]);
  });

  test("gives zeros where the result does not depend on the argument", () => {
    const gradient = grad((x: Tensor) => sum(zeros(x.shape)))(tensor([1, 2], { dtype: "f32" }));
    expect([gradient.dtype, numbers(gradient)]).toEqual(["f32", [0, 0]]);
    expect(numbers(grad((_x: Tensor) => 7 as unknown as Tensor)(1))).toEqual([0]);
  });

  test("of the identity is 1", () => {
    expect(numbers(grad((x: Tensor) => x)(tensor(4, { dtype: "bf16" })))).toEqual([1]);
  });

  test("keeps the dtype of the argument, whatever the result has", () => {
    const gradient = grad((x: Tensor) => cast(sum(square(x)), "f32"))(tensor([3], { dtype: "f16" }));
    expect([gradient.dtype, numbers(gradient)]).toEqual(["f16", [6]]);
  });

  test("runs the function once", () => {
    let runs = 0;
    const f = (x: Tensor): Tensor => {
      runs++;
      return square(x);
    };
    grad(f)(3);
    expect(runs).toBe(1);
  });

  test("does not change its arguments", () => {
    const x = tensor([1, 2]);
    grad((v: Tensor) => sum(square(v)))(x);
    expect(numbers(x)).toEqual([1, 2]);
  });
});

describe("wrt", () => {
  const f = (a: Tensor, b: Tensor, c: Tensor): Tensor => mul(mul(a, b), c);
  const at = [tensor(2), tensor(3), tensor(5)] as const;

  test("as a number picks one argument", () => {
    const gradients = [grad(f, { wrt: 0 })(...at), grad(f, { wrt: 1 })(...at), grad(f, { wrt: 2 })(...at)];
    expect(gradients.map(numbers)).toEqual([[15], [10], [6]]);
  });

  test("as a list gives a list in that order", () => {
    const gradients = grad(f, { wrt: [2, 0] })(...at);
    expectTypeOf(gradients).toEqualTypeOf<[Tensor, Tensor]>();
    expect(gradients.map(numbers)).toEqual([[6], [15]]);
    expect(grad(f, { wrt: [1] })(...at).map(numbers)).toEqual([[10]]);
    expect(grad(f, { wrt: [] })(...at)).toEqual([]);
  });

  test("lets the other arguments be integers and conditions", () => {
    const picked = (x: Tensor, n: Tensor): Tensor => mul(x, cast(n, "f64"));
    expect(numbers(grad(picked)(tensor(2), tensor(7, { dtype: "i32" })))).toEqual([7]);
    expect(numbers(grad(picked)(tensor(2), tensor(true)))).toEqual([1]);
  });
});

describe("trees", () => {
  test("the gradient of a tree has its form and its type", () => {
    const gradient = grad(loss)(model, tensor([1, 1]));
    expectTypeOf(gradient).branded.toEqualTypeOf<{ layers: { weight: Tensor; bias: Tensor }[]; scale: Tensor }>();
    expect(Object.keys(gradient)).toEqual(["layers", "scale"]);
    expect(gradient.layers.map(({ weight, bias }) => [weight.shape, bias.shape])).toEqual([
      [[2, 2], [2]],
      [[1, 2], [1]],
    ]);
    // hidden = [3, 8], y = 3 - 8 + 2 = -3
    expect(numbers(gradient.scale)).toEqual([-3]);
    expect(gradient.layers.map(({ weight }) => numbers(weight))).toEqual([
      [10, 10, -10, -10],
      [30, 80],
    ]);
    expect(gradient.layers.map(({ bias }) => numbers(bias))).toEqual([[10, -10], [10]]);
  });

  test("a list of trees and tensors comes back as such", () => {
    const [ofModel, ofInput] = grad(loss, { wrt: [0, 1] })(model, tensor([1, 1]));
    expectTypeOf(ofModel.scale).toEqualTypeOf<Tensor>();
    expectTypeOf(ofInput).toEqualTypeOf<Tensor>();
    expect([numbers(ofModel.scale), numbers(ofInput)]).toEqual([[-3], [-20, -20]]);
  });

  test("numbers inside a tree are scalars, and tuples stay tuples", () => {
    const f = ([a, b]: readonly [Tensor, number]): Tensor => mul(a, b);
    const gradient = grad(f)([tensor(2), 5]);
    expectTypeOf(gradient).toEqualTypeOf<[Tensor, Tensor]>();
    expect(gradient.map(numbers)).toEqual([[5], [2]]);
  });

  test("keys are sorted, and empty parts stay", () => {
    const f = ({ a, b }: { b: Tensor; a: Tensor; none: Tensor[] }): Tensor => sub2(a, b);
    const sub2 = (x: Tensor, y: Tensor): Tensor => add(x, neg(y));
    const gradient = grad(f)({ b: tensor(1), a: tensor(2), none: [] });
    expect(Object.keys(gradient)).toEqual(["a", "b", "none"]);
    expect([numbers(gradient.a), numbers(gradient.b), gradient.none]).toEqual([[1], [-1], []]);
  });
});

describe("valueAndGrad", () => {
  test("gives the value beside the gradient", () => {
    const [value, gradient] = valueAndGrad(loss)(model, tensor([1, 1]));
    expectTypeOf(value).toEqualTypeOf<Tensor>();
    expectTypeOf(gradient.layers).branded.toEqualTypeOf<{ weight: Tensor; bias: Tensor }[]>();
    expect([numbers(value), numbers(gradient.scale)]).toEqual([[-30], [-3]]);
  });

  test("takes wrt and select", () => {
    const f = (x: Tensor, y: Tensor): Tensor => relu(add(x, y));
    const [value, [, dy]] = valueAndGrad(f, { wrt: [0, 1], select: { relu: uniform } })(0, 0);
    expect([numbers(value), numbers(dy)]).toEqual([[0], [0.5]]);
  });
});

describe("vjp", () => {
  test("pulls a cotangent back to all arguments", () => {
    const [value, pullback] = vjp((x: Tensor, y: Tensor) => mul(x, y), [tensor([1, 2]), tensor([3, 4])]);
    expectTypeOf(pullback).returns.branded.toEqualTypeOf<[Tensor, Tensor]>();
    expect(numbers(value)).toEqual([3, 8]);
    expect(pullback(tensor([1, 10])).map(numbers)).toEqual([
      [3, 40],
      [1, 20],
    ]);
  });

  test("may be used several times, and is linear", () => {
    const [, pullback] = vjp((x: Tensor) => square(x), [tensor([1, 2])]);
    expect([1, 2, 0].map((scale) => numbers(pullback(tensor([scale, scale]))[0]))).toEqual([
      [2, 4],
      [4, 8],
      [0, 0],
    ]);
  });

  test("of trees gives trees, of functions with several results too", () => {
    const f = ({ a }: { a: Tensor }): { twice: Tensor; list: Tensor[] } => ({ twice: mul(a, 2), list: [square(a)] });
    const [value, pullback] = vjp(f, [{ a: tensor(3) }]);
    expect([numbers(value.twice), value.list.map(numbers)]).toEqual([[6], [[9]]]);
    const [gradient] = pullback({ twice: tensor(1), list: [tensor(10)] });
    expectTypeOf(gradient).branded.toEqualTypeOf<{ a: Tensor }>();
    expect(numbers(gradient.a)).toEqual([62]);
  });

  test("gives zeros of their dtype to integers", () => {
    const [, pullback] = vjp(
      (x: Tensor, n: Tensor) => mul(x, cast(n, "f64")),
      [tensor(2), tensor(3, { dtype: "i32" })],
    );
    const [dx, dn] = pullback(tensor(1));
    expect([numbers(dx), dn.dtype, numbers(dn)]).toEqual([[3], "i32", [0]]);
  });

  test("inside another transform its pullback is differentiated too", () => {
    const f = (x: Tensor): Tensor => {
      const [, pullback] = vjp((v: Tensor) => square(v), [x]);
      return pullback(x)[0];
    };
    expect(numbers(grad(f)(tensor(3)))).toEqual([12]);
  });

  test("an argument that is the result pulls back as it is", () => {
    const [, pullback] = vjp((x: Tensor) => [x, x, stack([x])], [tensor(1)]);
    expect(numbers(pullback([tensor(1), tensor(10), tensor([100])] as never)[0])).toEqual([111]);
  });
});
