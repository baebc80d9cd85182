import { key, type Tensor } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { constant, type Initializer, kaimingNormal, kaimingUniform, normal, uniformByFanIn } from "./initializers.ts";

const count = 20_000;
const drawn = (initializer: Initializer, seed = 1): Tensor =>
  initializer(key(seed), { shape: [count], fans: { in: 12, out: 3 } }, "f64");

/** Mean, deviation and the largest distance from 0. */
function moments(x: Tensor): { mean: number; deviation: number; largest: number } {
  const data = Array.from(x.data);
  const mean = data.reduce((sum, v) => sum + v, 0) / count;
  const variance = data.reduce((sum, v) => sum + (v - mean) ** 2, 0) / count;
  return { mean, deviation: Math.sqrt(variance), largest: data.reduce((top, v) => Math.max(top, Math.abs(v)), 0) };
}

test.each([
  ["kaimingUniform", kaimingUniform(), Math.sqrt(2 / 12), Math.sqrt(6 / 12)],
  ["kaimingUniform, slope", kaimingUniform({ slope: Math.sqrt(5) }), 1 / 6, 1 / Math.sqrt(12)],
  ["kaimingUniform, fan out", kaimingUniform({ fan: "out" }), Math.sqrt(2 / 3), Math.sqrt(6 / 3)],
  ["uniformByFanIn", uniformByFanIn(), 1 / 6, 1 / Math.sqrt(12)],
  ["kaimingNormal", kaimingNormal(), Math.sqrt(2 / 12), Infinity],
  ["kaimingNormal, fan out", kaimingNormal({ fan: "out", slope: 1 }), Math.sqrt(1 / 3), Infinity],
  ["normal", normal(0.02), 0.02, Infinity],
])("%s has the deviation and the bound of PyTorch", (_name, initializer, deviation, bound) => {
  const found = moments(drawn(initializer));
  expect(Math.abs(found.mean)).toBeLessThan((4 * deviation) / Math.sqrt(count));
  expect(Math.abs(found.deviation / deviation - 1)).toBeLessThan(0.02);
  expect(found.largest).toBeLessThanOrEqual(bound);
  if (bound < Infinity) expect(found.largest).toBeGreaterThan(0.999 * bound);
});

test("the same key draws the same numbers, another key others", () => {
  expect(drawn(kaimingUniform())).toEqual(drawn(kaimingUniform()));
  expect(drawn(kaimingUniform(), 2)).not.toEqual(drawn(kaimingUniform()));
  expect(moments(drawn(constant(2)))).toEqual({ mean: 2, deviation: 0, largest: 2 });
});
