// Acceptance list B: classical problems, at their optimum and solved from their start.
import { grad, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { classicalProblems } from "../../laws/classicalProblems.ts";
import { inHull } from "../geometry/hull.ts";
import { nearestToOrigin } from "../geometry/wolfe.ts";
import { gradientSampling } from "../index.ts";

const numberOf = (x: Tensor): number => x.data[0] as number;

describe.each(classicalProblems)("$name", (problem) => {
  const { f, start, atStart, optimum, value, active, multipliers, within } = problem;
  const gradients = active.map((piece) => Float64Array.from(grad(piece)(tensor([...optimum])).data));

  test("has its values at the start and at the optimum", () => {
    expect(numberOf(f(tensor([...start])))).toBeCloseTo(atStart, 12);
    expect(Math.abs(numberOf(f(tensor([...optimum]))) - value)).toBeLessThan(1e-7);
    for (const piece of active) expect(Math.abs(numberOf(piece(tensor([...optimum]))) - value)).toBeLessThan(1e-7);
  });

  test("has the gradients of the table", () => {
    problem.gradients?.forEach((expected, j) => {
      expected.forEach((v, i) => {
        expect(gradients[j]?.[i]).toBeCloseTo(v, 13);
      });
    });
  });

  test("has gradients whose hull contains 0, with the multipliers as weights", () => {
    const found = nearestToOrigin(gradients);
    expect(found.norm).toBeLessThan(Math.max(within, 1e-13));
    multipliers.forEach((v, j) => {
      expect(Math.abs((found.weights[j] as number) - v)).toBeLessThan(Math.max(within, 1e-13));
    });
    const membership = inHull(gradients, Float64Array.of(0, 0), { tolerance: 1e-6 });
    expect(membership.kind).toBe("inside");
  });

  test.each([0, 1, 2, 3, 4])("is solved from its start, seed %i", (seed) => {
    const found = gradientSampling(f, [tensor([...start])], { seed });
    expect(Math.abs(numberOf(found.value) - value)).toBeLessThan(1e-6 * Math.abs(value));
    expect(found.value).toEqual(f(found.args[0]));
    expect(found.reason).not.toBe("steps");
    found.args[0].data.forEach((v, i) => {
      expect(Math.abs((v as number) - (optimum[i] as number))).toBeLessThan(1e-3);
    });
  });
});
