// An element of the Clarke subdifferential costs at most ten evaluations, whatever the program and its size.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { commanded } from "../cli/commanded.ts";
import { programs } from "../programs/index.ts";
import { type ElementCost, elementGoal } from "./clarkeCost.ts";
import { costStudy } from "./cost.ts";

// The tests use the generated digits, wherever they run.
beforeEach(() => void vi.stubEnv("NONSMOOTH_DATA", ""));
afterEach(() => void vi.unstubAllEnvs());

const json = async (...args: string[]) => JSON.parse((await commanded("cost", ...args, "--json")).written);

test.each(programs.map((source) => [source.name, source] as const))("%s", async (_, source) => {
  const program = await source.build({ seed: 1, dtype: "f64" });
  const { clarke } = await costStudy(program, { repeats: 0, clarke: true });
  const { ratio, withTwo } = clarke as ElementCost;
  expect(ratio).toBeLessThanOrEqual(elementGoal);
  expect(withTwo.ratio).toBeGreaterThan(ratio);
});

describe("nonsmooth cost --clarke", () => {
  test.each(["random", "rosenbrock", "speelpenning"])("does not grow from 10 to 100,000 inputs: %s", async (name) => {
    const { points } = await json(name, "--inputs", "10,100,1000,10000,100000", "--clarke", "--repeats", "0");
    const ratios: number[] = points.map(({ clarke }: { clarke: { ratio: number } }) => clarke.ratio);
    expect(ratios).toHaveLength(5);
    expect(Math.max(...ratios)).toBeLessThanOrEqual(elementGoal);
    for (const ratio of ratios) expect(ratio).toBeLessThan((ratios[0] as number) * 1.01);
  });

  test("counts by the prices that are asked for", async () => {
    const { clarke, model } = await json("random", "--clarke", "--repeats", "0", "--price", "3");
    expect(clarke.ratio).toBe(clarke.cost / model.evaluate);
    const { clarke: unpriced } = await json("random", "--clarke", "--repeats", "0");
    expect(clarke.cost).toBeGreaterThan(unpriced.cost);
  });

  test("is one more row, and a column for each size", async () => {
    const { written } = await commanded("cost", "speelpenning", "--clarke", "--repeats", "0");
    expect(written).toMatch(/^ {2}an element of the Clarke subdifferential +864 +8\.73 +10\.00 +- +- +- +-$/m);
    expect(written).toContain("10 is this project's goal, not a theorem");
    const { written: sweep } = await commanded(
      "cost",
      "speelpenning",
      "--clarke",
      "--repeats",
      "0",
      "--inputs",
      "9,90",
    );
    expect(sweep).toMatch(/forward full +element +goal\n/);
  });

  test("is left out where it is not asked for", async () => {
    expect(await json("speelpenning", "--repeats", "0")).not.toHaveProperty("clarke");
    expect((await commanded("cost", "speelpenning", "--repeats", "0")).written).not.toContain("Clarke");
  });
});
