import { describe, expect, expectTypeOf, test } from "vitest";
import {
  abs,
  add,
  atSite,
  cast,
  checkpoint,
  customDerivative,
  elementary,
  exp,
  first,
  floor,
  grad,
  hessian,
  jacobianForward,
  jacobianReverse,
  jvp,
  last,
  linearize,
  max,
  mul,
  neg,
  random,
  relu,
  type Select,
  sin,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
  uniform,
  vjp,
  zeros,
} from "../index.ts";

/** The numbers of a tensor as they are. */
const bits = (x: Tensor): number[] => Array.from(x.data);
const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

describe("checkpoint", () => {
  const block = (x: Tensor): Tensor => mul(tanh(mul(sin(x), 3)), exp(relu(x)));
  const x = tensor([-1.5, 0, 0.3, 2]);
  const plain = (v: Tensor): Tensor => sum(block(v));
  const saved = (v: Tensor): Tensor => sum(checkpoint(block)(v));

  test("keeps the type of the function", () => {
    const f = (a: Tensor, b: { c: Tensor }): Tensor[] => [a, b.c];
    expectTypeOf(checkpoint(f)).toEqualTypeOf<typeof f>();
  });

  test("changes no bit of value and gradient, for every selection but random", () => {
    for (const selection of [first, last, uniform]) {
      const select = { relu: selection };
      expect(bits(saved(x))).toEqual(bits(plain(x)));
      expect(bits(grad(saved, { select })(x))).toEqual(bits(grad(plain, { select })(x)));
    }
  });

  test("changes no bit in forward mode, in linearize and in Jacobians", () => {
    const select = { relu: uniform };
    const dx = tensor([1, 2, 3, 4]);
    expect(jvp(saved, [x], [dx], { select }).map(bits)).toEqual(jvp(plain, [x], [dx], { select }).map(bits));
    expect(bits(linearize(saved, [x], { select })[1](dx))).toEqual(bits(linearize(plain, [x], { select })[1](dx)));
    for (const jacobian of [jacobianForward, jacobianReverse]) {
      const [of, withSaving] = [
        jacobian(block, [x], { select }),
        jacobian(checkpoint(block), [x], { select }),
      ] as Tensor[];
      expect(bits(withSaving as Tensor)).toEqual(bits(of as Tensor));
    }
  });

  test("runs the function again in the pullback, and only there", () => {
    let runs = 0;
    const counted = checkpoint((v: Tensor) => {
      runs++;
      return square(v);
    });
    const [, pullback] = vjp(counted, [tensor(3)]);
    expect(runs).toBe(1);
    expect(numbers(pullback(tensor(1))[0])).toEqual([6]);
    expect(runs).toBe(2);
  });

  test("draws alike in every repetition", () => {
    const f = (v: Tensor): Tensor => sum(checkpoint((u: Tensor) => relu(u))(v));
    const select = { relu: random(5) };
    const at = zeros([16]);
    const drawn = numbers(grad(f, { select })(at));
    expect([...new Set(drawn)].toSorted()).toEqual([0, 1]);
    expect(numbers(grad(f, { select })(at))).toEqual(drawn);
    const [, pullback] = vjp(f, [at], { select });
    expect([pullback(tensor(1)), pullback(tensor(1))].map(([g]) => numbers(g))).toEqual([drawn, drawn]);
    expect(numbers(jvp(f, [at], [tensor(drawn)], { select })[1])).toEqual([drawn.filter((w) => w === 1).length]);
  });

  test("nests", () => {
    const nested = (v: Tensor): Tensor => sum(checkpoint((u: Tensor) => checkpoint(block)(checkpoint(block)(u)))(v));
    const flat = (v: Tensor): Tensor => sum(block(block(v)));
    const select = { relu: last };
    expect(bits(grad(nested, { select })(x))).toEqual(bits(grad(flat, { select })(x)));
    expect(bits(jvp(nested, [x], [x], { select })[1])).toEqual(bits(jvp(flat, [x], [x], { select })[1]));
  });

  test("is differentiated again", () => {
    const cube = (v: Tensor): Tensor => mul(v, square(v));
    const second = [grad(grad(checkpoint(cube))), (v: Tensor) => hessian(checkpoint(cube), [v]) as Tensor];
    expect(second.map((f) => numbers(f(tensor(2))))).toEqual([[12], [12]]);
    expect(
      numbers(jvp((v: Tensor) => jvp(checkpoint(cube), [v], [tensor(1)])[1], [tensor(2)], [tensor(1)])[1]),
    ).toEqual([12]);
    expect(numbers(grad((v: Tensor) => jvp(checkpoint(cube), [v], [tensor(1)])[1])(tensor(2)))).toEqual([12]);
  });

  test("takes integer arguments, trees and several results", () => {
    const f = checkpoint(({ v }: { v: Tensor }, n: Tensor) => [mul(v, cast(n, "f64")), n] as const);
    const total = (v: Tensor): Tensor => f({ v }, tensor(4, { dtype: "i32" }))[0];
    expect(numbers(grad(total)(tensor(2)))).toEqual([4]);
    expect(numbers(jvp(total, [tensor(2)], [tensor(10)])[1])).toEqual([40]);
    expect(f({ v: tensor(1) }, tensor(2, { dtype: "i32" }))[1].dtype).toBe("i32");
  });

  test("works outside of any transform", () => {
    expect(numbers(checkpoint((v: Tensor) => square(v))(tensor(3)))).toEqual([9]);
  });
});

