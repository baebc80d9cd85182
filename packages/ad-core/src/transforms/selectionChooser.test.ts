import { describe, expect, test } from "vitest";
import {
  abs,
  add,
  atKink,
  atSite,
  first,
  grad,
  greater,
  hessian,
  hessianVector,
  isTrue,
  jvp,
  last,
  less,
  maximum,
  mul,
  random,
  relu,
  relu6,
  type Select,
  square,
  stopGradient,
  sum,
  type Tensor,
  tensor,
  uniform,
  zeros,
} from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** The derivative at a number, which the two modes must agree on. */
function slope(f: (x: Tensor) => Tensor, x: number, select: Select = {}): number {
  const [reverse] = numbers(grad(f, { select })(tensor(x)));
  expect(numbers(jvp(f, [tensor(x)], [tensor(1)], { select })[1])).toEqual([reverse]);
  return reverse as number;
}

describe("which selection a kink gets", () => {
  /** A relu at `net/block1/act`. */
  const f = (x: Tensor): Tensor => atSite("net", () => atSite("block1", () => relu(x, { site: "act" })));
  const [name, net, block, act] = [atKink(0.1), atKink(0.2), atKink(0.3), atKink(0.4)];

  test("the default without any", () => {
    expect(slope(f, 0)).toBe(0);
  });

  test("the name before the default, then ever longer sites", () => {
    const select: Record<string, typeof name> = {};
    const found = Object.entries({
      relu: name,
      "relu@net": net,
      "relu@net/block1": block,
      "relu@net/block1/act": act,
    }).map(([key, choice]) => {
      select[key] = choice;
      return slope(f, 0, select);
    });
    expect(found).toEqual([0.1, 0.2, 0.3, 0.4]);
  });

  test("the longest match wins, whatever the order of the keys", () => {
    expect(slope(f, 0, { "relu@net/block1/act": act, "relu@net": net, relu: name })).toBe(0.4);
    expect(slope(f, 0, { "relu@net": net, relu: name })).toBe(0.2);
  });

  test("a site goes before a name, also for the bare name of a double kink", () => {
    const g = (x: Tensor): Tensor => atSite("here", () => relu6(x));
    expect(slope(g, 6, { "relu6.high": first, "relu6@here": last })).toBe(1);
    expect(slope(g, 6, { "relu6@here": first, "relu6.high@here": last })).toBe(1);
    expect(slope(g, 0, { "relu6@here": first, "relu6.high@here": last })).toBe(0);
  });

  test("operations at other sites keep theirs", () => {
    const g = (x: Tensor): Tensor => add(relu(x, { site: "a" }), mul(relu(x, { site: "b" }), 10));
    expect(slope(g, 0, { "relu@a": last })).toBe(1);
    expect(slope(g, 0, { "relu@b": last })).toBe(10);
    expect(slope(g, 0, { relu: last, "relu@b": first })).toBe(1);
  });

  test("a site is matched part by part, not letter by letter", () => {
    const g = (x: Tensor): Tensor => add(relu(x, { site: "conv1" }), mul(relu(x, { site: "conv10" }), 10));
    expect(slope(g, 0, { "relu@conv1": last })).toBe(1);
  });

  test("a kink that passes without a derivative counts as met", () => {
    const other = (x: Tensor, y: Tensor): Tensor => add(x, relu(y, { site: "s" }));
    expect(numbers(grad(other, { select: { "relu@s": last } })(tensor(1), tensor(0)))).toEqual([1]);
    expect(slope((x) => add(x, relu(stopGradient(x), { site: "s" })), 0, { "relu@s": last })).toBe(1);
  });

  test("an empty site name adds nothing", () => {
    expect(slope((x) => atSite("", () => relu(x, { site: "a" })), 0, { "relu@a": last })).toBe(1);
  });

  test("one selection may name several operations", () => {
    const g = (x: Tensor): Tensor => add(relu(x), maximum(x, 0));
    expect(slope(g, 0, { relu: last, maximum: first })).toBe(2);
  });

  test("the value never changes", () => {
    for (const choice of [first, last, uniform, random(1)]) {
      expect(numbers(jvp(f, [tensor(0)], [tensor(1)], { select: { relu: choice } })[0])).toEqual([0]);
    }
  });
});

describe("random draws", () => {
  const draws = (f: (x: Tensor) => Tensor, seed: number): number[] =>
    numbers(grad((x: Tensor) => sum(f(x)), { select: { relu: random(seed) } })(zeros([24])));

  test("differ between positions, kinks and seeds, and repeat", () => {
    const once = draws((x) => relu(x), 1);
    expect([...new Set(once)].toSorted()).toEqual([0, 1]);
    expect(draws((x) => relu(x), 1)).toEqual(once);
    expect(draws((x) => relu(x), 2)).not.toEqual(once);
    expect(draws((x) => add(relu(x), mul(relu(x), -1)), 1).some((share) => share !== 0)).toBe(true);
  });

  test("are the same in both modes", () => {
    const f = (x: Tensor): Tensor => add(relu(x), mul(relu(x), 10));
    const reverse = draws(f, 4);
    const ones = tensor(Array(24).fill(1));
    expect(numbers(jvp(f, [zeros([24])], [ones], { select: { relu: random(4) } })[1])).toEqual(reverse);
  });
});

