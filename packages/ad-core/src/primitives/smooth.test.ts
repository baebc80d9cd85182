import { describe, expect, test } from "vitest";
import {
  abs,
  add,
  atKink,
  exp,
  first,
  gelu,
  grad,
  jvp,
  last,
  log1p,
  maximum,
  neg,
  type Select,
  sigmoid,
  silu,
  softplus,
  sum,
  type Tensor,
  tensor,
  uniform,
} from "../index.ts";

/** The numbers of a tensor; -0 counts as 0. */
const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** The derivative at a number, which the two modes must agree on. */
function slope(f: (x: Tensor) => Tensor, x: number, select: Select = {}): number {
  const [reverse] = numbers(grad(f, { select })(tensor(x)));
  expect(numbers(jvp(f, [tensor(x)], [tensor(1)], { select })[1])).toEqual([reverse]);
  return reverse as number;
}

const second = (f: (x: Tensor) => Tensor, x: number): number => slope(grad(f), x);

describe("sigmoid", () => {
  test("is 1/2 with slope 1/4 and no curvature at 0", () => {
    expect([numbers(sigmoid(0))[0], slope((x) => sigmoid(x), 0), second((x) => sigmoid(x), 0)]).toEqual([0.5, 0.25, 0]);
  });

  test("is flat at both infinities and far out", () => {
    expect(numbers(sigmoid(tensor([-Infinity, -1000, 1000, Infinity])))).toEqual([0, 0, 1, 1]);
    for (const x of [-Infinity, -1000, 1000, Infinity]) {
      expect([slope((v) => sigmoid(v), x), second((v) => sigmoid(v), x)]).toEqual([0, 0]);
    }
  });

  test("passes NaN", () => {
    expect([numbers(sigmoid(NaN))[0], slope((x) => sigmoid(x), NaN)]).toEqual([NaN, NaN]);
  });
});

describe("softplus", () => {
  test("is log 2 with slope 1/2 and curvature 1/4 at 0", () => {
    expect([numbers(softplus(0))[0], slope((x) => softplus(x), 0), second((x) => softplus(x), 0)]).toEqual([
      Math.LN2,
      0.5,
      0.25,
    ]);
  });

  test("has slope 0 at -Infinity, slope 1 at Infinity, and no curvature there", () => {
    expect(numbers(softplus(tensor([-Infinity, -1000, 1000, Infinity])))).toEqual([0, 0, 1000, Infinity]);
    expect([-Infinity, -1000, 1000, Infinity].map((x) => slope((v) => softplus(v), x))).toEqual([0, 0, 1, 1]);
    expect([-Infinity, -1000, 1000, Infinity].map((x) => second((v) => softplus(v), x))).toEqual([0, 0, 0, 0]);
  });

  test("passes NaN", () => {
    expect([numbers(softplus(NaN))[0], slope((x) => softplus(x), NaN)]).toEqual([NaN, NaN]);
  });

  test("has no kink, whatever is selected for maximum and abs", () => {
    for (const selection of [first, last, uniform, atKink(0.25)]) {
      expect(slope((x) => softplus(x), 0, { maximum: selection, abs: selection })).toBe(0.5);
    }
  });

  test("has the value of its formula written with kinks, bit for bit", () => {
    const spelled = (x: Tensor): Tensor => add(maximum(x, 0), log1p(exp(neg(abs(x)))));
    const x = tensor([-3, -0.5, 0, 0.5, 3]);
    expect(Array.from(softplus(x).data)).toEqual(Array.from(spelled(x).data));
  });
});

describe("silu and gelu", () => {
  test.each([
    ["silu", silu, 0.7310585786300049, 0.927670511871487],
    ["gelu", gelu, 0.8413447460685429, 1.0833154705876864],
  ])("%s at 1 is x times a distribution function, and its slope adds the density", (_name, f, value, slope) => {
    expect(f(tensor(1)).data[0]).toBeCloseTo(value, 15);
    expect(grad((x: Tensor) => f(x))(tensor(1)).data[0]).toBeCloseTo(slope, 14);
  });

  test.each([
    ["silu", silu],
    ["gelu", gelu],
  ])("%s goes to 0 on the left and to x on the right, without NaN", (_name, f) => {
    const ends = tensor([-Infinity, Infinity]);
    expect(Array.from(f(ends).data, (v) => v + 0)).toEqual([0, Infinity]);
    expect(Array.from(grad((x: Tensor) => sum(f(x)))(ends).data)).toEqual([0, 1]);
  });
});
