import { add, mul, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { constant, cosine, inversePower, linearWarmup, type Schedule, step } from "./schedules.ts";

const at = (schedule: Schedule, k: number): number => schedule(tensor(k)).data[0] as number;

const schedules: [string, Schedule, number][] = [
  ["constant", constant(0.3), 0.3],
  ["step", step({ rate: 0.3, every: 3 }), 0.3],
  ["cosine", cosine({ rate: 0.3, steps: 7, floor: 0.1 }), 0.3],
  ["inversePower", inversePower({ rate: 0.3 }), 0.3],
  ["linearWarmup", linearWarmup(cosine({ rate: 0.3, steps: 5 }), { steps: 4 }), 0.3],
  ["two warm-ups", linearWarmup(linearWarmup(0.3, { steps: 3, start: 0.5 }), { steps: 2 }), 0.3],
];

describe.each(schedules)("%s", (_name, schedule, largest) => {
  test("never leaves 0 to its largest value, which it knows", () => {
    expect(schedule.largest).toBe(largest);
    for (let k = 0; k < 20; k++) {
      expect(at(schedule, k)).toBeGreaterThanOrEqual(0);
      expect(at(schedule, k)).toBeLessThanOrEqual(largest);
    }
  });

  test("is one program for all steps", () => {
    const program = trace((count: Tensor) => ({ rate: schedule(count) }), [tensor(0)]);
    for (let k = 0; k < 20; k++) expect(program(tensor(k)).rate.data[0]).toBe(at(schedule, k));
  });

  test("gives one double", () => {
    expect(schedule(tensor(1))).toMatchObject({ shape: [], dtype: "f64" });
  });
});

test("a cosine begins at its rate, ends at its floor, and stays there", () => {
  const schedule = cosine({ rate: 0.75, steps: 3, floor: 0.25 });
  expect([0, 3, 4, 1000].map((k) => at(schedule, k))).toEqual([0.75, 0.25, 0.25, 0.25]);
});

test("after a warm-up the next schedule begins at its own first step", () => {
  const schedule = linearWarmup(step({ rate: 1, every: 2, factor: 0.5 }), { steps: 4, start: 0.5 });
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((k) => at(schedule, k))).toEqual([
    0.5, 0.625, 0.75, 0.875, 1, 1, 0.5, 0.5, 0.25,
  ]);
});

test("a warm-up of a function has no known bound", () => {
  expect(linearWarmup((count) => add(1, mul(0.5, count)), { steps: 2 }).largest).toBeUndefined();
});

test.each<[string, () => unknown]>([
  ["constant", () => constant(0)],
  ["constant", () => constant(Number.NaN)],
  ["step", () => step({ rate: 1, every: 0 })],
  ["step", () => step({ rate: 1, every: 2, factor: 1.5 })],
  ["cosine", () => cosine({ rate: -1, steps: 2 })],
  ["cosine", () => cosine({ rate: 1, steps: 2.5 })],
  ["cosine", () => cosine({ rate: 1, steps: 2, floor: 2 })],
  ["cosine", () => cosine({ rate: 1, steps: 2, flor: 0 } as never)],
  ["linearWarmup", () => linearWarmup(1, { steps: 2, start: 2 })],
  ["linearWarmup", () => linearWarmup(Number.POSITIVE_INFINITY, { steps: 2 })],
  ["inversePower", () => inversePower({ rate: 1, exponent: -1 })],
])("bad settings are refused: %s", (where, make) => {
  expect(make).toThrow(expect.objectContaining({ code: "domain", where }));
});
