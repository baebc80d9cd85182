/** The pullback of poolings, which one kernel computes: with the bits of the reference. */
import {
  apply,
  blend,
  broadcastTo,
  first,
  grad,
  last,
  maxPool2d,
  mul,
  type PoolingOptions,
  type Primitive,
  random,
  records,
  relu,
  reshape,
  type Select,
  sum,
  type Tensor,
  tensor,
  trace,
  uniform,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { expectConforms } from "../../laws/conform.ts";
import type { WasmDescription } from "../machine/executable.ts";
import { wasm } from "../machine/wasm.ts";

const special = [NaN, Infinity, -Infinity, -0, 0];

/** Few different numbers, so that many windows tie; zeros of both signs and what is not finite among them. */
function image(shape: readonly number[], dtype: Tensor["dtype"], isSpecial: boolean): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => {
    const n = (i * 7919 + 13) % 1009;
    return isSpecial && n % 9 === 0 ? (special[n % 5] as number) : (n % 5) - 2;
  });
  return tensor(values, { shape, dtype });
}

const factorsLike = ({ shape, dtype }: Tensor): Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => (i % 11 === 0 ? (special[i % 5] as number) : (i % 7) / 3 - 1));
  return tensor(values, { shape, dtype });
};

/** The derivative along cotangents of its own for each window; `inner` comes before the pooling. */
const pullback = (options: PoolingOptions, select: Select, inner: (x: Tensor) => Tensor) => (x: Tensor, g: Tensor) =>
  grad((v: Tensor) => sum(mul(maxPool2d(inner(v), options), g)), { select })(x);

const itemsOf = (f: (...args: never[]) => Tensor, args: readonly Tensor[]): WasmDescription => {
  const running = wasm().compile(trace(f as (...args: Tensor[]) => Tensor, [...args]));
  const described = running.describe();
  running.dispose();
  return described;
};

const selections: readonly (readonly [string, Select])[] = [
  ["first", { maxPool2d: first, relu: last }],
  ["last", { maxPool2d: last }],
  ["uniform", { maxPool2d: uniform, relu: uniform }],
  ["blend", { maxPool2d: blend(first, uniform, 10) }],
  ["the whole and back", { maxPool2d: blend(first, last, -1) }],
  ["random", { maxPool2d: random(7) }],
];

const cases: readonly (readonly [shape: number[], window: [number, number]])[] = [
  [
    [2, 3, 8, 8],
    [2, 2],
  ],
  [
    [3, 1, 9, 11],
    [2, 2],
  ],
  [
    [1, 2, 2, 2],
    [2, 2],
  ],
  [
    [2, 2, 5, 27],
    [2, 2],
  ],
  [
    [2, 2, 7, 9],
    [1, 2],
  ],
  [
    [1, 3, 9, 5],
    [4, 1],
  ],
  [
    [1, 1, 9, 10],
    [3, 3],
  ],
  [
    [0, 2, 4, 4],
    [2, 2],
  ],
];

describe.each(["f64", "f32", "f16", "bf16"] as const)("in %s", (dtype) => {
  describe.each(selections)("%s", (_says, select) => {
    test.each(cases)("[%s] by %s", (shape, window) => {
      for (const isSpecial of [false, true]) {
        const x = image(shape, dtype, isSpecial);
        const g = factorsLike(maxPool2d(x, { window }));
        const machine = wasm();
        expectConforms(machine, pullback({ window }, select, (v) => v) as never, [x, g]);
        expectConforms(machine, pullback({ window }, select, relu) as never, [x, g]);
        expectConforms(machine, pullback({ window }, select, (v) => mul(v, x)) as never, [x, g]);
      }
    });
  });
});

describe("one item does all of it", () => {
  const x = image([2, 3, 8, 8], "f32", false);
  const g = factorsLike(maxPool2d(x, { window: 2 }));
  const count = (options: PoolingOptions, select: Select): number =>
    itemsOf(pullback(options, select, relu) as never, [x, factorsLike(maxPool2d(x, options))]).items;

  test("with the numbers that the pullback of the operation before it multiplies by", () => {
    // relu with its weights, the value (three items), the cotangent of the windows, and the pullback
    expect(count({ window: 2 }, {})).toBe(6);
  });

  test("but not where windows overlap, or a draw decides", () => {
    expect(count({ window: 2, stride: 1 }, {})).toBeGreaterThan(2);
    expect(count({ window: 2 }, { maxPool2d: random(7) })).toBeGreaterThan(2);
  });

  test("and not where someone else reads what is computed on the way", () => {
    const windows = { window: [2, 2], stride: [2, 2], padding: [0, 0] };
    const selection = { kind: "tie", name: "first", first: 1, last: 0, each: 0, drawn: 0, seed: 0 };
    const ties = { order: "max", along: true, coefficients: [1], selection, kink: 0, masked: false };
    const by = (name: string, inputs: Tensor[], params: unknown): Tensor =>
      apply(records.get(name) as Primitive<unknown>, inputs, params);
    const both = (v: Tensor, cotangents: Tensor): Tensor[] => {
      const weights = by("tieWeights", [by("unfold", [v], { ...windows, fill: -Infinity })], ties);
      const spread = broadcastTo(reshape(cotangents, [...cotangents.shape, 1]), weights.shape);
      const products = by("scaleBy", [weights, spread], null);
      return [by("fold", [products], { ...windows, image: v.shape }), products];
    };
    expect(itemsOf(((v: Tensor, c: Tensor) => both(v, c)[0] as Tensor) as never, [x, g]).items).toBe(1);
    expectConforms(wasm(), both as never, [x, g]);
  });
});

test("one cotangent for all windows is no cotangent for each", () => {
  const f = (x: Tensor, c: Tensor): Tensor => grad((v: Tensor) => mul(sum(maxPool2d(v, { window: 2 })), c))(x);
  expectConforms(wasm(), f as never, [image([2, 3, 8, 8], "f32", false), tensor(3, { dtype: "f32" })]);
});

test("units that several threads do never write the same place", () => {
  const machine = wasm({ threads: 3 });
  const x = image([5, 7, 9, 11], "f32", true);
  const g = factorsLike(maxPool2d(x, { window: 2 }));
  expectConforms(machine, pullback({ window: 2 }, {}, relu) as never, [x, g]);
  machine.dispose();
});
