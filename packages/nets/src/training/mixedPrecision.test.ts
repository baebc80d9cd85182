import { mul, reference, sum, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { batchNorm2d, conv2d, flatten, linear, relu, sequential } from "../layers/index.ts";
import type { Layer } from "../layers/layer.ts";
import { softCrossEntropy } from "../losses/losses.ts";
import { gpt } from "../models/gpt.ts";
import { adamW } from "../optimizers/adam.ts";
import { sgd } from "../optimizers/sgd.ts";
import { type Batch, recordStep } from "./step.ts";
import { stepKey } from "./stepKeys.ts";
import { createTrainer, type Trainer, type TrainerOptions } from "./trainer.ts";

const model = sequential({
  conv: conv2d(3, { window: 3 }),
  norm: batchNorm2d(),
  relu: relu(),
  flat: flatten(),
  scores: linear(4),
});
const options: TrainerOptions = {
  ...{ model, inputShape: [1, 6, 6], optimizer: adamW({ rate: 0.01 }), machine: reference(), seed: 1 },
  loss: (y, labels) => softCrossEntropy(y, labels),
};
const pixels = Array.from({ length: 8 * 36 }, (_, i) => ((i * 37) % 101) / 101);
const batch: Batch = {
  x: tensor(pixels, { shape: [8, 1, 6, 6], dtype: "f32" }),
  labels: tensor([0, 1, 2, 3, 0, 1, 2, 3], { dtype: "i32" }),
};
const trained = async (change: Partial<TrainerOptions>, steps: number): Promise<Trainer> => {
  const trainer = createTrainer({ ...options, ...change });
  for (let i = 0; i < steps; i++) await trainer.step(batch);
  return trainer;
};
const paramsOf = async (trainer: Trainer): Promise<number[]> =>
  Object.entries((await trainer.save()).tensors).flatMap(([path, { data }]) =>
    path.startsWith("params") ? [...data] : [],
  );
const dtypesOf = async (trainer: Trainer): Promise<string[]> =>
  Object.entries((await trainer.save()).tensors)
    .map(([path, { dtype }]) => `${path} ${dtype}`)
    .toSorted();

/** A product with one weight, whose loss is its sum: the gradient of the weight is the input. */
const product = async (value: number, mixed: NonNullable<TrainerOptions["mixed"]>): Promise<Trainer> => {
  const layer: Layer = linear(1, { bias: false });
  const trainer = createTrainer({
    ...{ model: layer, inputShape: [1], optimizer: sgd({ rate: 1e6 }), machine: reference(), seed: 1, mixed },
    loss: (y: Tensor) => sum(mul(y, 1e-9)),
  });
  await trainer.step({ x: tensor([[value]], { dtype: "f32" }), labels: tensor([0], { dtype: "i32" }) });
  return trainer;
};
const moved = async (mixed: NonNullable<TrainerOptions["mixed"]>): Promise<number> => {
  const begun = createTrainer({ ...options, model: linear(1, { bias: false }), inputShape: [1], mixed });
  const [before, after] = [await paramsOf(begun), await paramsOf(await product(1, mixed))];
  return (before[0] as number) - (after[0] as number);
};

describe("mixed precision", () => {
  test.each([["f16", 0.01] as const, ["bf16", 0.08] as const])(
    "learns like 32 bits in %s",
    async (dtype, tolerance) => {
      const lossOf = async (trainer: Trainer): Promise<number> => (await trainer.evaluate([batch])).loss;
      const trainer = await trained({ mixed: { dtype } }, 10);
      expect(await lossOf(trainer)).toBeCloseTo(await lossOf(await trained({}, 10)), 1);
      expect(await dtypesOf(trainer)).toEqual(await dtypesOf(await trained({ mixed: { dtype } }, 0)));
      const [narrow, wide] = [await trained({ mixed: { dtype } }, 1), await trained({}, 1)];
      const others = await paramsOf(wide);
      const distances = (await paramsOf(narrow)).map((v, i) => Math.abs(v - (others[i] as number)));
      expect(Math.max(...distances)).toBeGreaterThan(0);
      expect((await lossOf(narrow)) / (await lossOf(wide))).toBeCloseTo(1, -Math.log10(tolerance));
    },
  );

  test("keeps parameters in 32 bits, and multiplies in 16", async () => {
    const trainer = await trained({ mixed: { dtype: "f16" } }, 0);
    const { code, tables } = recordStep(trainer.settings, await trainer.carry(), batch, stepKey(1, "step", 0));
    const names = tables.primitives.map(({ name }) => name);
    const dtypes = new Map<string, Set<string>>();
    Array.from(code.primitive).forEach((primitive, i) => {
      const name = names[primitive] as string;
      dtypes.set(name, (dtypes.get(name) ?? new Set()).add(tables.types[code.type[i] as number]?.dtype ?? ""));
    });
    expect([...(dtypes.get("conv2d") ?? [])]).toEqual(["f16"]);
    expect([...(dtypes.get("matmul") ?? [])]).toEqual(["f16"]);
    expect([...(dtypes.get("normalize") ?? [])]).toEqual(["f32"]);
  });

  test("the scale keeps gradients that 16 bits would lose, and its size does not matter otherwise", async () => {
    expect(await moved({ dtype: "f16", scale: 1 })).toBe(0);
    expect(await moved({ dtype: "f16" })).toBeCloseTo(1e-3, 4);
    const scaled = async (scale: number) => paramsOf(await trained({ mixed: { dtype: "bf16", scale } }, 3));
    const [small, large] = [await scaled(256), await scaled(4096)];
    expect(small).toEqual(large);
  });

  test("a gradient that overflows changes nothing but the scale, until one does not", async () => {
    const mixed = { dtype: "f16", scale: 2 ** 40, backoff: 2 ** -8 } as const;
    const begun = (await (await trained({ mixed }, 0)).save()).tensors;
    const [once, later] = [await trained({ mixed }, 1), await trained({ mixed }, 6)];
    const changed = Object.entries((await once.save()).tensors).filter(
      ([path, { data }]) => String(data) !== String(begun[path]?.data),
    );
    expect(changed.map(([path]) => path)).toEqual(["scaling.scale"]);
    expect(await once.scale()).toBe(2 ** 32);
    expect(await later.scale()).toBeLessThan(2 ** 40);
    expect(await paramsOf(later)).not.toEqual(await paramsOf(once));
  });

  test("the scale grows after an interval without overflow, never beyond its format", async () => {
    const scaleAfter = async (mixed: TrainerOptions["mixed"], steps: number): Promise<number | null> =>
      (await trained(mixed ? { mixed } : {}, steps)).scale();
    const mixed = { dtype: "f16", scale: 8, growth: 4, interval: 3 } as const;
    expect(await Promise.all([2, 3, 5, 6].map((steps) => scaleAfter(mixed, steps)))).toEqual([8, 32, 32, 128]);
    const fast = { dtype: "bf16", scale: 2 ** 20, growth: 1e30, interval: 1 } as const;
    expect(await scaleAfter(fast, 3)).toBeLessThan(Infinity);
    expect(await scaleAfter(undefined, 1)).toBe(null);
  });

  test("goes on bit for bit, the scale too", async () => {
    const mixed = { dtype: "f16", interval: 2 } as const;
    const [first, second] = [await trained({ mixed }, 3), createTrainer({ ...options, mixed })];
    await second.restore(await first.save());
    const next = async (trainer: Trainer) => [await trainer.step(batch), await trainer.scale()];
    expect(await next(first)).toEqual(await next(second));
    expect(await paramsOf(first)).toEqual(await paramsOf(second));
    await expect(createTrainer(options).restore(await first.save())).rejects.toThrow("scaling");
  });

  test("texts are embedded in 16 bits", async () => {
    const tokens = tensor([[0, 1, 2, 3]], { dtype: "i32" });
    const net = gpt({ vocabulary: 5, context: 4, width: 8, depth: 1, heads: 2 });
    const trainer = createTrainer({ ...options, model: net, inputShape: [4], mixed: { dtype: "bf16" } });
    const text = { x: tokens, labels: tensor([[1, 2, 3, 4]], { dtype: "i32" }) };
    const losses = await Promise.all(Array.from({ length: 20 }, () => trainer.step(text)));
    expect(losses[19]).toBeLessThan((losses[0] as number) / 2);
    expect(await trainer.evaluate([text])).toMatchObject({ count: 4, accuracy: 1 });
    const program = recordStep(trainer.settings, await trainer.carry(), text, stepKey(1, "step", 0));
    const dtypes = Array.from(program.code.primitive).flatMap((primitive, i) =>
      program.tables.primitives[primitive]?.name === "matmul"
        ? [program.tables.types[program.code.type[i] as number]?.dtype]
        : [],
    );
    expect([...new Set(dtypes)]).toEqual(["bf16"]);
  });

  test.each<[string, Partial<TrainerOptions>]>([
    ["dtype", { mixed: { dtype: "f32" as "f16" } }],
    ["dtype", { mixed: { dtype: "f16" }, dtype: "bf16" }],
    ["domain", { mixed: { dtype: "f16", scale: 0 } }],
    ["domain", { mixed: { dtype: "f16", growth: 0.5 } }],
    ["domain", { mixed: { dtype: "f16", backoff: 0 } }],
    ["domain", { mixed: { dtype: "f16", interval: 0.5 } }],
    ["domain", { mixed: { dtype: "f16", scael: 2 } as never }],
  ])("refuses what does not fit: %s %o", (code, change) => {
    expect(() => createTrainer({ ...options, ...change })).toThrow(expect.objectContaining({ code }));
  });
});
