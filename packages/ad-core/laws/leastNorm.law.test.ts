/**
 * Law: uniform weights have the least Euclidean norm among weights that sum to 1, and on k ties
 * `blend(first, uniform, beta)` has squared norm `1/k + (1 - 1/k)(1 - beta)²`. Source: elementary; [Bou24].
 */
import {
  blend,
  first,
  full,
  grad,
  last,
  max,
  maxPool2d,
  sum,
  type Tensor,
  type TieSelection,
  uniform,
} from "@nonsmooth/ad-core";
import { anySelection, fc, kinkyTensor } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { inner } from "./programs.ts";

const gradientOfMax = (x: Tensor, selection: TieSelection): Tensor =>
  grad((v: Tensor) => max(v), { select: { max: selection } })(x);

const squaredNorm = (x: Tensor): number => inner(x, x);

test("no selection gives a maximum a shorter gradient than uniform", () => {
  fc.assert(
    fc.property(kinkyTensor({ shape: [6] }), anySelection(), (x, selection) => {
      const [least, found] = [uniform, selection].map((s) => squaredNorm(gradientOfMax(x, s))) as [number, number];
      expect(found).toBeGreaterThanOrEqual(least * (1 - 1e-12));
    }),
  );
});

test("no selection gives windows that do not overlap a shorter gradient than uniform", () => {
  fc.assert(
    fc.property(kinkyTensor({ shape: [1, 1, 4, 4] }), anySelection(), (x, selection) => {
      const pooled = (v: Tensor): Tensor => sum(maxPool2d(v, { window: 2 }));
      const norms = [uniform, selection].map((s) => squaredNorm(grad(pooled, { select: { maxPool2d: s } })(x)));
      expect(norms[1]).toBeGreaterThanOrEqual((norms[0] as number) * (1 - 1e-12));
    }),
  );
});

test.each([first, last])("the squared norm of a blend with $name on k ties is 1/k + (1 - 1/k)(1 - beta)²", (corner) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -40, max: 40 }), (k, quarters) => {
      const beta = quarters / 4;
      const found = squaredNorm(gradientOfMax(full([k], 2), blend(corner, uniform, beta)));
      const expected = 1 / k + (1 - 1 / k) * (1 - beta) ** 2;
      expect(Math.abs(found - expected)).toBeLessThan(1e-12 * (1 + expected));
    }),
  );
});
