import {
  relu as applyRelu,
  last,
  mul,
  ones,
  reference,
  type Select,
  type Tensor,
  tensor,
  zeros,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "../checkpoints/safetensors.ts";
import { digits } from "../data/digits.ts";
import { batchNorm1d, dropout, linear, relu, sequential } from "../layers/index.ts";
import type { Layer } from "../layers/layer.ts";
import { softCrossEntropy } from "../losses/losses.ts";
import { adamW } from "../optimizers/adam.ts";
import { momentum } from "../optimizers/sgd.ts";
import type { Batch } from "./step.ts";
import { createTrainer, type Trainer, type TrainerOptions } from "./trainer.ts";

const model = sequential({
  linear1: linear(12),
  norm: batchNorm1d(),
  relu1: relu(),
  dropout: dropout(0.1),
  linear2: linear(10),
});

/** Digits as rows of a few numbers: means over blocks of 7 by 7 pixels would do, a slice is enough. */
function batches(count: number, size: number, seed: number): Batch[] {
  const { images, labels } = digits({ count: count * size, seed, dtype: "f32" });
  return Array.from({ length: count }, (_, b) => {
    const rows = images.data.subarray(b * size * 784, (b + 1) * size * 784);
    const x = Float64Array.from(
      { length: size * 112 },
      (_v, i) => rows[Math.floor(i / 112) * 784 + (i % 112) * 7] as number,
    );
    return {
      x: tensor(x, { shape: [size, 112], dtype: "f32" }),
      labels: tensor(labels.data.subarray(b * size, (b + 1) * size), { dtype: "i32" }),
    };
  });
}

const options: TrainerOptions = {
  model,
  inputShape: [112],
  optimizer: adamW({ rate: 0.01 }),
  loss: (y, labels) => softCrossEntropy(y, labels),
  machine: reference(),
  seed: 3,
};

const run = (trainer: Trainer, list: readonly Batch[]): Promise<number[]> =>
  Promise.all(list.map((batch) => trainer.step(batch)));
const bytesOf = async (trainer: Trainer): Promise<Uint8Array> => {
  const { tensors, metadata } = await trainer.save();
  return writeSafetensors(tensors, metadata);
};

describe("a run", () => {
  const data = batches(30, 20, 1);

  test("learns, and evaluates without changing anything", async () => {
    const trainer = createTrainer(options);
    const before = await trainer.evaluate(data);
    await run(trainer, data);
    await run(trainer, data);
    const after = await trainer.evaluate(data);
    expect(before).toMatchObject({ count: 600 });
    expect(after.loss).toBeLessThan(before.loss / 2);
    expect(after.accuracy).toBeGreaterThan(0.7);
    expect(await trainer.evaluate(data)).toEqual(after);
    expect(trainer.steps).toBe(60);
  });

  test("repeats by its seed, and differs by it", async () => {
    const losses = (seed: number): Promise<number[]> => run(createTrainer({ ...options, seed }), data.slice(0, 5));
    expect(await losses(3)).toEqual(await losses(3));
    expect(await losses(4)).not.toEqual(await losses(3));
  });

  test("takes batches of several sizes, the last one of an epoch for instance", async () => {
    const trainer = createTrainer(options);
    const [first, second] = data as [Batch, Batch];
    const small = batches(1, 3, 2)[0] as Batch;
    for (const batch of [first, small, second, small]) expect(await trainer.step(batch)).toBeGreaterThan(0);
    expect([trainer.steps, trainer.prepared.size]).toEqual([4, 2]);
  });

  test("follows the selection", async () => {
    const gate: Layer = {
      name: "gate",
      plan: () => ({ kind: "gate", outputShape: [10], params: {}, state: {}, macs: 0, parts: {} }),
      init: () => ({ params: { w: zeros([10], { dtype: "f32" }) }, state: {}, outputShape: [10] }),
      apply: ({ params }, x) => ({ y: applyRelu(mul((params as { w: Tensor }).w, x)), state: {} }),
    };
    const batch = { x: ones([1, 10], { dtype: "f32" }), labels: tensor([1], { dtype: "i32" }) };
    const end = async (select: Select): Promise<Tensor> => {
      const trainer = createTrainer({
        ...options,
        select,
        model: gate,
        inputShape: [10],
        optimizer: momentum({ rate: 1 }),
      });
      await trainer.step(batch);
      return (await trainer.save()).tensors["params.w"] as Tensor;
    };
    // All weights are 0, at the kink: by default nothing moves.
    expect((await end({})).data.every((w: number) => w === 0)).toBe(true);
    expect((await end({ relu: last })).data[1]).toBeCloseTo(0.9, 6);
  });
});

describe("a run that stops", () => {
  const data = batches(6, 10, 5);

  test.each([
    ["adamW", adamW({ rate: 0.01 })],
    ["momentum", momentum({ rate: 0.1 })],
  ])("goes on bit for bit, with %s", async (_name, optimizer) => {
    const whole = createTrainer({ ...options, optimizer });
    const losses = await run(whole, data);
    const [first, second] = [createTrainer({ ...options, optimizer }), createTrainer({ ...options, optimizer })];
    await run(first, data.slice(0, 2));
    await second.restore(readSafetensors(await bytesOf(first)));
    expect(await run(second, data.slice(2))).toEqual(losses.slice(2));
    expect(await bytesOf(second)).toEqual(await bytesOf(whole));
  });

  test("goes back to what was saved, after steps too", async () => {
    const trainer = createTrainer(options);
    await run(trainer, data.slice(0, 2));
    const saved = await trainer.save();
    const once = await run(trainer, data.slice(2));
    await trainer.restore(saved);
    expect(await run(trainer, data.slice(2))).toEqual(once);
  });

  test.each<[string, string, Partial<TrainerOptions>]>([
    ["another model", "missing", { model: sequential({ a: linear(10) }) }],
    [
      "another width",
      "shape",
      {
        model: sequential({
          linear1: linear(13),
          norm: batchNorm1d(),
          relu1: relu(),
          dropout: dropout(0.1),
          linear2: linear(10),
        }),
      },
    ],
    ["another optimizer", "missing", { optimizer: momentum({ rate: 0.1 }) }],
    ["another dtype", "dtype", { dtype: "f64" }],
    ["another seed", "domain", { seed: 9 }],
  ])("refuses what was saved by %s, and stays as it was", async (_says, code, change) => {
    const trainer = createTrainer({ ...options, ...change });
    const before = await bytesOf(trainer);
    const other = await createTrainer(options).save();
    await expect(trainer.restore(other)).rejects.toThrow(expect.objectContaining({ code }));
    expect(await bytesOf(trainer)).toEqual(before);
  });
});

test.each(["f64", "f32", "f16", "bf16"] as const)("a step in %s keeps the dtype", async (dtype) => {
  const trainer = createTrainer({ ...options, dtype, optimizer: momentum({ rate: 0.1 }) });
  const [{ x, labels }] = batches(1, 4, 1) as [Batch];
  const cast = tensor(x.data, { shape: x.shape, dtype });
  expect(Number.isFinite(await trainer.step({ x: cast, labels }))).toBe(true);
  const dtypes = Object.entries((await trainer.save()).tensors).filter(([path]) => path.startsWith("params"));
  expect(dtypes.every(([, value]: [string, Tensor]) => value.dtype === dtype)).toBe(true);
});
