// On piecewise linear programs all is exact: the element is the gradient a small rational step away.
import { type Tensor, tensor } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { clarkeElement, directionalDerivative, lDerivative } from "../src/index.ts";
import { piecewiseLinear } from "./piecewiseLinear.ts";

/** Denominator of the directions' entries. */
const grid = 2 ** 20;
/** The step is one over it. */
const large = 2n ** 120n;

const numbers = (xs: readonly Tensor[]): number[] => xs.map((x) => (x.data[0] as number) + 0);

/** The point `x + e d1 + e^2 d2 + ...` with `e = 1 / large`, as numerators over one denominator. */
function perturbed(point: readonly number[], directions: readonly (readonly number[])[]): bigint[] {
  const whole = large ** BigInt(directions.length);
  return point.map((x, i) =>
    directions.reduce(
      (total, d, j) => total + BigInt((d[i] as number) * grid) * large ** BigInt(directions.length - 1 - j),
      BigInt(x) * BigInt(grid) * whole,
    ),
  );
}

describe("piecewise linear programs with whole numbers", () => {
  test.each([1, 2, 3])("a Clarke element is the gradient of an exact perturbation, every time: part %i", (part) => {
    const met = { tied: 0, mended: 0 };
    fc.assert(
      fc.property(piecewiseLinear(3, 9), fc.nat(2 ** 31), ({ point, run, exactly }, seed) => {
        const { gradient, certificate } = clarkeElement(
          run,
          point.map((x) => tensor(x)),
          { seed, steps: [2 ** -20] },
        );
        const exact = exactly(perturbed(point, certificate.directions.map(numbers)));
        expect(numbers(gradient)).toEqual(exact.gradient.map(Number));
        expect(certificate.product).toBe(certificate.slope);
        expect(Math.abs(certificate.residuals[0]?.residual as number)).toBeLessThan(1e-4);
        expect(certificate.arithmetic).toBe("exact");
        met.tied += certificate.locked.length > 0 ? 1 : 0;
        met.mended += certificate.directions.length - 1;
      }),
      { numRuns: 1000, seed: (fc.readConfigureGlobal().seed ?? 0) + part },
    );
    expect(met.tied).toBeGreaterThan(500);
    expect(met.mended).toBeGreaterThan(30);
  });

  test("an L-derivative along the axes is the gradient of a perturbation along them", () => {
    fc.assert(
      fc.property(piecewiseLinear(3, 9), ({ point, run, exactly }) => {
        const axes = point.map((_, i) => point.map((_other, j) => (i === j ? 1 : 0)));
        const args = point.map((x) => tensor(x));
        const found = lDerivative(
          run,
          args,
          axes.map((axis) => axis.map((v) => tensor(v))),
        );
        expect(numbers(found as Tensor[])).toEqual(exactly(perturbed(point, axes)).gradient.map(Number));
      }),
      { numRuns: 500 },
    );
  });

  test("a directional derivative is a difference quotient", () => {
    const direction = fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: -3, max: 3 })));
    fc.assert(
      fc.property(piecewiseLinear(3, 9), direction, ({ point, run, exactly }, d) => {
        const args = point.map((x) => tensor(x));
        const slope = directionalDerivative(
          run,
          args,
          d.map((v) => tensor(v)),
        ).data[0];
        const [here, there] = [perturbed(point, [[0, 0, 0]]), perturbed(point, [d])];
        const rise = exactly(there).value - exactly(here).value;
        expect(slope).toBe(Number(rise / BigInt(grid)));
      }),
      { numRuns: 500 },
    );
  });
});
