import { describe, expect, test } from "vitest";
import {
  apply,
  atKink,
  elementary,
  first,
  grad,
  jvp,
  last,
  type Primitive,
  random,
  type Select,
  sum,
  type Tensor,
  tensor,
  uniform,
} from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** The derivative at a number, which the two modes must agree on. */
function slope(f: (x: Tensor) => Tensor, x: number, select: Select = {}): number {
  const [reverse] = numbers(grad(f, { select })(tensor(x)));
  expect(numbers(jvp(f, [tensor(x)], [tensor(1)], { select })[1])).toEqual([reverse]);
  return reverse as number;
}

describe("a smooth operation of one's own", () => {
  const cube = elementary("me/cube", {
    arity: 1,
    value: (m, a) => m.mul(a, m.square(a)),
    partials: [(m, _y, a) => m.mul(m.constant(3), m.square(a))],
  });

  test("has values, both modes and higher derivatives from its statement", () => {
    expect(numbers(cube(tensor([2, -1])))).toEqual([8, -1]);
    expect([
      slope((x) => cube(x), 2),
      slope(
        grad((x: Tensor) => cube(x)),
        2,
      ),
    ]).toEqual([12, 12]);
    expect(slope(grad(grad((x: Tensor) => cube(x))), 2)).toBe(6);
  });

  test("works in every real dtype, and on plain numbers", () => {
    expect(cube(tensor(2, { dtype: "bf16" })).dtype).toBe("bf16");
    expect(numbers(cube(3))).toEqual([27]);
  });

  test("of two arguments broadcasts and shares a residual", () => {
    const ratio = elementary("me/ratio", {
      arity: 2,
      value: (m, a, b) => m.div(a, b),
      residual: (m, _y, _a, b) => m.inv(b),
      partials: [(_m, _y, _a, _b, r) => r, (m, y, _a, _b, r) => m.neg(m.mul(y, r))],
    });
    const f = (a: Tensor, b: Tensor): Tensor => sum(ratio(a, b));
    expect(grad(f, { wrt: [0, 1] })(tensor([4, 8]), tensor(4)).map(numbers)).toEqual([[0.25, 0.25], [-0.75]]);
  });

  test("without partials is locally constant", () => {
    const steps = elementary("me/steps", { arity: 1, value: (m, a) => m.floor(a), jumps: (m, a) => [a, m.floor(a)] });
    expect([numbers(steps(2.5))[0], slope((x) => steps(x), 2.5)]).toEqual([2, 0]);
  });
});

describe("a kinked operation of one's own", () => {
  const hinge = elementary("me/hinge", {
    arity: 1,
    value: (m, a) => m.maximum(m.constant(0), m.sub(m.constant(1), a)),
    kink: {
      order: "max",
      default: first,
      branches: (m, a) => [m.constant(0), m.sub(m.constant(1), a)],
      partials: [(_m, mix) => mix(0, -1)],
    },
  });

  test("is selected by its own name", () => {
    const choices: readonly Select[] = [
      {},
      { "me/hinge": last },
      { "me/hinge": uniform },
      { "me/hinge": atKink(0.25) },
    ];
    expect(choices.map((select) => slope((x) => hinge(x), 1, select))).toEqual([0, -1, -0.5, -0.25]);
    expect([slope((x) => hinge(x), 0), slope((x) => hinge(x), 2)]).toEqual([-1, 0]);
    expect([0, -1]).toContain(slope((x) => hinge(x), 1, { "me/hinge": random(3) }));
  });

  test("is selected by its site", () => {
    const f = (x: Tensor): Tensor => sum(hinge(x, { site: "loss" }));
    expect(slope(f, 1, { "me/hinge@loss": last })).toBe(-1);
  });
});

test("a raw record passes through the door like any other", () => {
  const twice: Primitive<null> = {
    name: "me/twice",
    shape: ([x]) => x.shape,
    forward: (k, [x]) => Array.from(x.data, (v) => k.each.add(v, v)),
    linearize: () => [() => ({ jvp: (dx) => apply(twice, [dx], null), vjp: (gy) => apply(twice, [gy], null) })],
    cost: ([x]) => ({ add: x.shape[0] as number }),
  };
  const f = (x: Tensor): Tensor => sum(apply(twice, [x], null));
  expect(numbers(f(tensor([1, 2])))).toEqual([6]);
  expect(numbers(grad(f)(tensor([1, 2])))).toEqual([2, 2]);
});

test("a rule for another number of inputs is a fault of the record, and says so", () => {
  const odd: Primitive<null> = {
    name: "me/odd",
    shape: ([x]) => x.shape,
    forward: (_k, [x]) => x.data,
    linearize: () => [null, null],
    cost: () => ({}),
  };
  expect(() => grad((x: Tensor) => apply(odd, [x], null))(tensor(1))).toThrow(/^internal: /);
});
