import {
  abs,
  atKink,
  atZero,
  blend,
  customDerivative,
  equal,
  first,
  gelu,
  last,
  max,
  maximum,
  maxPool2d,
  mul,
  norm2,
  random,
  relu,
  relu6,
  type Select,
  sort,
  type Tensor,
  tensor,
  uniform,
  where,
  zeros,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { isConservative } from "../index.ts";

type Operation = (x: Tensor) => Tensor;

describe("choices whose weights sum to 1 are conservative", () => {
  test.each<[string, Operation, Tensor, Select]>([
    ["relu, any number", (x) => relu(x), tensor(0), { relu: atKink(-7) }],
    ["abs, first", (x) => abs(x), tensor(0), { abs: first }],
    ["relu6, its sides apart", (x) => relu6(x), tensor([0, 6]), { "relu6.low": last, "relu6.high": first }],
    ["max, equal shares", (x) => max(x), zeros([3]), { max: uniform }],
    ["max, a blend beyond them", (x) => max(x), zeros([3]), { max: blend(first, uniform, 100) }],
    ["max, drawn", (x) => max(x), zeros([3]), { max: random(3) }],
    ["max-pool, last", (x) => maxPool2d(x, { window: 2, stride: 1 }), zeros([1, 1, 3, 3]), { maxPool2d: last }],
    ["sort", (x) => sort(x), zeros([3]), { sort: uniform }],
    ["a norm with any vector at 0", (x) => norm2(x), zeros([2]), { norm2: atZero("ones") }],
    ["a smooth function", (x) => gelu(x), tensor(0), {}],
  ])("%s", (_, f, x, select) => {
    const { isConservative: answer, counterexample, claim } = isConservative(f, [x], { select, curves: 40 });
    expect([answer, counterexample, claim]).toEqual([
      true,
      null,
      "conservative along all of 40 curves that were tried",
    ]);
  });
});

describe("others are not, and a curve shows it", () => {
  test("1 to every branch that ties", () => {
    const both = customDerivative((x: Tensor) => max(x), { vjp: ([x], y, gy) => [where(equal(x, y), gy, 0)] });
    const found = isConservative(both, [zeros([2])]);
    expect(found.isConservative).toBe(false);
    const { change, integral, from, to } = found.counterexample as NonNullable<typeof found.counterexample>;
    expect(Math.abs(change - integral)).toBeGreaterThan(0.1);
    // the two move together
    const [a, b] = [from[0].data, to[0].data];
    expect([a[0], b[0]]).toEqual([a[1], b[1]]);
  });

  test("nothing to either of them", () => {
    const none = customDerivative((a: Tensor, b: Tensor) => maximum(a, b), {
      vjp: ([a, b], _, gy) => [where(equal(a, b), 0, mul(gy, a.shape.length + 1)), zeros(b.shape)],
    });
    expect(isConservative(none, [tensor(0), tensor(0)]).isConservative).toBe(false);
  });

  test("a derivative that passes straight through", () => {
    const step = customDerivative((x: Tensor) => mul(relu(x), 1), { vjp: (_x, _y, gy) => [gy] });
    expect(isConservative(step, [zeros([2])]).isConservative).toBe(false);
  });
});

test("settings are checked", () => {
  const f = (x: Tensor): Tensor => relu(x);
  expect(() => isConservative(f, [tensor(0)], { curves: 0 })).toThrow(/curves/);
  expect(() => isConservative(f, [tensor(0)], { seed: 1.5 })).toThrow(/seed/);
  expect(() => isConservative(f, [tensor(0)], { tolerance: 1 } as never)).toThrow(/tolerance/);
  expect(() => isConservative(f, [tensor(0)], { select: { rleu: last } })).toThrow(/no kink has this name/);
});
