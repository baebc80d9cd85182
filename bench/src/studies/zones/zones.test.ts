import { AdError, tensor } from "@nonsmooth/ad-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { idOf, type JobContext, type Parameters } from "../../sweeps/job.ts";
import { distanceOf } from "./differences.ts";
import { divergenceKind } from "./divergenceJob.ts";
import {
  divergencePairs,
  divergencePlan,
  pairs,
  thresholdPlan,
  usualVolumePlan,
  volumePlan,
  type ZonesRequest,
} from "./plan.ts";
import { sideOf } from "./sides.ts";
import { type Zones, zonesKind } from "./zonesJob.ts";

beforeEach(() => void vi.stubEnv("NONSMOOTH_DATA", ""));
afterEach(() => void vi.unstubAllEnvs());

const context: JobContext = { signal: new AbortController().signal, progress: () => {} };
const setting = {
  ...{ network: "lenet5", networkSha256: null, width: null, depth: null, batchNorm: false, weights: "default" },
  ...{ data: "digits", images: 40, batch: 16, format: "f32" },
};
const parameters = { ...setting, ...pairs.maxpool, seed: 1, draws: 2, untilFirst: false, census: 1 };
const run = (changes: Parameters = {}): Promise<Zones> =>
  zonesKind.run({ ...parameters, ...changes }, context) as Promise<Zones>;

describe("a job", () => {
  test("looks at whole mini-batches of each draw, and tells every tie of the first ones", async () => {
    const { draws, layers, kinks } = await run();
    expect(draws.map(({ seed, batches, d1 }) => [seed, batches, d1.length])).toEqual([
      [1, 2, 2],
      [2, 2, 2],
    ]);
    const [pool1, pool2] = draws[0]?.census?.layers ?? [];
    expect([pool1?.site, pool1?.elements, pool2?.site, pool2?.elements]).toEqual(["pool1", 13824, "pool2", 4096]);
    expect(pool1?.zero).toBeGreaterThan(1000);
    expect(pool1?.identical).toBeGreaterThan(1000);
    expect(Object.keys(layers)).toHaveLength(10);
    expect(kinks.map(({ site, ties }) => [site, ties])).toEqual([
      ["pool1", null],
      ["pool2", null],
    ]);
  });

  test("is the same again", async () => {
    expect(await run({ draws: 1 })).toEqual(await run({ draws: 1 }));
  });

  test("in 64 bits differs by rounding alone, in 16 bits by more", async () => {
    const [wide, narrow] = await Promise.all(["f64", "f16"].map((format) => run({ format, draws: 1 })));
    const largest = (zones: Zones | undefined): number =>
      Math.max(...(zones?.draws.flatMap(({ dInf }) => dInf.map((value) => value ?? Infinity)) ?? []));
    expect(largest(wide)).toBeGreaterThan(0);
    expect(largest(wide)).toBeLessThan(1e-15);
    expect(wide?.draws[0]?.census?.causes).toEqual(["rounding"]);
    expect(largest(narrow)).toBeGreaterThan(1e-6);
  });

  test("of ReLU'(0) needs an exact zero, and counts them", async () => {
    const relu = { ...pairs.relu, network: "mlp", width: 64, depth: 2, images: 512, batch: 128, draws: 1 };
    const narrow = await run({ ...relu, format: "f16", untilFirst: true });
    expect(narrow.draws[0]?.differing).toBe(1);
    expect(narrow.kinks.reduce((total, { ties }) => total + (ties ?? 0), 0)).toBeGreaterThan(0);
    const wide = await run({ ...relu, format: "f64" });
    expect(wide.draws[0]).toMatchObject({ batches: 4, differing: 0, d1: [0, 0, 0, 0] });
    expect(wide.kinks.map(({ ties }) => ties)).toEqual([0, 0]);
  });

  test("of another order of sums has no kink, and differs all the same", async () => {
    const { draws, kinks } = await run({ ...pairs.order, draws: 1, census: 0 });
    expect(kinks).toEqual([]);
    expect(draws[0]).toMatchObject({ differing: 2, census: null });
  });

  test("of two norm-poolings is never screened, and their kinks are not looked into", async () => {
    const { draws, kinks } = await run({ one: "pool=norm:1", other: "pool=norm:2", draws: 1 });
    expect(kinks.map(({ site, ties }) => [site, ties])).toEqual([
      ["pool1", null],
      ["pool2", null],
    ]);
    const [pool1] = draws[0]?.census?.layers ?? [];
    expect(pool1).toMatchObject({ elements: 13824, zero: 0, identical: 0, candidate: 0, undecided: 13824 });
    expect(draws[0]?.census?.causes).not.toContain("rounding");
  });

  test("of a user's own network", async () => {
    const network = new URL("../../../examples/small-network.ts", import.meta.url).pathname;
    const { draws } = await run({ network, width: 4, draws: 1 });
    expect(draws[0]?.census?.layers.map(({ site }) => site)).toEqual(["pool1", "pool2"]);
    await expect(run({ network, networkSha256: "0", width: 4 })).rejects.toThrow("other contents");
  });

  test.each<[string, Parameters, string]>([
    ["a format that there is not", { format: "f8" }, "bad parameter format"],
    ["too few images", { images: 15 }, "no whole mini-batch"],
    ["no such network", { network: "lenet6" }, "no such model"],
    ["a pooling where there is none", { network: "mlp" }, "has no pool"],
    ["no such choice", { other: "pool=gamma:3" }, "no such pooling"],
  ])("refuses %s", async (_says, changes, message) => {
    await expect(run(changes)).rejects.toThrow(message);
    await expect(run(changes)).rejects.toBeInstanceOf(AdError);
  });
});

