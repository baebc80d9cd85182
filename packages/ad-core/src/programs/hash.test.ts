import { describe, expect, test } from "vitest";
import {
  add,
  atSite,
  blend,
  exp,
  first,
  grad,
  greater,
  hashOf,
  isTrue,
  last,
  leakyRelu,
  max,
  mul,
  neg,
  type Program,
  random,
  relu,
  type Tensor,
  type TieSelection,
  tensor,
  trace,
  uniform,
} from "../index.ts";

const x = tensor([1, 2]);
const of = (f: (v: Tensor) => unknown, at: Tensor = x): string => hashOf(trace(f, [at]) as Program<never>);

/** Whether no two programs of a list have one name. */
const areDifferent = (names: readonly string[]): boolean => new Set(names).size === names.length;

describe("the name of a program", () => {
  test("is pinned: it is the same on every host and in every version of this form of file", () => {
    expect(of((v) => relu(v), tensor(1))).toBe("974b0381be3a5595");
    expect(of((v) => mul(v, 2))).toBe("e3d87662e4d06201");
  });

  test("has 16 hexadecimal digits", () => {
    for (const c of [0, 1, 2, 3, 4, 5, 6, 7]) expect(of((v) => mul(v, c))).toMatch(/^[0-9a-f]{16}$/);
  });

  test("is the same for a function traced twice, at other numbers", () => {
    const f = grad((v: Tensor) => max(mul(relu(v, { site: "a" }), 3)), { select: { max: uniform } });
    expect(of(f, tensor([5, -6]))).toBe(of(f));
  });

  test("does not depend on the objects that hold constants", () => {
    expect(of((v) => add(v, tensor([1, 2])))).toBe(of((v) => add(v, tensor([1, 2]))));
  });

  test("differs for operations, operands, settings, types, forms and results", () => {
    const names = [
      of((v) => v),
      of((v) => [v]),
      of((v) => [v, v]),
      of((v) => ({ v })),
      of((v) => ({ w: v })),
      of((v) => exp(v)),
      of((v) => neg(v)),
      of((v) => [exp(v), v]),
      of((v) => [v, exp(v)]),
      of((v) => mul(v, exp(v))),
      of((v) => mul(exp(v), v)),
      of((v) => leakyRelu(v, 0.25)),
      of((v) => leakyRelu(v, 0.5)),
      of((v) => leakyRelu(v, 0)),
      of((v) => leakyRelu(v, -0)),
      of((v) => exp(v), tensor([1])),
      of((v) => exp(v), tensor([[1, 2]])),
      of((v) => exp(v), tensor([1, 2], { dtype: "f32" })),
      hashOf(trace((v: Tensor, _w: Tensor) => exp(v), [x, x])),
    ];
    expect(areDifferent(names)).toBe(true);
  });

  test("differs for sites", () => {
    const names = ["", "a", "b", "a/b"].map((site) => of((v) => atSite(site, () => relu(v))));
    expect(areDifferent(names)).toBe(true);
  });

  test("differs for the bits of constants", () => {
    const names = [0, -0, NaN, 5e-324, 1, 1 + Number.EPSILON, Infinity].map((c) => of((v) => mul(v, c)));
    expect(areDifferent(names)).toBe(true);
  });

  test("differs for selections and draws", () => {
    const choices: TieSelection[] = [first, last, uniform, random(1), random(2), blend(first, last, 0.5)];
    const names = choices.map((selection) => of(grad((v: Tensor) => max(v), { select: { max: selection } })));
    expect(areDifferent(names)).toBe(true);
  });

  test("differs for guards", () => {
    const at = (v: number): string => of((u) => (isTrue(greater(u, 0)) ? u : u), tensor(v));
    expect(at(1)).toBe(at(2));
    const late = of((u) => {
      const y = greater(u, 0);
      const z = exp(u);
      return isTrue(y) ? z : z;
    }, tensor(1));
    const early = of((u) => (isTrue(greater(u, 0)) ? exp(u) : exp(u)), tensor(1));
    expect(areDifferent([at(1), at(-1), of((u) => u, tensor(1)), late, early])).toBe(true);
  });
});
