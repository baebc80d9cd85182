/** The study of zones on the machine gpu: the same questions, and the answers of a device. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { JobContext, Parameters } from "../../sweeps/job.ts";
import { withoutWebGpu } from "../../training/withoutWebGpu.ts";
import { kinds } from "../jobs.ts";
import { pairs } from "./plan.ts";
import type { Zones } from "./zonesJob.ts";

beforeEach(() => void vi.stubEnv("NONSMOOTH_DATA", ""));
afterEach(() => void vi.unstubAllEnvs());

const context: JobContext = { signal: new AbortController().signal, progress: () => {} };
const run = (kind: string, parameters: Parameters) => kinds.of(kind).run(parameters, context);
const setting = {
  ...{ networkSha256: null, width: null, depth: null, batchNorm: false, weights: "default" },
  ...{ data: "digits", images: 32, batch: 16, format: "f32", seed: 1 },
};
const isWithout = await withoutWebGpu();

describe.each(["gpu:cpu", "gpu:webasm", "gpu:webgpu-software"])("on %s", (machine) => {
  const zones = (changes: Parameters) =>
    run("zones", { ...setting, draws: 1, untilFirst: false, census: 0, machine, ...changes }) as Promise<Zones>;
  const isLeftOut = machine === "gpu:webgpu-software" && isWithout;

  test.skipIf(isLeftOut)(
    "poolings differ by rounding, orders of sums too, and a side from itself in nothing",
    async () => {
      const differences = async (pair: Parameters) => (await zones({ network: "lenet5", ...pair })).draws[0];
      for (const pair of [pairs.maxpool, pairs.order]) {
        const found = await differences(pair);
        expect(found).toMatchObject({ batches: 2, differing: 2, census: null });
        for (const relative of found?.relative ?? []) expect(relative).toBeLessThan(1e-4);
      }
      expect(await differences({ one: "pool=max", other: "pool=max" })).toMatchObject({ differing: 0, d1: [0, 0] });
    },
  );

  test.skipIf(isLeftOut)("ReLU'(0) shows where a zero is met, and ties are not counted", async () => {
    const relu = { ...pairs.relu, network: "mlp", width: 16, depth: 2 };
    const { draws, kinks } = await zones(relu);
    expect(draws[0]).toMatchObject({ batches: 2, differing: 0 });
    expect(kinks.map(({ ties }) => ties)).toEqual([null, null]);
  });

  test.skipIf(isLeftOut)("a program at a kink has two gradients at each of its points", async () => {
    const program = new URL("../../../examples/khan-barton.ts", import.meta.url).pathname;
    const sides = { one: "maximum=first", other: "maximum=last" };
    const own = { program, programSha256: null, inputs: null, format: "f32", radius: 0, seed: 1, draws: 3, machine };
    const { draws, kinks } = (await run("program-zones", { ...own, ...sides })) as Zones;
    expect(draws.map(({ differing }) => differing)).toEqual([1, 1, 1]);
    const onWasm = (await run("program-zones", { ...own, ...sides, machine: null })) as Zones;
    expect(draws.map(({ d1 }) => d1)).toEqual(onWasm.draws.map(({ d1 }) => d1));
    expect(kinks.map(({ ties }) => ties)).not.toContain(0);
  });

  test.skipIf(isLeftOut)("two runs of training with one side stay equal, and with two orders come apart", async () => {
    const job = { ...setting, network: "lenet5", epochs: 1, rate: 0.01, points: 2, machine };
    const apart = async (one: string, other: string) =>
      ((await run("divergence", { ...job, one, other })) as { points: { distance: number }[] }).points;
    expect(await apart("pool=max", "pool=max")).toEqual([1, 2].map((step) => ({ step, distance: 0 })));
    const distance = (await apart("shuffled=1", "shuffled=2")).at(-1)?.distance;
    // The mode cpu adds in 64 bits and rounds once.
    if (machine === "gpu:cpu") expect(distance).toBeLessThan(1e-8);
    else expect(distance).toBeGreaterThan(1e-8);
  });
});

test.each<[string, Parameters, string]>([
  ["other formats", { format: "f16", census: 0 }, "pass --format f32"],
  ["a census", { format: "f32", census: 1 }, "no census"],
])("a job with %s is refused on a GPU", async (_says, changes, message) => {
  const job = { ...setting, ...pairs.relu, network: "mlp", draws: 1, untilFirst: false, machine: "gpu:cpu" };
  await expect(run("zones", { ...job, ...changes })).rejects.toThrow(message);
});

test("an unknown machine is refused", async () => {
  await expect(
    run("zones", { ...setting, ...pairs.relu, network: "mlp", draws: 1, untilFirst: false, census: 0, machine: "gpu" }),
  ).rejects.toThrow("bad parameter machine");
});