test("two runs with the same side stay equal, and with others come apart", async () => {
  const job = { ...setting, images: 64, seed: 1, epochs: 1, rate: 0.01, points: 2 };
  const apart = async (one: string, other: string) => divergenceKind.run({ ...job, one, other }, context);
  expect(await apart("pool=max", "pool=max")).toMatchObject({
    ...{ steps: 4, brokenAt: null },
    points: [1, 2, 4].map((step) => ({ step, distance: 0 })),
  });
  const { points } = (await apart("shuffled=1", "shuffled=2")) as { points: { distance: number }[] };
  expect(points.every(({ distance }) => distance > 0 && distance < 1e-3)).toBe(true);
});

test("a run that breaks says where", async () => {
  const job = { ...setting, format: "f16", images: 64, seed: 1, epochs: 2, rate: 1, points: 1 };
  const found = await divergenceKind.run({ ...job, one: "pool=max", other: "pool=beta-coded:10000" }, context);
  expect(found).toMatchObject({ brokenAt: expect.any(Number), losses: [expect.any(Number), null] });
});

test("a distance is that of all entries, in f64", () => {
  const tree = (a: number, b: number[]) => ({ a: tensor([a], { dtype: "f32" }), b: tensor(b, { dtype: "f32" }) });
  const found = distanceOf(tree(3, [4, 0]), tree(3, [1, 1]));
  expect(found).toMatchObject({ d1: 4, dInf: 3, relative: Math.sqrt(10) / 5 });
  expect([...found.layers]).toEqual([
    ["a", 0],
    ["b", 3],
  ]);
  expect(distanceOf(tree(3, [4, 0]), tree(Number.NaN, [4, 0]))).toMatchObject({ d1: null, dInf: null, relative: null });
});

describe("a side", () => {
  test("is read from its settings", () => {
    expect(sideOf("")).toEqual({ activation: null, pool: null, select: [], shuffled: null });
    expect(sideOf("pool=beta:10  activation=relu:0.5 shuffled=3 maxPool2d@pool1=last")).toEqual({
      ...{ activation: "relu:0.5", pool: "beta:10", shuffled: 3, select: ["maxPool2d@pool1=last"] },
    });
  });

  test.each(["pool=", "pool=max pool=norm", "shuffled=one", "shuffled=-1", "relu", "pool=none", "relu=perhaps"])(
    "refuses %j",
    (text) => void expect(() => sideOf(text)).toThrow(AdError),
  );
});

describe("plans", () => {
  const request: ZonesRequest = {
    ...{ networks: [{ network: "lenet5", networkSha256: null }], widths: [null], depths: [null], batches: [128] },
    ...{ batchNorms: [false, true], formats: ["f32", "f16"], weights: "default", data: "digits", images: 8000 },
    ...{ pairs: [pairs.maxpool], seed: 1, draws: 12, census: 5 },
  };

  test("cross what is asked for, ten draws a job", () => {
    const { jobs, settings } = volumePlan(request, true);
    expect(jobs.map(({ parameters: of }) => `${of.batchNorm} ${of.format} ${of.seed} ${of.draws}`)).toEqual([
      ...["false", "true"].flatMap((norm) =>
        ["f32", "f16"].flatMap((format) => ["1 10", "11 2"].map((block) => `${norm} ${format} ${block}`)),
      ),
    ]);
    expect(settings).toMatchObject({ draws: 12, pairs: [pairs.maxpool] });
  });

  test("have each job once, and thresholds beside the order of sums", () => {
    for (const { jobs } of [usualVolumePlan({ ...request, draws: 200 }), thresholdPlan(request)])
      expect(new Set(jobs.map(idOf)).size).toBe(jobs.length);
    expect(new Set(thresholdPlan(request).jobs.map(({ parameters: { one } }) => one))).toEqual(
      new Set([pairs.maxpool.one, pairs.order.one]),
    );
  });

  test("of diverging runs have one job for each pair", () => {
    const { jobs } = divergencePlan({
      ...request,
      batchNorms: [false],
      formats: ["f32"],
      pairs: divergencePairs,
      epochs: 3,
      rate: 0.01,
      points: 10,
    });
    expect(jobs).toHaveLength(divergencePairs.length);
    expect(jobs[0]?.kind).toBe("divergence");
  });
});
