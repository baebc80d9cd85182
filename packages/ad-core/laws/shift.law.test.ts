/**
 * Law: shifting all branches of a maximum by t shifts the output by t, so the weights of the branches sum to 1 and
 * `<gradient, 1> = 1`, whatever the selection. Source: elementary.
 */
import {
  blend,
  first,
  grad,
  logSumExp,
  max,
  maximum,
  maxPool2d,
  min,
  minimum,
  type Select,
  sum,
  type Tensor,
  uniform,
} from "@nonsmooth/ad-core";
import { anySelection, fc, kinkyTensor } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";

const total = (x: Tensor): number => Array.from(x.data).reduce((a, b) => a + b, 0);
const vectors = fc.integer({ min: 1, max: 8 }).chain((n) => kinkyTensor({ shape: [n] }));

const cases: readonly (readonly [name: string, f: (x: Tensor) => Tensor])[] = [
  ["max", (x) => max(x)],
  ["min", (x) => min(x)],
  ["maximum", (x) => max(maximum(x, x))],
  ["minimum", (x) => max(minimum(x, x))],
];

test.each(cases)("the gradient of %s sums to 1, whatever the selection", (name, f) => {
  fc.assert(
    fc.property(vectors, anySelection(), anySelection(), (x, s, other) => {
      const select: Select = { max: other, [name]: s };
      expect(total(grad(f, { select })(x))).toBeCloseTo(1, 9);
    }),
  );
});

test("the gradient of a sum of max-pools sums to the number of windows, whatever the selection", () => {
  fc.assert(
    fc.property(kinkyTensor({ shape: [1, 2, 4, 4] }), anySelection(), fc.nat(1), (x, s, padding) => {
      const pooled = (v: Tensor): Tensor => maxPool2d(v, { window: 2, stride: 1, padding });
      const gradient = grad((v: Tensor) => sum(pooled(v)), { select: { maxPool2d: s } })(x);
      expect(total(gradient)).toBeCloseTo(pooled(x).data.length, 8);
    }),
  );
});

test("a smooth maximum obeys the same law", () => {
  fc.assert(
    fc.property(vectors, (x) => {
      expect(total(grad((v: Tensor) => logSumExp(v))(x))).toBeCloseTo(1, 9);
    }),
  );
});

test("beta-MaxPool keeps the sum for every real beta", () => {
  fc.assert(
    fc.property(vectors, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x, beta) => {
      const gradient = grad((v: Tensor) => max(v), { select: { max: blend(first, uniform, beta) } })(x);
      expect(Math.abs(total(gradient) - 1)).toBeLessThan(1e-9 * (1 + Math.abs(beta)));
    }),
  );
});
