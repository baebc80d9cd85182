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
const trained = (change: Partial<TrainerOptions>, steps: number): Trainer => {
  const trainer = createTrainer({ ...options, ...change });
  for (let i = 0; i < steps; i++) trainer.step(batch);
  return trainer;
};
const paramsOf = (trainer: Trainer): number[] =>
  Object.entries(trainer.save().tensors).flatMap(([path, { data }]) => (path.startsWith("params") ? [...data] : []));
const dtypesOf = (trainer: Trainer): string[] =>
  Object.entries(trainer.save().tensors)
    .map(([path, { dtype }]) => `${path} ${dtype}`)
    .toSorted();

/** A product with one weight, whose loss is its sum: the gradient of the weight is the input. */
const product = (value: number, mixed: NonNullable<TrainerOptions["mixed"]>): Trainer => {
  const layer: Layer = linear(1, { bias: false });
  const trainer = createTrainer({
    ...{ model: layer, inputShape: [1], optimizer: sgd({ rate: 1e6 }), machine: reference(), seed: 1, mixed },
    loss: (y: Tensor) => sum(mul(y, 1e-9)),
  });
  trainer.step({ x: tensor([[value]], { dtype: "f32" }), labels: tensor([0], { dtype: "i32" }) });
  return trainer;
};
const moved = (mixed: NonNullable<TrainerOptions["mixed"]>): number => {
  const begun = createTrainer({ ...options, model: linear(1, { bias: false }), inputShape: [1], mixed });
  return (paramsOf(begun)[0] as number) - (paramsOf(product(1, mixed))[0] as number);
};

describe("mixed precision", () => {
  test.each([["f16", 0.01] as const, ["bf16", 0.08] as const])("learns like 32 bits in %s", (dtype, tolerance) => {
    const trainer = trained({ mixed: { dtype } }, 10);
    expect(trainer.evaluate([batch]).loss).toBeCloseTo(trained({}, 10).evaluate([batch]).loss, 1);
    expect(dtypesOf(trainer)).toEqual(dtypesOf(trained({ mixed: { dtype } }, 0)));
    const [narrow, wide] = [trained({ mixed: { dtype } }, 1), trained({}, 1)];
    const distances = paramsOf(narrow).map((v, i) => Math.abs(v - (paramsOf(wide)[i] as number)));
    expect(Math.max(...distances)).toBeGreaterThan(0);
    expect(narrow.evaluate([batch]).loss / wide.evaluate([batch]).loss).toBeCloseTo(1, -Math.log10(tolerance));
  });

  test("keeps parameters in 32 bits, and multiplies in 16", () => {
    const trainer = trained({ mixed: { dtype: "f16" } }, 0);
    const { code, tables } = recordStep(trainer.settings, trainer.carry, batch, stepKey(1, "step", 0));
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

  test("the scale keeps gradients that 16 bits would lose, and its size does not matter otherwise", () => {
    expect(moved({ dtype: "f16", scale: 1 })).toBe(0);
    expect(moved({ dtype: "f16" })).toBeCloseTo(1e-3, 4);
    const [small, large] = [256, 4096].map((scale) => paramsOf(trained({ mixed: { dtype: "bf16", scale } }, 3)));
    expect(small).toEqual(large);
  });

  test("a gradient that overflows changes nothing but the scale, until one does not", () => {
    const mixed = { dtype: "f16", scale: 2 ** 40, backoff: 2 ** -8 } as const;
    const begun = trained({ mixed }, 0).save().tensors;
    const [once, later] = [trained({ mixed }, 1), trained({ mixed }, 6)];
    const changed = Object.entries(once.save().tensors).filter(
      ([path, { data }]) => String(data) !== String(begun[path]?.data),
    );
    expect(changed.map(([path]) => path)).toEqual(["scaling.scale"]);
    expect(once.scale).toBe(2 ** 32);
    expect(later.scale).toBeLessThan(2 ** 40);
    expect(paramsOf(later)).not.toEqual(paramsOf(once));
  });

  test("the scale grows after an interval without overflow, never beyond its format", () => {
    const mixed = { dtype: "f16", scale: 8, growth: 4, interval: 3 } as const;
    expect([2, 3, 5, 6].map((steps) => trained({ mixed }, steps).scale)).toEqual([8, 32, 32, 128]);
    expect(trained({ mixed: { dtype: "bf16", scale: 2 ** 20, growth: 1e30, interval: 1 } }, 3).scale).toBeLessThan(
      Infinity,
    );
    expect(trained({}, 1).scale).toBe(null);
  });

  test("goes on bit for bit, the scale too", () => {
    const mixed = { dtype: "f16", interval: 2 } as const;
    const [first, second] = [trained({ mixed }, 3), createTrainer({ ...options, mixed })];
    second.restore(first.save());
    expect([first.step(batch), first.scale]).toEqual([second.step(batch), second.scale]);
    expect(paramsOf(first)).toEqual(paramsOf(second));
    expect(() => createTrainer(options).restore(first.save())).toThrow("scaling");
  });

  test("texts are embedded in 16 bits", () => {
    const tokens = tensor([[0, 1, 2, 3]], { dtype: "i32" });
    const net = gpt({ vocabulary: 5, context: 4, width: 8, depth: 1, heads: 2 });
    const trainer = createTrainer({ ...options, model: net, inputShape: [4], mixed: { dtype: "bf16" } });
    const text = { x: tokens, labels: tensor([[1, 2, 3, 4]], { dtype: "i32" }) };
    const losses = Array.from({ length: 20 }, () => trainer.step(text));
    expect(losses[19]).toBeLessThan((losses[0] as number) / 2);
    expect(trainer.evaluate([text])).toMatchObject({ count: 4, accuracy: 1 });
    const program = recordStep(trainer.settings, trainer.carry, text, stepKey(1, "step", 0));
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
