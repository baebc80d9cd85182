import { AdError, grad, isFinite, last, type Tensor, uniform } from "@nonsmooth/ad-core";
import type { RealDType } from "@nonsmooth/nets";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findProgram, programs, resolveProgram } from "./index.ts";
import type { BuiltProgram, ProgramOptions } from "./types.ts";

const settings: ProgramOptions = { seed: 1, dtype: "f64" };

const value = ({ f, args }: BuiltProgram): Tensor => f(...(args as never[]));

/** All numbers of a tree of gradients. */
function numbers(tree: unknown): number[] {
  const found = tree as Tensor | Record<string, unknown>;
  return "data" in found ? Array.from((found as Tensor).data) : Object.values(found).flatMap(numbers);
}

const gradient = ({ f, args, wrt }: BuiltProgram): number[] =>
  numbers(grad(f as (...args: unknown[]) => Tensor, { wrt })(...args));

// The tests use the generated digits, wherever they run.
beforeEach(() => void vi.stubEnv("NONSMOOTH_DATA", ""));
afterEach(() => void vi.unstubAllEnvs());

describe.each(programs.map((source) => [source.name, source] as const))("%s", (name, source) => {
  test.each<RealDType>(["f64", "f32", "f16", "bf16"])("is a finite scalar in %s", async (dtype) => {
    const built = await source.build({ ...settings, dtype, ...(name === "lenet5" ? { batch: 2 } : {}) });
    const y = value(built);
    expect(y).toMatchObject({ shape: [], dtype });
    expect(isFinite(y).data[0]).toBe(1);
    expect(built).toMatchObject({ name, description: source.description, parameters: { seed: 1, dtype } });
  });

  test("differs by its seed, and by nothing else", async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map(async (seed) =>
        value(await source.build({ ...settings, seed, ...(name === "lenet5" ? { batch: 1 } : {}) })),
      ),
    );
    expect(again?.data).toEqual(first?.data);
    expect(other?.data).not.toEqual(first?.data);
  });

  test("refuses what it has no use for", () => {
    const unused = source.sweeps === null ? { inputs: 10 } : { batch: 3 };
    expect(() => source.build({ ...settings, ...unused })).toThrow(
      expect.objectContaining({ code: "domain", where: name }),
    );
  });
});

const swept = programs.filter(({ sweeps }) => sweeps !== null);

describe.each(swept.map((source) => [source.name, source] as const))("%s, swept", (name, source) => {
  const least = name === "rosenbrock" ? 2 : 1;

  test.each([least, 2, 7, 30])("has a gradient for %i inputs", async (inputs) => {
    const built = await source.build({ ...settings, inputs });
    const found = gradient(built);
    expect(found).toHaveLength(name === "matmul" ? 2 * inputs * inputs : inputs);
    expect(found.every(Number.isFinite)).toBe(true);
    expect(found.some((g) => g !== 0)).toBe(true);
    expect(built.parameters.inputs).toBe(inputs);
  });

  test.each([0, 1.5, -3, Number.NaN, least - 1])("refuses %d inputs", (inputs) => {
    expect(() => source.build({ ...settings, inputs })).toThrow(
      expect.objectContaining({ code: "domain", where: name }),
    );
  });
});

describe("what they compute", () => {
  const built = (name: string, options: Partial<ProgramOptions> = {}): Promise<BuiltProgram> =>
    resolveProgram(name, { ...settings, ...options });

  test("speelpenning: the product, whose partial derivatives are the product without one factor", async () => {
    const program = await built("speelpenning", { inputs: 5 });
    const x = numbers(program.args[0]);
    const without = (i: number): number => x.reduce((product, factor, j) => (i === j ? product : product * factor), 1);
    gradient(program).forEach((g, i) => void expect(g).toBeCloseTo(without(i), 12));
  });

  test("speelpenning stays near 1 in f16, also with many factors", async () => {
    const y = value(await built("speelpenning", { inputs: 5000, dtype: "f16" })).data[0];
    expect(y).toBeGreaterThan(0.1);
    expect(y).toBeLessThan(10);
  });

  test("rosenbrock: its sum", async () => {
    const program = await built("rosenbrock", { inputs: 3 });
    const [a, b, c] = numbers(program.args[0]) as [number, number, number];
    const expected = 100 * (b - a * a) ** 2 + (1 - a) ** 2 + 100 * (c - b * b) ** 2 + (1 - b) ** 2;
    expect(value(program).data[0]).toBeCloseTo(expected, 9);
  });

  test("random: the same layers for every number of inputs, and values within [-1, 1]", async () => {
    for (let seed = 0; seed < 20; seed++) {
      for (const inputs of [1, 3, 100]) {
        const y = value(await built("random", { seed, inputs })).data[0] as number;
        expect(Math.abs(y)).toBeLessThanOrEqual(1);
      }
    }
  });

  test("lenet5: 44,426 weights, and a loss near log 10 before training", async () => {
    const program = await built("lenet5", { batch: 4 });
    expect(numbers(program.args[0])).toHaveLength(44_426);
    expect(program.parameters).toEqual({ batch: 4, seed: 1, dtype: "f64", data: "generated digits" });
    expect(Math.abs((value(program).data[0] as number) - Math.log(10))).toBeLessThan(0.1);
  });

  test("lenet5 has the sites that selections may name", async () => {
    const { f, args } = await built("lenet5", { batch: 1 });
    const pools = Object.fromEntries(["pool1", "pool2"].map((site) => [`maxPool2d@${site}`, uniform]));
    const relus = Object.fromEntries([1, 2, 3, 4].map((i) => [`relu@relu${i}`, last]));
    const found = grad(f as (...args: unknown[]) => Tensor, { select: { ...pools, ...relus } })(...args);
    expect(numbers(found)).not.toEqual(numbers(grad(f as (...args: unknown[]) => Tensor)(...args)));
  });

  test("mlp: the gradient is for the data vector", async () => {
    expect(gradient(await built("mlp"))).toHaveLength(784);
  });
});

describe("names", () => {
  test("a name finds its program", async () => {
    expect((await findProgram("mlp")).name).toBe("mlp");
  });

  test.each([
    ["lenet", "did you mean lenet5?"],
    ["Rosenbrok", "did you mean rosenbrock?"],
    ["resnet", "choose one of them"],
    ["", "choose one of them"],
  ])('the unknown name "%s" is refused: %s', async (name, remedy) => {
    const error = await findProgram(name).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AdError);
    expect(error).toMatchObject({ code: "missing", where: "program" });
    expect((error as AdError).message).toContain(
      "one of lenet5, lenet5-ties, mlp, random, speelpenning, rosenbrock, matmul",
    );
    expect((error as AdError).message).toContain(remedy);
  });
});
