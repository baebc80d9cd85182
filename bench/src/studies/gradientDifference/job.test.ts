import { expect, test } from "vitest";
import type { Parameters } from "../../sweeps/job.ts";
import { type GradientDifferences, gradientDifference } from "./job.ts";
import { jobFor } from "./jobFor.ts";

const context = { signal: new AbortController().signal, progress: () => {} };
const differences = async (changes: Parameters): Promise<readonly (number | null)[]> =>
  ((await gradientDifference.run(jobFor(changes).parameters, context)) as GradientDifferences).differences;

test("on a grid pre-activations are exactly 0, and the choice at 0 shows in every format", async () => {
  for (const dtype of ["f64", "f32", "f16", "bf16"]) {
    const found = await differences({ dtype, grid: 4 });
    expect(found.every((value) => value !== null && value > 0.01)).toBe(true);
  }
});

test("without a grid no pre-activation is 0 in f64, and the gradients have the same bits", async () => {
  expect(await differences({ grid: 0 })).toEqual([0, 0]);
});

test("equal choices give equal gradients, kinks or not", async () => {
  expect(await differences({ grid: 4, otherSlope: 0 })).toEqual([0, 0]);
});

test("a job hears that it is to stop", async () => {
  const stopping = new AbortController();
  const progress = (): void => stopping.abort();
  await expect(gradientDifference.run(jobFor({}).parameters, { signal: stopping.signal, progress })).rejects.toThrow(
    "aborted",
  );
});