describe("sites inside checkpoint", () => {
  const named = (v: Tensor): Tensor => relu(v, { site: "act" });
  const f = (v: Tensor): Tensor => atSite("block", () => checkpoint(named)(v));
  const keys = ["relu", "relu@block", "relu@block/act"];

  test.each(keys)("the selection of %s reaches what is computed again, in both modes", (key) => {
    const select: Select = { [key]: last };
    expect(numbers(grad(f, { select })(tensor(0)))).toEqual([1]);
    expect(numbers(vjp(f, [tensor(0)], { select })[1](tensor(1))[0])).toEqual([1]);
    expect(numbers(jvp(f, [tensor(0)], [tensor(1)], { select })[1])).toEqual([1]);
    expect(numbers(linearize(f, [tensor(0)], { select })[1](tensor(1)))).toEqual([1]);
    expect(numbers(jacobianForward(f, [tensor(0)], { select }))).toEqual([1]);
    expect(numbers(jacobianReverse(f, [tensor(0)], { select }))).toEqual([1]);
  });

  test("a site named inside the checkpoint is found", () => {
    const inner = (v: Tensor): Tensor => checkpoint((u: Tensor) => atSite("deep", () => relu(u)))(v);
    expect(numbers(grad(inner, { select: { "relu@deep": last } })(tensor(0)))).toEqual([1]);
  });

  test("a kink of one's own inside a checkpoint is selected", () => {
    const kink = elementary("me/positive", {
      arity: 1,
      value: (m, a) => m.maximum(m.constant(0), a),
      kink: {
        order: "max",
        default: first,
        branches: (m, a) => [m.constant(0), a],
        partials: [(_m, mix) => mix(0, 1)],
      },
    });
    const g = (v: Tensor): Tensor => checkpoint((u: Tensor) => kink(u))(v);
    expect(numbers(grad(g, { select: { "me/positive": last } })(tensor(0)))).toEqual([1]);
  });

  test.each(keys)("an outer transform finds the sites of what is computed again, by %s", (key) => {
    const inner = grad((v: Tensor) => square(f(v)), { select: { relu: last } });
    expect(numbers(grad(inner, { select: { [key]: last } })(tensor(0)))).toEqual([2]);
    expect(numbers(jvp(inner, [tensor(0)], [tensor(1)], { select: { [key]: last } })[1])).toEqual([2]);
    expect(numbers(grad(inner)(tensor(0)))).toEqual([0]);
  });
});

