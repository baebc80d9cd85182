import { reference, tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { dropout, linear, relu, sequential } from "../layers/index.ts";
import { softCrossEntropy } from "../losses/losses.ts";
import { momentum, sgd } from "../optimizers/sgd.ts";
import type { Batch } from "./step.ts";
import { type TrainingData, type TrainOptions, train } from "./train.ts";

const model = sequential({ hidden: linear(8), relu: relu(), dropout: dropout(0.1), scores: linear(2) });

/** Points above and below a line, other ones in each batch. */
function pointsOf(epoch: number, index: number): Batch {
  const points = Array.from({ length: 10 }, (_, i) => [
    ((i * 7 + epoch + index) % 11) / 11,
    ((i * 5 + index) % 13) / 13,
  ]);
  const labels = points.map(([x = 0, y = 0]) => (x > y ? 1 : 0));
  return { x: tensor(points, { dtype: "f32" }), labels: tensor(labels, { dtype: "i32" }) };
}

const data: TrainingData = {
  ...{ inputShape: [2], stepsPerEpoch: 4 },
  batch: pointsOf,
  test: () => [pointsOf(7, 7), pointsOf(8, 8)],
};
const options: TrainOptions = {
  ...{ optimizer: momentum({ rate: 0.2 }), machine: reference(), seed: 1, epochs: 5 },
  loss: (y, labels) => softCrossEntropy(y, labels),
};

describe("training", () => {
  test("makes all steps in order, tells of them, and evaluates after each epoch", async () => {
    const told: string[] = [];
    const { status, epochs, trainer, divergence } = await train(model, data, {
      ...{ ...options, epochs: 2 },
      onStep: ({ step, epoch }) => void told.push(`${epoch}.${step}`),
      onEpoch: ({ epoch, step, count }) => void told.push(`epoch ${epoch} after ${step}, ${count}`),
    });
    expect([status, divergence, trainer.steps, epochs.length]).toEqual(["finished", null, 8, 2]);
    const [first, second] = ["epoch 0 after 4, 20", "epoch 1 after 8, 20"];
    expect(told).toEqual(["0.1", "0.2", "0.3", "0.4", first, "1.5", "1.6", "1.7", "1.8", second]);
  });

  test("learns", async () => {
    const { epochs } = await train(model, data, { ...options, epochs: 20 });
    expect(epochs.at(-1)?.loss).toBeLessThan((epochs[0]?.loss ?? 0) / 2);
  });

  test.each([1, 4, 6, 20])("stopped after step %s goes on bit for bit", async (stop) => {
    const whole = await train(model, data, options);
    const cut = await train(model, data, { ...options, onStep: ({ step }) => step < stop });
    expect([cut.status, cut.trainer.steps]).toEqual(["stopped", stop]);
    const rest = await train(model, data, { ...options, from: await cut.trainer.save() });
    expect(await rest.trainer.save()).toEqual(await whole.trainer.save());
    const losses = ({ epochs }: typeof whole) => epochs.map(({ epoch, loss }) => [epoch, loss]);
    expect([...losses(cut), ...losses(rest)]).toEqual(losses(whole));
  });

  test("ends when the loss is not finite, and says which operation of which step was the first", async () => {
    const { status, divergence } = await train(model, data, { ...options, optimizer: sgd({ rate: 3e38 }) });
    expect([status, divergence]).toMatchObject(["diverged", { operation: "matmul", site: "scores" }]);
    const poisoned: TrainingData = {
      ...data,
      batch: (epoch, index) => {
        const { x, labels } = pointsOf(epoch, index);
        return {
          x:
            index === 2
              ? tensor(
                  Array.from(x.data as Float32Array, () => 3e38),
                  { shape: x.shape, dtype: "f32" },
                )
              : x,
          labels,
        };
      },
    };
    const found = await train(model, poisoned, options);
    expect(found.divergence).toMatchObject({ step: 3, operation: "mean", site: "" });
  });

  test.each<[string, Partial<TrainOptions>, Partial<TrainingData>]>([
    ["no epoch", { epochs: 0 }, {}],
    ["part of an epoch", { epochs: 1.5 }, {}],
    ["no data", {}, { stepsPerEpoch: 0 }],
  ])("refuses %s", async (_says, change, other) => {
    await expect(train(model, { ...data, ...other }, { ...options, ...change })).rejects.toThrow("train: ");
  });
});
