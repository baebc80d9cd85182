import { describe, expect, expectTypeOf, test } from "vitest";
import { cast, grad, greater, jvp, linearize, mul, relu, square, sum, type Tensor, tensor, uniform } from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

describe("jvp", () => {
  test("gives the value and the image of a tangent", () => {
    const [value, tangent] = jvp((x: Tensor) => mul(x, x), [tensor([3, 4])], [tensor([1, 10])]);
    expect([numbers(value), numbers(tangent)]).toEqual([
      [9, 16],
      [6, 80],
    ]);
  });

  test("adds up the tangents of all arguments", () => {
    const [, tangent] = jvp((x: Tensor, y: Tensor) => mul(x, y), [tensor(2), tensor(5)], [tensor(1), tensor(10)]);
    expect(numbers(tangent)).toEqual([25]);
  });

  test("of trees gives trees", () => {
    const f = ({ a, b }: { a: Tensor; b: Tensor[] }): { y: Tensor } => ({ y: mul(a, b[0] as Tensor) });
    const at = { a: tensor(2), b: [tensor(3)] };
    const [value, tangent] = jvp(f, [at], [{ a: tensor(1), b: [tensor(0)] }]);
    expectTypeOf(tangent).branded.toEqualTypeOf<{ y: Tensor }>();
    expect([numbers(value.y), numbers(tangent.y)]).toEqual([[6], [3]]);
  });

  test("gives zeros where the result does not move, in the dtype of the result", () => {
    const constant = jvp(() => tensor([1, 2], { dtype: "f32" }), [], []);
    expect([constant[1].dtype, numbers(constant[1])]).toEqual(["f32", [0, 0]]);
    const condition = jvp((x: Tensor) => greater(x, 0), [tensor(1)], [tensor(1)])[1];
    expect([condition.dtype, numbers(condition)]).toEqual(["bool", [0]]);
  });

  test("lets an integer argument have any tangent of its shape", () => {
    const f = (x: Tensor, n: Tensor): Tensor => mul(x, cast(n, "f64"));
    const [, tangent] = jvp(f, [tensor(2), tensor(3, { dtype: "i32" })], [tensor(1), tensor(99)]);
    expect(numbers(tangent)).toEqual([3]);
  });

  test("at a kink is linear in the tangent, the same matrix as in reverse mode", () => {
    const push = (dx: number): number[] =>
      numbers(jvp((x: Tensor) => relu(x), [tensor(0)], [tensor(dx)], { select: { relu: uniform } })[1]);
    expect([push(1), push(-1), push(2)]).toEqual([[0.5], [-0.5], [1]]);
  });
});

describe("linearize", () => {
  test("gives the value and a function from tangents to tangents, which runs nothing again", () => {
    let runs = 0;
    const f = (x: Tensor, y: Tensor): Tensor => {
      runs++;
      return mul(square(x), y);
    };
    const [value, push] = linearize(f, [tensor(3), tensor(2)]);
    expectTypeOf(push).toEqualTypeOf<(dx: Tensor, dy: Tensor) => Tensor>();
    expect(numbers(value)).toEqual([18]);
    expect([push(tensor(1), tensor(0)), push(tensor(0), tensor(1)), push(tensor(10), tensor(10))].map(numbers)).toEqual(
      [[12], [9], [210]],
    );
    expect(runs).toBe(1);
  });

  test("agrees with jvp and grad", () => {
    const f = (x: Tensor): Tensor => sum(relu(mul(x, x)));
    const x = tensor([-1, 0, 2]);
    const [, push] = linearize(f, [x], { select: { relu: uniform } });
    const units = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ].map((unit) => tensor(unit));
    expect(units.flatMap((unit) => numbers(push(unit)))).toEqual([-2, 0, 4]);
    expect(units.flatMap((unit) => numbers(jvp(f, [x], [unit], { select: { relu: uniform } })[1]))).toEqual([-2, 0, 4]);
    expect(numbers(grad(f, { select: { relu: uniform } })(x))).toEqual([-2, 0, 4]);
  });

  test("of trees gives trees, and zeros where nothing moves", () => {
    const [value, push] = linearize((x: Tensor) => ({ y: square(x), one: tensor(1) }), [tensor(3)]);
    const tangent = push(tensor(1));
    expect([numbers(value.y), numbers(tangent.y), numbers(tangent.one)]).toEqual([[9], [6], [0]]);
  });

  test("inside another transform its map is differentiated too", () => {
    const f = (x: Tensor): Tensor => linearize((v: Tensor) => square(v), [x])[1](x);
    expect([numbers(grad(f)(tensor(3))), numbers(jvp(f, [tensor(3)], [tensor(1)])[1])]).toEqual([[12], [12]]);
  });
});
