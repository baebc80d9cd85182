import { cost, matmul, type Tensor, zeros } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { commanded } from "../../cli/commanded.ts";
import { drawProblem, sumOf } from "./problem.ts";
import { directionalStudy } from "./study.ts";

const silent = (): void => {};

describe.each(["relu", "abs"] as const)("%s", (kinked) => {
  const { rows } = directionalStudy(kinked, [1, 2, 3, 4, 8, 16], 5, silent);

  test("the product is read off exactly", () => {
    expect(rows.map(({ difference }) => difference)).toEqual(rows.map(() => 0));
  });

  test("an evaluation costs 4 n² + n - 1, running or recorded", () => {
    for (const { n, evaluate } of rows) {
      expect(evaluate).toBe(4 * n * n + n - 1);
      const at = [zeros([n, 1]), zeros([n, 1])] as const;
      const recorded = Object.values(cost(sumOf(kinked, drawProblem(n, 5)), at));
      expect(recorded.reduce((a, b) => a + b, 0)).toBe(evaluate);
    }
  });

  test("n derivatives cost as n times some evaluations, above the bound, and a sweep back at most five times as much", () => {
    for (const { n, forward, forwardRatio, lowerBound, backward } of rows) {
      expect(forwardRatio).toBeGreaterThan(lowerBound);
      expect(forwardRatio).toBeLessThan(4 * n);
      expect(forwardRatio).toBeGreaterThan(2 * n);
      expect(backward).toBeLessThanOrEqual(5 * (forward + n - 1));
    }
  });

  test("a smooth function has them for a gradient and n inner products", () => {
    for (const { smooth } of rows) expect(smooth.difference).toBe(0);
    expect(rows.at(-1)?.smooth.ratio).toBeLessThan(5);
  });
});

test("another seed draws other matrices of small whole numbers", () => {
  const numbers = (seed: number): number[] => {
    const { a, b } = drawProblem(3, seed);
    return [a, b, matmul(a, b)].flatMap(({ data }: Tensor) => Array.from(data));
  };
  expect(numbers(1)).toEqual(numbers(1));
  expect(numbers(1)).not.toEqual(numbers(2));
  expect(numbers(1).every(Number.isInteger)).toBe(true);
});

describe("the command", () => {
  test("prints a table, and tells of its progress", async () => {
    const { code, written, warned } = await commanded("study", "directional", "--sizes", "2,4");
    expect([code, warned]).toEqual([0, "study directional: 1 of 2, n = 2\nstudy directional: 2 of 2, n = 4\n"]);
    expect(written).toMatch(/^ {2}4 +67 /m);
    expect(written).toContain("in place of the\n");
  });

  test("prints JSON", async () => {
    const { written } = await commanded("study", "directional", "--sizes", "3", "--function", "abs", "--json");
    expect(JSON.parse(written)).toMatchObject({
      schema: "nonsmooth.study.directional/1",
      function: "abs",
      rows: [{ n: 3, evaluate: 38, difference: 0 }],
    });
  });

  test.each([["--sizes", "0"], ["--sizes", "two"], ["--function", "max"], ["more"]])(
    "refuses %s %s",
    async (...args) => {
      expect((await commanded("study", "directional", ...args)).code).toBe(2);
    },
  );
});
