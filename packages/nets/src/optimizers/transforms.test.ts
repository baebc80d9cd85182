import { type DType, div, norm2, type Tensor, type Tree, tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { adamW } from "./adam.ts";
import { chain } from "./chain.ts";
import { clipByGlobalNorm, clipByValue } from "./clip.ts";
import { addDecayedWeights } from "./decay.ts";
import { groups } from "./groups.ts";
import { inna, innaprop } from "./inna.ts";
import { applyUpdates, type Optimizer } from "./optimizer.ts";
import { scale, scaleBySchedule } from "./scale.ts";
import { scaleByDeviation } from "./scaleByRms.ts";
import { sgd } from "./sgd.ts";
import { leavesOf } from "./tree.ts";

/** The updates of the first step. */
const first = (optimizer: Optimizer, grads: Tree, params: Tree = grads): Tree =>
  optimizer.update(grads, optimizer.init(params), params)[0];

const dataOf = (tree: Tree): number[] => leavesOf("test", tree).flatMap(({ tensor: x }) => Array.from(x.data));

describe("clipByGlobalNorm", () => {
  test("keeps what is short, bit for bit", () => {
    expect(dataOf(first(clipByGlobalNorm(5), [tensor([3, 4]), tensor(0)]))).toEqual([3, 4, 0]);
  });

  test("makes what is long as long as allowed, in its direction", () => {
    expect(dataOf(first(clipByGlobalNorm(1), [tensor([0, 3]), tensor(-4)]))).toEqual([
      0,
      expect.closeTo(0.6, 15),
      -0.8,
    ]);
  });

  test("keeps zeros, and shows what is not finite", () => {
    expect(dataOf(first(clipByGlobalNorm(1), tensor([0, 0])))).toEqual([0, 0]);
    expect(dataOf(first(clipByGlobalNorm(1), tensor([1, Number.NaN])))).toEqual([1, Number.NaN]);
    expect(dataOf(first(clipByGlobalNorm(1), tensor([1, Infinity])))).toEqual([0, Number.NaN]);
  });

  test.each<DType>(["f16", "bf16"])("adds the squares of %s in f32, where they do not overflow", (dtype) => {
    const [x] = leavesOf("test", first(clipByGlobalNorm(1), tensor([3000, 4000], { dtype })));
    expect(x?.tensor.dtype).toBe(dtype);
    expect(norm2(x?.tensor as Tensor).data[0]).toBeCloseTo(1, 1);
  });

  test("sees leaves of several dtypes as one vector", () => {
    const clipped = first(clipByGlobalNorm(1), [tensor(3, { dtype: "f32" }), tensor(4)]);
    expect(dataOf(clipped)).toEqual([Math.fround(0.6), 0.8]);
  });
});

test("clipByValue clips numbers one by one, and lets NaN pass", () => {
  expect(dataOf(first(clipByValue(0.5), tensor([-2, 0.25, 2, Number.NaN])))).toEqual([-0.5, 0.25, 0.5, Number.NaN]);
});

describe("masks", () => {
  const params = { conv: { weight: tensor([[2]]), bias: tensor([2]) }, list: [tensor(2)] };
  const zeros = { conv: { weight: tensor([[0]]), bias: tensor([0]) }, list: [tensor(0)] };

  test("see paths and parameters", () => {
    const seen: string[] = [];
    const mask = (path: string, { shape }: Tensor): boolean => {
      seen.push(`${path} ${shape.length}`);
      return shape.length > 1;
    };
    expect(dataOf(first(addDecayedWeights(0.5, { mask }), zeros, params))).toEqual([0, 1, 0]);
    expect(seen).toEqual(["conv/bias 1", "conv/weight 2", "list/0 0"]);
  });

  // An inertial first step is (1 - γλ) θ - γ² λ (1/β - α) θ.
  test.each([
    ["sgd", sgd, 1.95],
    ["adamW", adamW, 1.95],
    ["inna", inna, 1.92625],
    ["innaprop", innaprop, 1.95 - 0.0025 * (1 / 0.9 - 0.1)],
  ] as const)("say what decays in %s", (_name, make, expected) => {
    const optimizer = make({ rate: 0.05, weightDecay: 0.5, mask: (path: string) => path === "list/0" });
    const moved = first(optimizer, zeros, params);
    expect(dataOf(applyUpdates(params, moved))).toEqual([2, 2, expect.closeTo(expected, 12)]);
  });

  test("see whole paths inside of groups", () => {
    const decaying = chain(addDecayedWeights(1, { mask: (path) => path === "conv/weight" }), scale(-1));
    const optimizer = groups((path) => path.split("/")[0] as string, { conv: decaying, list: scale(3) });
    expect(dataOf(first(optimizer, zeros, params))).toEqual([-0, -2, 0]);
  });
});

describe("groups", () => {
  test("are clipped apart", () => {
    const clip = clipByGlobalNorm(1);
    const optimizer = groups((path) => path, { a: clip, b: clip });
    expect(dataOf(first(optimizer, { a: tensor([4]), b: tensor([0.5]) }))).toEqual([1, 0.5]);
  });

  test("may be empty, and do not depend on the order of keys", () => {
    const optimizer = groups((path) => path, { z: scale(1), a: scale(2), unused: adamW() });
    const params = { z: tensor([1, 1]), a: tensor(1) };
    expect(optimizer.update({ a: tensor(5), z: tensor([7, 8]) }, optimizer.init(params), params)[0]).toEqual({
      a: tensor(10),
      z: tensor([7, 8]),
    });
  });

  test("refuse labels without optimizer, and two parameters of one path", () => {
    const optimizer = groups((path) => path.slice(0, 1), { a: scale(1) });
    expect(() => optimizer.init({ b: tensor(1) })).toThrow(
      expect.objectContaining({ code: "missing", where: "groups" }),
    );
    const twice = { "a/b": tensor(1), a: { b: tensor(2) } };
    expect(() => optimizer.init(twice)).toThrow(expect.objectContaining({ code: "data", where: "groups" }));
  });
});

test("chains of chains are chains, and an empty one changes nothing", () => {
  const inside = chain(scale(2), chain(scale(3)), chain());
  expect(dataOf(first(chain(inside, scale(-1)), tensor([1, -2])))).toEqual([-6, 12]);
});

test("a schedule of one's own counts from 0 and must give one number", () => {
  const counted = scaleBySchedule((count) => count);
  expect(dataOf(first(counted, tensor(5)))).toEqual([0]);
  const wrong = scaleBySchedule((count) => div(count, tensor([1, 2])));
  expect(() => first(wrong, tensor(5))).toThrow(expect.objectContaining({ code: "shape" }));
});

test("the deviation of a constant is not NaN, though rounding may make its square negative", () => {
  const transform = scaleByDeviation({ decay: 0.5 });
  let state = transform.init(tensor(0));
  for (let k = 0; k < 80; k++) {
    const [updates, next] = transform.update(tensor(0.1), state, tensor(0));
    expect(dataOf(updates).every(Number.isFinite)).toBe(true);
    state = next;
  }
});

test("a number in a tree of parameters is a scalar", () => {
  expect(applyUpdates({ w: 1 }, { w: tensor(2) })).toEqual({ w: tensor(3) });
});
