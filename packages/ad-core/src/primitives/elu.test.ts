import { describe, expect, test } from "vitest";
import {
  atKink,
  blend,
  elu,
  first,
  grad,
  hessian,
  jvp,
  kinks,
  last,
  random,
  type Select,
  scalarize,
  sum,
  type Tensor,
  type TieSelection,
  tensor,
  uniform,
  weights,
} from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data);

/** The derivative at a number, which the two modes must agree on. */
function slope(f: (x: Tensor) => Tensor, x: number, select: Select = {}): number {
  const [reverse] = numbers(grad(f, { select })(tensor(x)));
  expect(numbers(jvp(f, [tensor(x)], [tensor(1)], { select })[1])).toEqual([reverse]);
  return reverse as number;
}

const curvature = (alpha: number, x: number, select: Select = {}): number =>
  numbers(hessian((v: Tensor) => elu(v, alpha), [tensor(x)], { select }))[0] as number;

/** exp(-1) - 1, and exp(-1). */
const [fall, steep] = [-0.6321205588285577, 0.36787944117144233];

describe("the value", () => {
  test.each([
    [1, fall],
    [0.5, fall / 2],
    [2, 2 * fall],
    [0, 0],
    [-3, -3 * fall],
  ])("for alpha = %d is x above 0, and alpha (exp(x) - 1) up to it", (alpha, expected) => {
    expect(numbers(elu(tensor([-1, 0, 0.25, 700]), alpha))).toEqual([expected, 0, 0.25, 700]);
  });

  test("ends at -alpha and at infinity, and NaN passes", () => {
    for (const alpha of [1, 0.5, 2, -1]) {
      expect(numbers(elu(tensor([-Infinity, Infinity, NaN]), alpha))).toEqual([-alpha, Infinity, NaN]);
    }
    expect(numbers(elu(tensor([-Infinity, Infinity, NaN]), 0))).toEqual([0, Infinity, NaN]);
  });

  test("is accurate near 0, and rounded once", () => {
    expect(numbers(elu(tensor([-1e-20])))).toEqual([-1e-20]);
    expect(numbers(elu(tensor([-1], { dtype: "f16" })))).toEqual([-0.63232421875]);
    expect(numbers(elu(tensor([-1], { dtype: "bf16" }), 0.5))).toEqual([-0.31640625]);
    expect(elu(tensor([1], { dtype: "f32" })).dtype).toBe("f32");
    expect(numbers(elu(3))).toEqual([3]);
  });
});

describe("the derivative", () => {
  test.each([0.5, 1, 2, 0, -1])("for alpha = %d is 1 above 0, and alpha exp(x) below", (alpha) => {
    const f = (x: Tensor): Tensor => elu(x, alpha);
    expect([1e-300, 3, 800].map((x) => slope(f, x))).toEqual([1, 1, 1]);
    expect(slope(f, -1)).toBeCloseTo(alpha * steep, 15);
    expect([slope(f, -Infinity), slope(f, -1e-20)]).toEqual([0, alpha]);
  });

  const named: Readonly<Record<string, TieSelection | null>> = {
    default: null,
    first,
    last,
    uniform,
    "atKink(0.25)": atKink(0.25),
    "blend(first, uniform, 10)": blend(first, uniform, 10),
    weights: weights((ties) => (ties === 2 ? [0.375, 0.625] : Array<number>(ties).fill(1 / ties))),
  };
  const all = (alpha: number, x: number): number[] =>
    Object.values(named).map((elu_) => slope((v) => elu(v, alpha), x, elu_ ? { elu: elu_ } : {}));

  test.each([
    [0.5, [0.5, 0.5, 1, 0.75, 0.625, 3, 0.8125]],
    [3, [3, 3, 1, 2, 2.5, -7, 1.75]],
    [-1, [-1, -1, 1, 0, -0.5, 9, 0.25]],
    [0, [0, 0, 1, 0.5, 0.25, 5, 0.625]],
    [1, [1, 1, 1, 1, 1, 1, 1]],
  ])("at 0 for alpha = %d is what is selected of alpha and 1", (alpha, expected) => {
    expect(all(alpha, 0)).toEqual(expected);
    expect(all(alpha, -0)).toEqual(expected);
  });

  test("a draw takes one of the sides", () => {
    const drawn = Array.from({ length: 12 }, (_, seed) => slope((x) => elu(x, 0.5), 0, { elu: random(seed) }));
    expect([...new Set(drawn)].toSorted()).toEqual([0.5, 1]);
  });

  test("away from 0 all selections agree", () => {
    for (const alpha of [0.5, 3, -1]) for (const x of [-2, -1e-9, 1e-9, 4]) expect(new Set(all(alpha, x)).size).toBe(1);
  });

  test("sites may choose apart", () => {
    const f = (x: Tensor): Tensor => sum(elu(elu(x, 0.5, { site: "in" }), 0.5, { site: "out" }));
    expect([slope(f, 0), slope(f, 0, { "elu@in": last }), slope(f, 0, { elu: last })]).toEqual([0.25, 0.5, 1]);
  });

  test("in narrow formats has the setting rounded", () => {
    expect(numbers(grad((x: Tensor) => elu(x, 0.1))(tensor(0, { dtype: "f16" })))).toEqual([0.0999755859375]);
  });
});

describe("the second derivative", () => {
  test("is alpha exp(x) below 0, and 0 above", () => {
    for (const alpha of [1, 0.5, 3]) {
      expect(curvature(alpha, -1)).toBeCloseTo(alpha * steep, 15);
      expect([curvature(alpha, 2), curvature(alpha, 1000)]).toEqual([0, 0]);
    }
  });

  test("at 0 is that of the side that is selected, the left one for alpha = 1", () => {
    expect(curvature(1, 0)).toBe(1);
    const choices: Select[] = [{}, { elu: last }, { elu: uniform }];
    expect(choices.map((select) => curvature(0.5, 0, select))).toEqual([0.5, 0, 0.25]);
    // the selections of other operations are not asked
    expect(curvature(0.5, 0, { minimum: last, maximum: last, relu: last })).toBe(0.5);
  });
});

describe("kink reports", () => {
  const report = (x: number, alpha?: number) => kinks((v: Tensor) => elu(v, alpha, { site: "act" }), [tensor(x)]);

  test("find the kink at 0 with the values of both sides", () => {
    expect(report(0, 0.5).kinks).toMatchObject([{ name: "elu", site: "act", places: [{ branches: [0, 0], ties: 2 }] }]);
    expect(report(0, 3)).toMatchObject({ status: 1 });
    expect([-1, 1e-300, -1e-300].map((x) => report(x, 0.5).status)).toEqual([3, 3, 3]);
    expect([-1, 1e-300, -1e-300].map((x) => report(x, 3).status)).toEqual([3, 3, 3]);
  });

  test("find none for alpha = 1", () => {
    expect([0, -1e-20, -1].map((x) => report(x).status)).toEqual([3, 3, 3]);
  });
});

test("scalar programs know elu, its kink and its selection", () => {
  const program = scalarize((x: Tensor) => elu(x, 0.5), [tensor([-1, 0, 2])]);
  expect([...program.recorded.outputs]).toEqual([fall / 2, 0, 2]);
  expect([...program.recorded.reverse(tensor([1, 1, 1]).data)].map((g) => +(g as number).toFixed(12))).toEqual([
    +(steep / 2).toFixed(12),
    0.5,
    1,
  ]);
});