describe("nested transforms choose for themselves", () => {
  const f = (x: Tensor): Tensor => square(abs(x));
  const nested = (inner: Select, outer: Select): number[] =>
    numbers(grad(grad(f, { select: inner }), { select: outer })(tensor(0)));

  test("A27: the second derivative is twice the product of both choices", () => {
    const [minus, zero, plus] = [{ abs: first }, { abs: uniform }, { abs: last }];
    expect([nested(plus, plus), nested(minus, minus)]).toEqual([[2], [2]]);
    expect([nested(plus, minus), nested(minus, plus)]).toEqual([[-2], [-2]]);
    expect([nested(zero, plus), nested(plus, zero), nested({}, {})]).toEqual([[0], [0], [0]]);
    expect(nested({ abs: atKink(0.75) }, plus)).toEqual([1]);
  });

  test("in all four combinations of modes", () => {
    const [inner, outer] = [{ select: { abs: last } }, { select: { abs: first } }];
    const one = tensor(1);
    const forward = (v: Tensor): Tensor => jvp(f, [v], [one], inner)[1];
    const found = [
      grad(grad(f, inner), outer)(tensor(0)),
      grad(forward, outer)(tensor(0)),
      jvp(grad(f, inner), [tensor(0)], [one], outer)[1],
      jvp(forward, [tensor(0)], [one], outer)[1],
    ];
    expect(found.map(numbers)).toEqual([[-2], [-2], [-2], [-2]]);
  });

  test("hessian uses one selection for both", () => {
    expect(numbers(hessian(f, [tensor(0)], { select: { abs: first } }))).toEqual([2]);
  });

  test("a selection with a site reaches both transforms of a hessian", () => {
    const sited = (x: Tensor): Tensor => square(abs(x, { site: "s" }));
    const options = { select: { "abs@s": last } };
    expect(numbers(hessian(sited, [tensor(0)], options))).toEqual([2]);
    expect(numbers(hessianVector(sited, [tensor(0)], [tensor(3)], options))).toEqual([6]);
  });

  test("the derivative of a tangent in its direction is the derivative itself", () => {
    const push = (dx: Tensor): Tensor => jvp((x: Tensor) => square(x), [tensor(3)], [dx])[1];
    expect(slope(push, 1)).toBe(6);
  });

  test("an inner transform at a site has its own sites, and the outer one sees the prefix", () => {
    const inner =
      (select: Select): ((x: Tensor) => Tensor) =>
      (x) =>
        atSite("outer", () => grad((v: Tensor) => square(relu(v, { site: "inner" })), { select })(x));
    expect(slope(inner({ "relu@inner": last }), 0, { "relu@outer/inner": last })).toBe(2);
    expect(slope(inner({ "relu@inner": last }), 0, { "relu@outer": last })).toBe(2);
    expect(() => inner({ "relu@outer/inner": last })(tensor(0))).toThrow();
  });
});

describe("nested transforms do not confuse their tangents", () => {
  const one = tensor(1);
  const derivatives = {
    reverse: (f: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) => grad(f),
    forward: (f: (x: Tensor) => Tensor) => (x: Tensor) => jvp(f, [x], [one])[1],
  };
  const pairs = Object.entries(derivatives).flatMap(([a, outer]) =>
    Object.entries(derivatives).map(([b, inner]) => [`${a} over ${b}`, outer, inner] as const),
  );

  test.each(pairs)("%s: d/dx of x d/dy (x + y) is 1", (_says, outer, inner) => {
    const f = (x: Tensor): Tensor => mul(x, inner((y) => add(x, y))(one));
    expect(numbers(outer(f)(one))).toEqual([1]);
  });

  test.each(pairs)("%s: an inner function may use the outer variable", (_says, outer, inner) => {
    const f = (x: Tensor): Tensor => inner((y) => mul(square(y), mul(x, x)))(tensor(3));
    expect(numbers(outer(f)(tensor(5)))).toEqual([60]);
  });

  test.each(pairs)("%s: third derivatives of a product", (_says, outer, inner) => {
    const f = (x: Tensor): Tensor => mul(x, mul(x, x));
    expect(numbers(outer(inner(outer(f)))(tensor(7)))).toEqual([6]);
  });
});

describe("isTrue", () => {
  const branch = (x: Tensor): Tensor => (isTrue(greater(x, 1)) ? square(x) : mul(x, 10));

  test("follows the branch that is taken, in both modes and nested", () => {
    expect([slope(branch, 3), slope(branch, 0), slope(branch, 1)]).toEqual([6, 10, 10]);
    expect([slope(grad(branch), 3), slope(grad(branch), 0)]).toEqual([2, 0]);
    expect(slope((x) => jvp(branch, [x], [tensor(1)])[1], 3)).toBe(2);
  });

  test("reads the values of all transforms around it", () => {
    const f = (x: Tensor): Tensor => grad((y: Tensor) => (isTrue(less(x, y)) ? mul(x, y) : y))(tensor(2));
    expect([numbers(f(tensor(1))), numbers(f(tensor(5)))]).toEqual([[1], [1]]);
    expect([slope(f, 1), slope(f, 5)]).toEqual([1, 0]);
  });

  test("takes any dtype and any shape of one element, inside atSite too", () => {
    expect([isTrue(tensor(0)), isTrue(tensor([[2]])), isTrue(tensor(true)), isTrue(tensor(NaN))]).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(atSite("here", () => isTrue(tensor(1)))).toBe(true);
  });

  test("loops may depend on values", () => {
    const halve = (x: Tensor): Tensor => (isTrue(greater(x, 1)) ? halve(mul(x, 0.5)) : x);
    expect(slope(halve, 5)).toBe(0.125);
  });
});
