import {
  abs,
  add,
  apply,
  atKink,
  customDerivative,
  div,
  elementary,
  exp,
  first,
  floor,
  last,
  max,
  maximum,
  min,
  mul,
  type Primitive,
  relu,
  type Statement,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tensor,
  uniform,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { kinkyTensor, smoothTensor } from "../arbitraries/tensors.ts";
import { checkCustomDerivative } from "./checkCustomDerivative.ts";
import { checkElementary } from "./checkElementary.ts";
import { checkGradient } from "./checkGradient.ts";
import { checkPrimitive } from "./checkPrimitive.ts";
import { checkTranspose } from "./checkTranspose.ts";

const one = { kinky: kinkyTensor().map((x) => [x]), smooth: smoothTensor().map((x) => [x]) };

describe("checkElementary", () => {
  const cube: Statement = {
    arity: 1,
    value: (m, a) => m.mul(a, m.square(a)),
    partials: [(m, _y, a) => m.mul(m.constant(3), m.square(a))],
  };
  const ramp: Statement = {
    arity: 1,
    value: (m, a) => m.maximum(m.constant(0), a),
    kink: { order: "max", default: first, branches: (m, a) => [m.constant(0), a], partials: [(_m, mix) => mix(0, 1)] },
  };

  test("a right statement passes, and so does its operation", () => {
    checkElementary(cube, one);
    checkElementary(ramp, one);
    checkElementary(elementary("me/cube", cube), one);
  });

  test("a wrong partial derivative fails", () => {
    const wrong: Statement = { ...cube, partials: [(m, _y, a) => m.square(a)] };
    expect(() => checkElementary(wrong, one)).toThrow("central difference");
  });

  test("branches that are not the value fail", () => {
    const kink = { ...(ramp.kink as NonNullable<Statement["kink"]>), order: "min" as const };
    expect(() => checkElementary({ ...ramp, kink }, one)).toThrow("the min of");
  });

  test("the weight of the wrong branch fails", () => {
    const kink = {
      ...(ramp.kink as NonNullable<Statement["kink"]>),
      partials: [<N>(_m: unknown, mix: (first: number, second: number) => N): N => mix(1, 0)],
    };
    expect(() => checkElementary({ ...ramp, kink }, one)).toThrow("central difference");
  });

  test("a value that does not come from the algebra fails", () => {
    expect(() => checkElementary({ ...cube, value: (_m, a) => a }, one)).toThrow("no price");
  });
});

describe("checkPrimitive", () => {
  const twice: Primitive<null> = {
    name: "me/twice",
    shape: ([x]) => x.shape,
    forward: (k, [x]) => Array.from(x.data, (v) => k.each.add(v, v)),
    linearize: () => [() => ({ jvp: (dx) => mul(dx, 2), vjp: (gy) => mul(gy, 2) })],
    cost: ([x]) => ({ add: x.shape.reduce((n, size) => n * size, 1) }),
  };
  const cases = {
    kinky: kinkyTensor().map((x) => ({ inputs: [x], params: null })),
    smooth: smoothTensor().map((x) => ({ inputs: [x], params: null })),
  };
  const broken: readonly [what: string, change: Partial<Primitive<null>>, message: string][] = [
    ["a transpose", { linearize: () => [() => ({ jvp: (dx) => mul(dx, 2), vjp: (gy) => gy })] }, "transpose"],
    ["a derivative", { linearize: () => [() => ({ jvp: (dx) => dx, vjp: (gy) => gy })] }, "central difference"],
    ["a price", { cost: () => ({ add: 1 }) }, "cost"],
    ["a shape", { shape: ([x]) => [...x.shape, 2] }, "types"],
    ["an axis that nothing sums over", { sums: ([x]) => x.shape.map((_, axis) => ({ inputs: [axis] })) }, "sums in"],
    ["an axis that is none", { sums: ([x]) => [{ inputs: [x.shape.length] }] }, "sizes undefined"],
  ];

  test("a right record passes", () => {
    checkPrimitive(twice, cases);
    checkPrimitive({ ...twice, sums: ([x]) => x.shape.map((_, axis) => ({ inputs: [axis], output: axis })) }, cases);
  });

  test.each(broken)("%s that is wrong fails", (_what, change, message) => {
    expect(() => checkPrimitive({ ...twice, ...change }, cases)).toThrow(message);
  });

  test("a record that gives no finite derivative has not been checked, which is a failure", () => {
    const never = { jvp: (dx: Tensor) => div(dx, 0), vjp: (gy: Tensor) => div(gy, 0) };
    expect(() => checkPrimitive({ ...twice, linearize: () => [() => never] }, cases)).toThrow("could be compared");
  });
});

describe("checkTranspose", () => {
  test("a function with two rules that disagree fails, and the numbers are shown", () => {
    const wrong = customDerivative((x) => x, {
      vjp: (_args, _y, gy) => [mul(gy, 3)],
      jvp: (_args, _y, [dx]) => dx as Tensor,
    });
    expect(() => checkTranspose(wrong, [tensor([1, 2, 3])])).toThrow(/<gy, J dx> = -?\d/);
  });
});

describe("checkCustomDerivative", () => {
  const cube = (x: Tensor): Tensor => mul(x, square(x));
  const slope = (x: Tensor): Tensor => mul(3, square(x));

  test("a right derivative passes with one rule or with both", () => {
    checkCustomDerivative(customDerivative(cube, { vjp: ([x], _y, gy) => [mul(gy, slope(x as Tensor))] }), [
      tensor([1, -2]),
    ]);
    checkCustomDerivative(customDerivative(cube, { jvp: ([x], _y, [dx]) => mul(dx as Tensor, slope(x as Tensor)) }), [
      tensor(3),
    ]);
  });

  test("a wrong vjp fails, and the argument is named", () => {
    const wrong = customDerivative((a: Tensor, b: { c: Tensor }) => mul(a, b.c), {
      vjp: ([a, b], _y, gy) => [mul(gy, b.c), { c: mul(gy, mul(2, a)) }],
    });
    expect(() => checkCustomDerivative(wrong, [tensor(2), { c: tensor(3) }])).toThrow("vjp of argument 1.c");
  });

  test("a straight-through estimate is checked for its transpose only", () => {
    const estimate = customDerivative(floor, { vjp: (_args, _y, gy) => [gy], jvp: (_args, _y, [dx]) => dx as Tensor });
    checkCustomDerivative(estimate, [tensor([1.5])], { isEstimate: true });
    expect(() => checkCustomDerivative(estimate, [tensor([1.5])])).toThrow("jvp of result 0");
  });
});

describe("checkGradient", () => {
  test.each([
    ["a smooth function", (x: Tensor) => sum(exp(mul(x, x))), [1, -0.5]],
    ["the absolute value at its kink", (x: Tensor) => sum(abs(x)), [0, 1]],
    ["a difference of absolute values at the kink of both", (x: Tensor) => sum(mul(abs(x), tensor([1, -1]))), [0, 0]],
    ["a function that is smooth and spelled with kinks", (x: Tensor) => sum(sub(relu(x), relu(sub(0, x)))), [0, 0]],
    ["a maximum with ties", (x: Tensor) => max(x), [1, 1]],
  ])("%s passes", (_what, f, x) => {
    checkGradient(f, [tensor(x)]);
  });

  test("a wrong gradient fails off kinks and on kinks", () => {
    const wrong = (x: Tensor): Tensor => sum(add(mul(stopGradient(x), x), abs(x)));
    expect(() => checkGradient(wrong, [tensor([1, 2])])).toThrow("argument 0, direction 0");
    expect(() => checkGradient(wrong, [tensor([0, 2])])).toThrow("argument 0, direction 0");
  });

  test("the argument with the wrong gradient is named", () => {
    const f = ({ w }: { w: Tensor; b: Tensor }, x: Tensor): Tensor => sum(mul(stopGradient(w), x));
    expect(() => checkGradient(f, [{ w: tensor([1]), b: tensor([1]) }, tensor([2])])).toThrow("argument 0.w");
  });

  test("a jump fails, and the message says how it looks", () => {
    expect(() => checkGradient((x: Tensor) => sum(floor(x)), [tensor([1])])).toThrow("jumps");
  });

  test.each([first, last, uniform, atKink(0.3)])("the maximum of two is bracketed under %s", (selection) => {
    const f = (x: Tensor, y: Tensor): Tensor => maximum(x, y);
    checkGradient(f, [tensor(1), tensor(1)], { convex: true, select: { maximum: selection } });
  });

  test("a choice outside the subdifferential is not bracketed, in convex and in concave functions", () => {
    const select = { maximum: atKink(2) };
    expect(() => checkGradient((x: Tensor) => maximum(x, 0), [tensor(0)], { convex: true, select })).toThrow("between");
    const wild = (x: Tensor): Tensor => sub(0, maximum(x, 0));
    expect(() => checkGradient(wild, [tensor(0)], { concave: true, select })).toThrow("between");
    checkGradient((x: Tensor) => min(x), [tensor([2, 2])], { concave: true });
  });

  test("the rule of an operation of one's own is seen at its kink", () => {
    const record: Primitive<null> = {
      name: "me/first",
      shape: () => [],
      forward: (_k, [x]) => [x.data[0] as never],
      linearize: ({ inputs: [x] }) => [() => ({ jvp: (dx) => sum(dx), vjp: (gy) => mul(gy, add(mul(x, 0), 1)) })],
      cost: () => ({}),
    };
    expect(() => checkGradient((x: Tensor) => apply(record, [x], null), [tensor([1, 2])])).toThrow("slope");
  });
});