describe("customDerivative", () => {
  /** The square, with a derivative of 100 x. */
  const odd = customDerivative((x: Tensor) => square(x), {
    vjp: ([x], _y, gy) => [mul(gy, mul(x as Tensor, 100))],
    jvp: ([x], _y, [dx]) => mul(dx as Tensor, mul(x as Tensor, 100)),
  });

  test("is used in both modes, and the value is that of the function", () => {
    expect(numbers(odd(tensor(3)))).toEqual([9]);
    expect(numbers(grad((x: Tensor) => odd(x))(tensor(3)))).toEqual([300]);
    expect(jvp((x: Tensor) => odd(x), [tensor(3)], [tensor(2)]).map(numbers)).toEqual([[9], [600]]);
    expect(numbers(linearize((x: Tensor) => odd(x), [tensor(3)])[1](tensor(2)))).toEqual([600]);
  });

  test("obeys the chain rule around it", () => {
    expect(numbers(grad((x: Tensor) => odd(mul(x, 2)))(tensor(3)))).toEqual([1200]);
    expect(numbers(grad((x: Tensor) => square(odd(x)))(tensor(1)))).toEqual([200]);
  });

  test("is differentiated again through its rules: 100 x has derivative 100", () => {
    const f = (x: Tensor): Tensor => odd(x);
    expect(numbers(grad(grad(f))(tensor(3)))).toEqual([100]);
    expect(numbers(hessian(f, [tensor(3)]))).toEqual([100]);
    expect(numbers(jvp(grad(f), [tensor(3)], [tensor(1)])[1])).toEqual([100]);
    expect(numbers(grad((x: Tensor) => jvp(f, [x], [tensor(1)])[1])(tensor(3)))).toEqual([100]);
    expect(numbers(jvp((x: Tensor) => jvp(f, [x], [tensor(1)])[1], [tensor(3)], [tensor(1)])[1])).toEqual([100]);
    expect(numbers(grad(grad(grad(f)))(tensor(3)))).toEqual([0]);
  });

  test("may read the output, whose derivative is custom again", () => {
    const f = customDerivative((x: Tensor) => exp(x), {
      vjp: (_args, y, gy) => [mul(gy, y)],
      jvp: (_args, y, [dx]) => mul(dx as Tensor, y),
    });
    expect([grad(f)(tensor(0)), grad(grad(f))(tensor(0)), grad(grad(grad(f)))(tensor(0))].map(numbers)).toEqual([
      [1],
      [1],
      [1],
    ]);
  });

  test("may have one rule, if only one mode passes", () => {
    const straight = customDerivative((x: Tensor) => floor(x), { vjp: (_args, _y, gy) => [gy] });
    expect(numbers(grad((x: Tensor) => straight(x))(tensor(2.5)))).toEqual([1]);
    const forward = customDerivative((x: Tensor) => floor(x), { jvp: (_args, _y, [dx]) => dx as Tensor });
    expect(numbers(jvp((x: Tensor) => forward(x), [tensor(2.5)], [tensor(7)])[1])).toEqual([7]);
    expect(numbers(straight(tensor(2.5)))).toEqual([2]);
  });

  test("takes trees and gives trees", () => {
    interface Pair {
      readonly a: Tensor;
      readonly b: Tensor;
    }
    type Out = { sum: Tensor; list: readonly Tensor[] };
    const f = customDerivative<[Pair], Out>(({ a, b }) => ({ sum: add(a, b), list: [mul(a, b)] }), {
      vjp: (_args, _y, { sum: gs, list: [gp] }) => [{ a: mul(gs, 10), b: mul(gp as Tensor, 1000) }],
      jvp: (_args, _y, [{ a, b }]) => ({ sum: mul(a, 10), list: [mul(b, 1000)] }),
    });
    const [value, pullback] = vjp(f, [{ a: tensor(2), b: tensor(3) }]);
    expect([numbers(value.sum), value.list.map(numbers)]).toEqual([[5], [[6]]]);
    const [{ a, b }] = pullback({ sum: tensor(1), list: [tensor(2)] });
    expect([numbers(a), numbers(b)]).toEqual([[10], [2000]]);
    const [, tangent] = jvp(f, [{ a: tensor(2), b: tensor(3) }], [{ a: tensor(1), b: tensor(2) }]);
    expect([numbers(tangent.sum), tangent.list.map(numbers)]).toEqual([[10], [[2000]]]);
  });

  test("fills cotangents that nobody computed with zeros", () => {
    const seen: number[][] = [];
    const f = customDerivative((x: Tensor) => [x, mul(x, 2)] as const, {
      vjp: (_args, _y, [g0, g1]) => {
        seen.push(numbers(g0), numbers(g1));
        return [g0];
      },
    });
    expect(numbers(grad((x: Tensor) => f(x)[0])(tensor(3)))).toEqual([1]);
    expect(seen).toEqual([[1], [0]]);
  });

  test("takes integer arguments, whose cotangent is any tensor of their shape", () => {
    const f = customDerivative((x: Tensor, n: Tensor) => mul(x, cast(n, "f64")), {
      vjp: ([, n], _y, gy) => [mul(gy, cast(n as Tensor, "f64")), n],
    });
    expect(numbers(grad((x: Tensor) => f(x, tensor(4, { dtype: "i32" })))(tensor(2)))).toEqual([4]);
  });

  test("an inner selection does not reach into its rules, an outer one does", () => {
    const f = customDerivative((x: Tensor) => square(x), {
      vjp: ([x], _y, gy) => [mul(gy, abs(x as Tensor, { site: "rule" }))],
    });
    const inner = grad((x: Tensor) => atSite("at", () => f(x)), { select: { abs: last } });
    expect(numbers(grad(inner)(tensor(0)))).toEqual([0]);
    const keys = ["abs", "abs@at", "abs@at/rule"];
    expect(keys.map((key) => numbers(grad(inner, { select: { [key]: first } })(tensor(0))))).toEqual([
      [-1],
      [-1],
      [-1],
    ]);
  });

  test("may clip, and works inside checkpoint and jacobians", () => {
    const clipped = customDerivative((x: Tensor) => neg(x), { vjp: (_args, _y, gy) => [mul(gy, 0.5)] });
    const f = (x: Tensor): Tensor => sum(checkpoint((v: Tensor) => clipped(v))(x));
    expect(numbers(grad(f)(tensor([1, 2])))).toEqual([0.5, 0.5]);
    expect(numbers(jacobianReverse((x: Tensor) => clipped(x), [tensor([1, 2])]))).toEqual([0.5, 0, 0, 0.5]);
    expect(numbers(grad((x: Tensor) => max(clipped(x)))(tensor([1, 1])))).toEqual([0.25, 0.25]);
  });
});
