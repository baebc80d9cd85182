// What the coded form of beta-MaxPool costs in accuracy and range, and where the choice of beta cannot be seen at all.
import {
  add,
  cast,
  conv2d,
  type DType,
  grad,
  key,
  abs as magnitude,
  randomNormal,
  relu,
  sum,
  type Tensor,
  tensor,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { inContext } from "../../laws/inContext.ts";
import { betaPool2d, maxPoolChoice } from "./index.ts";

const pooled = (beta: number, m: Tensor): Float64Array =>
  Float64Array.from(inContext(betaPool2d({ window: 1, beta }))(m).data);

/** All positive finite halves, ascending. */
const halves = Float64Array.from({ length: 0x7bff }, (_, i) => {
  const [exponent, mantissa] = [(i + 1) >> 10, (i + 1) & 1023];
  return exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25);
});

test.each([
  [100, 655.5, 662],
  [1000, 65.5625, 65.625],
  [10000, 6.5546875, 6.5546875],
])("coded in f16, beta %d: not finite from %d on, NaN from %d on", (beta, infinite, undefinedFrom) => {
  const y = pooled(beta, tensor(halves, { shape: [halves.length, 1, 1, 1], dtype: "f16" }));
  const lowest = (is: (value: number) => boolean): number | undefined => halves.find((_, i) => is(y[i] as number));
  expect(lowest((value) => !Number.isFinite(value))).toBe(infinite);
  expect(lowest(Number.isNaN)).toBe(undefinedFrom);
  const kinds = halves.map((m) => (m < infinite ? 0 : m < undefinedFrom ? 1 : 2));
  expect(y.map((value) => (Number.isNaN(value) ? 2 : Number.isFinite(value) ? 0 : 1))).toEqual(kinds);
});

describe("median relative error of the coded maximum of |normal| numbers", () => {
  const drawn = magnitude(randomNormal(key(1), [20000, 1, 1, 1]));
  const medianError = (beta: number, dtype: DType): number => {
    const m = cast(drawn, dtype);
    const errors = pooled(beta, m).map((y, i) => Math.abs(y / (m.data[i] as number) - 1));
    return errors.toSorted()[errors.length / 2] as number;
  };
  test.each([
    [10, 2.0e-7, 1.7e-3],
    [100, 2.4e-6, 2.0e-2],
    [1000, 2.4e-5, 0.2],
    [10000, 2.4e-4, 1],
  ])("beta %d: about %d in f32 and %d in f16", (beta, single, half) => {
    for (const [dtype, expected] of [["f32", single] as const, ["f16", half] as const]) {
      const found = medianError(beta, dtype);
      expect(found).toBeGreaterThan(expected / 2);
      expect(found).toBeLessThan(expected * 2);
    }
  });

  test("none for beta 0 and 1", () => {
    for (const beta of [0, 1]) expect([medianError(beta, "f32"), medianError(beta, "f16")]).toEqual([0, 0]);
  });
});

test("factors are not rounded to 16 bits: 100000 is none of its numbers", () => {
  const quarter = tensor([0.25], { shape: [1, 1, 1, 1], dtype: "f16" });
  expect(Array.from(pooled(1e5, quarter))).toEqual([0]);
});

const betas = [0, 1, 10, 100, 1000, 10000];

/** Gradients for weight and bias of a convolution under relu and beta-MaxPool, one for each form and beta. */
function gradients(x: Tensor, weight: Tensor, bias: Tensor): number[][][] {
  return (["fused", "coded"] as const).flatMap((form) =>
    betas.map((beta) => {
      const { pool, select } = maxPoolChoice({ beta, form });
      const loss = (w: Tensor, b: Tensor): Tensor => sum(inContext(pool)(relu(add(conv2d(x, w), b))));
      const found = grad(loss, { select, wrt: [0, 1] })(weight, bias);
      return found.map((part) => Array.from((part as Tensor).data));
    }),
  );
}

const image = (cells: readonly number[], size: number): Tensor => tensor([...cells], { shape: [1, 1, size, size] });

test("a window that relu made all zeros passes nothing to parameters, whatever beta is", () => {
  const rising = image([1, 2, 4, 8, 2, 1, 8, 4, 1, 1, 2, 2, 4, 2, 1, 8, 1, 2, 4, 8, 2, 1, 8, 4, 1], 5);
  for (const found of gradients(rising, image([-1, -2, -1, -0.5], 2), tensor([-0.25], { shape: [1, 1, 1] })))
    expect(found).toEqual([[0, 0, 0, 0], [0]]);
});

test.each([
  ["four", new Array(9).fill(0.5), [0.5, 0.5, 0.5, 0.5]],
  ["two", [0.5, 0.25, 0.5, 2, 1, 2, 0, 0, 0], null],
])("%s equal patches: gradients have the same bits for every beta", (_count, cells, expected) => {
  const [x, weight] = [image(cells as number[], 3), image([0.5, 0.25, 1, 1], 2)];
  const all = gradients(x, weight, tensor([0.125], { shape: [1, 1, 1] }));
  for (const found of all) expect(found).toEqual(all[0]);
  if (expected) expect(all[0]).toEqual([expected, [1]]);
});
