import {
  type AdError,
  abs,
  add,
  grad,
  max,
  mul,
  norm2,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { gradientSampling, type SamplingOptions, type SamplingStep } from "../index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data as Float64Array);
const distance = (x: Tensor): Tensor => add(max(abs(sub(x, tensor([1, 2])))), mul(0.1, sum(abs(x))));

describe("what it finds", () => {
  test("minima of weighted distances, at kinks of all entries", () => {
    const entry = fc.integer({ min: -8, max: 8 });
    const list = fc.array(fc.tuple(entry, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(list, fc.nat(100), (pairs, seed) => {
        const [center, weights] = [tensor(pairs.map(([c]) => c)), tensor(pairs.map(([, w]) => w))];
        const f = (x: Tensor): Tensor => sum(mul(weights, abs(sub(x, center))));
        const { args, value } = gradientSampling(f, [tensor(pairs.map(() => 0.5))], { seed });
        expect(value.data[0]).toBeLessThan(1e-5);
        numbers(args[0]).forEach((v, i) => {
          expect(v).toBeCloseTo(center.data[i] as number, 5);
        });
      }),
      { numRuns: 20 },
    );
  });

  test("the minimum of a smooth function too", () => {
    const found = gradientSampling((x: Tensor) => sum(square(sub(x, 3))), [tensor([0, 10])]);
    expect(found.reason).toBe("stationary");
    expect(found.norm).toBeLessThanOrEqual(1e-8);
    for (const v of numbers(found.args[0])) expect(v).toBeCloseTo(3, 7);
  });

  test("a start on a kink, where gradients of reverse mode are no help", () => {
    const found = gradientSampling((x: Tensor) => sub(abs(x), mul(2, abs(sub(x, 1)))), [tensor(0)], { steps: 30 });
    expect(found.value.data[0]).toBeLessThan(-2.05);
    expect(gradientSampling(norm2, [tensor([0, 0, 0])]).value.data[0]).toBe(0);
  });

  test("trees keep their form", () => {
    const f = (p: { a: Tensor; b: Tensor[] }, c: Tensor): Tensor =>
      add(add(abs(sub(p.a, 1)), sum(abs(p.b[0] as Tensor))), abs(add(c, 2)));
    const { args } = gradientSampling(f, [{ a: tensor(0), b: [tensor([[1], [2]])] }, tensor(0)]);
    expect(args[0].b[0]?.shape).toEqual([2, 1]);
    expect([args[0].a, args[1]].map((x) => Math.round((x.data[0] as number) * 1e6) / 1e6)).toEqual([1, -2]);
  });
});

describe("what it says", () => {
  test("the same seed takes the same steps, and the steps lead to the result", () => {
    const run = (seed: number): [unknown, SamplingStep[]] => {
      const steps: SamplingStep[] = [];
      return [gradientSampling(distance, [tensor([5, 5])], { seed, onStep: (step) => steps.push(step) }), steps];
    };
    const [result, steps] = run(3);
    expect(run(3)).toEqual([result, steps]);
    expect(run(4)[1]).not.toEqual(steps);
    expect(result).toMatchObject({ steps: steps.length, norm: steps.at(-1)?.norm, radius: steps.at(-1)?.radius });
    steps.forEach(({ step, value, length }, i) => {
      expect(step).toBe(i + 1);
      const before = steps[i - 1]?.value ?? Infinity;
      expect(length > 0 ? value < before : value === before || i === 0).toBe(true);
    });
  });

  test("why it stopped", () => {
    expect(gradientSampling(distance, [tensor([5, 5])]).reason).toBe("stationary");
    expect(gradientSampling(distance, [tensor([5, 5])], { steps: 2 })).toMatchObject({ reason: "steps", steps: 2 });
    // one gradient is never 0 here, so no hull ever contains 0
    const alone = gradientSampling((x: Tensor) => sum(abs(x)), [tensor([1e-9, 1e-9])], { samples: 1 });
    expect(alone.reason).toBe("line search");
    expect(alone.norm).toBeCloseTo(Math.SQRT2, 12);
  });
});

describe("what it refuses", () => {
  const wrong = (value: unknown): never => value as never;
  const bad = (options: SamplingOptions) => () => gradientSampling(distance, [tensor([5, 5])], options);
  test.each<[string, string, () => unknown]>([
    ["a seed that is no whole number", "domain", bad({ seed: 0.5 })],
    ["a radius of 0", "domain", bad({ radius: 0 })],
    ["no samples", "domain", bad({ samples: 0 })],
    ["no steps", "domain", bad({ steps: 0 })],
    ["an infinite tolerance", "domain", bad({ tolerance: Infinity })],
    ["a listener that is no function", "domain", bad({ onStep: wrong(1) })],
    ["an unknown setting", "domain", bad(wrong({ sampels: 3 }))],
    ["32 bits", "dtype", () => gradientSampling(distance, [tensor([5, 5], { dtype: "f32" })])],
    ["a result that is no scalar", "shape", () => gradientSampling((x: Tensor) => abs(x), [tensor([5, 5])])],
    ["a value that is not finite", "domain", () => gradientSampling((x: Tensor) => mul(x, Infinity), [tensor(1)])],
    ["no function", "data", () => gradientSampling(wrong(3), [tensor(1)])],
    [
      "to be differentiated",
      "escaped",
      () => grad((x: Tensor) => gradientSampling(distance, [x]).value)(tensor([5, 5])),
    ],
    ["to be recorded", "escaped", () => trace((x: Tensor) => gradientSampling(distance, [x]).value, [tensor([5, 5])])],
  ])("%s", (_says, code, body) => {
    try {
      body();
      expect.unreachable();
    } catch (error) {
      expect((error as AdError).code).toBe(code);
      expect((error as AdError).message).toContain("gradientSampling");
    }
  });
});
