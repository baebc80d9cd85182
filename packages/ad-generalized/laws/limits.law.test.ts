// All limits of gradients, on piecewise linear programs with whole numbers, against gradients a small rational step away.
import { type Tensor, tensor } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { absNormalForm, activeJacobian, bouligand, clarkeElement, evaluateAbsNormal, isClarke } from "../src/index.ts";
import { type PiecewiseLinear, piecewiseLinear } from "./piecewiseLinear.ts";

/** Denominator of the directions' entries, and of the step. */
const [grid, large] = [2 ** 30, 2n ** 120n];

const numbers = (xs: readonly unknown[]): number[] => (xs as Tensor[]).map((x) => (x.data[0] as number) + 0);
const tensors = (xs: readonly number[]): Tensor[] => xs.map((x) => tensor(x));

/** The gradient at `x + d / large`, which for small enough steps is the limit along d. */
function gradientAlong({ point, exactly }: PiecewiseLinear, direction: readonly number[]): number[] {
  const scale = BigInt(grid) * large;
  const at = point.map((x, i) => BigInt(x) * scale + BigInt(Math.round((direction[i] as number) * grid)));
  return exactly(at).gradient.map(Number);
}

const direction = fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: -500, max: 500 })));

describe("piecewise linear programs with whole numbers", () => {
  test("every limit is the gradient beside the point, along the direction that it comes with", async () => {
    const met = { several: 0, kinks: 0, refuted: 0 };
    await fc.assert(
      fc.asyncProperty(piecewiseLinear(3, 9), async (program) => {
        const { found, complete, arithmetic, counts } = await bouligand(program.run, tensors(program.point));
        expect([complete, arithmetic]).toEqual([true, "exact"]);
        for (const limit of found)
          expect(numbers(limit.gradient)).toEqual(gradientAlong(program, numbers(limit.direction)));
        met.several += found.length > 1 ? 1 : 0;
        met.kinks += counts.switches > 0 ? 1 : 0;
        met.refuted += counts.refuted;
      }),
      { numRuns: 300 },
    );
    expect(met.several).toBeGreaterThan(60);
    expect(met.refuted).toBeGreaterThan(100);
  });

  test("no gradient beside the point is missing", async () => {
    const directions = fc.array(direction, { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(piecewiseLinear(3, 9), directions, async (program, list) => {
        const { found } = await bouligand(program.run, tensors(program.point));
        const known = new Set(found.map(({ gradient }) => numbers(gradient).join()));
        // off all hyperplanes on which branches tie, which have small whole coefficients
        for (const d of list) {
          const near = d.map((v, i) => v / 512 + 1 / (1009 + 97 * i));
          expect(known).toContain(gradientAlong(program, near).join());
        }
      }),
      { numRuns: 150 },
    );
  });

  test("an element of the Clarke subdifferential is a member of it, and one further out than all is not", async () => {
    await fc.assert(
      fc.asyncProperty(piecewiseLinear(3, 9), fc.nat(1000), async ({ run, point }, seed) => {
        const args = tensors(point);
        const { gradient } = clarkeElement(run, args, { seed, steps: [] });
        const { verdict, arithmetic, mixture } = await isClarke(run, args, gradient);
        expect([verdict, arithmetic]).toEqual(["member", "exact"]);
        expect(mixture.reduce((total, { weight }) => total + weight, 0)).toBeCloseTo(1, 12);
        const { found } = await bouligand(run, args);
        const most = Math.max(...found.map((limit) => numbers(limit.gradient)[0] as number));
        const beyond = [tensor(most + 1), ...(gradient.slice(1) as Tensor[])];
        const outside = await isClarke(run, args, beyond as never);
        expect([outside.verdict, outside.arithmetic]).toEqual(["not a member", "exact"]);
      }),
      { numRuns: 100 },
    );
  });

  test("the abs-normal form is the program, everywhere", () => {
    fc.assert(
      fc.property(piecewiseLinear(3, 7), direction, ({ run, point }, step) => {
        const form = absNormalForm(run, tensors(point));
        const at = point.map((x, i) => x + (step[i] as number) / 64);
        const expected = run(...tensors(at)).data[0] as number;
        expect((evaluateAbsNormal(form, at).y[0] as number) + 0).toBe(expected + 0);
        form.L.forEach((row, i) => {
          expect(row.subarray(i).every((v) => v === 0)).toBe(true);
        });
      }),
    );
  });

  test("the Jacobian of the piece that a point lies in is the gradient there", () => {
    fc.assert(
      fc.property(piecewiseLinear(3, 7), direction, (program, d) => {
        const form = absNormalForm(program.run, tensors(program.point));
        const at = program.point.map((x, i) => x + ((d[i] as number) + 0.37 + 0.11 * i) / 4096);
        const { z } = evaluateAbsNormal(form, at);
        const scale = 2 ** 40;
        const exact = program.exactly(at.map((v) => BigInt(Math.round(v * scale))));
        // a switching variable that is 0 all around does not count
        const [jacobian] = activeJacobian(form, z.map(Math.sign));
        expect(Array.from(jacobian as Float64Array, (v) => v + 0)).toEqual(exact.gradient.map(Number));
      }),
    );
  });
});
