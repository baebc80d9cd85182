import { type Machine, reference, tensor } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { batchNorm1d, linear, relu, sequential } from "../layers/index.ts";
import { softCrossEntropy } from "../losses/losses.ts";
import { adamW } from "../optimizers/adam.ts";
import { sgd } from "../optimizers/sgd.ts";
import type { Batch } from "./step.ts";
import { type TrainingData, train } from "./train.ts";
import { createTrainer, type TrainerOptions } from "./trainer.ts";

/** The reference, whose programs answer later; what is read from them is noted. */
function laterMachine(reads: string[] = []): Machine {
  const { name, dtypes, compile } = reference();
  const turn = (): Promise<void> => new Promise((done) => void setTimeout(done, 0));
  return {
    ...{ name, dtypes },
    compile(program, options) {
      const running = compile(program, options);
      return {
        describe: () => running.describe(),
        write: (carried, tree) => running.write(carried, tree),
        dispose: () => running.dispose(),
        async run(args) {
          await turn();
          return running.run(args);
        },
        async read(carried) {
          reads.push(carried);
          await turn();
          return running.read(carried);
        },
      };
    },
  };
}

function batchOf(size: number, index: number): Batch {
  const points = Array.from({ length: size }, (_, i) => [((i * 7 + index) % 11) / 11, ((i * 5 + index) % 13) / 13]);
  const labels = points.map(([x = 0, y = 0]) => (x > y ? 1 : 0));
  return { x: tensor(points, { dtype: "f32" }), labels: tensor(labels, { dtype: "i32" }) };
}
const batches = [batchOf(6, 0), batchOf(6, 1), batchOf(4, 2), batchOf(6, 3)];
const options: Omit<TrainerOptions, "machine"> = {
  ...{ model: sequential({ hidden: linear(5), relu: relu(), scores: linear(2) }), inputShape: [2], seed: 1 },
  ...{ optimizer: adamW({ rate: 0.05 }), loss: (y, labels) => softCrossEntropy(y, labels) },
};
const data: TrainingData = {
  ...{ inputShape: [2], stepsPerEpoch: 4, test: () => batches },
  batch: (_epoch, index) => batches[index] as Batch,
};

test("a machine that answers later trains to the same bits", async () => {
  const run = async (machine: Machine) => {
    const { epochs, trainer } = await train(options.model, data, { ...options, machine, epochs: 3 });
    return { epochs: epochs.map(({ loss, accuracy }) => [loss, accuracy]), saved: await trainer.save() };
  };
  expect(await run(laterMachine())).toEqual(await run(reference()));
});

test("what is asked at once is done in the order of the calls", async () => {
  const asked = async (machine: Machine) => {
    const trainer = createTrainer({ ...options, machine });
    const all = [trainer.step(batches[0] as Batch), trainer.save(), trainer.step(batches[2] as Batch), trainer.carry()];
    return [...(await Promise.all(all)), trainer.steps];
  };
  const trainer = createTrainer({ ...options, machine: reference() });
  const first = await trainer.step(batches[0] as Batch);
  const saved = await trainer.save();
  const second = await trainer.step(batches[2] as Batch);
  expect(await asked(laterMachine())).toEqual([first, saved, second, await trainer.carry(), 2]);
});

test("what is carried is read only when it must be", async () => {
  const reads: string[] = [];
  const trainer = createTrainer({ ...options, machine: laterMachine(reads) });
  await trainer.prepare(batches[0] as Batch);
  expect(reads).toHaveLength(1);
  for (const index of [0, 1, 3]) await trainer.step(batches[index] as Batch);
  expect([await trainer.scale(), reads.length]).toEqual([null, 1]);
  await trainer.evaluate(batches);
  expect(reads).toHaveLength(2);
});

test("the state is read without the parameters, and a model without one is not asked", async () => {
  const reads: string[] = [];
  const model = sequential({ hidden: linear(5), norm: batchNorm1d(), scores: linear(2) });
  const trainer = createTrainer({ ...options, model, machine: laterMachine(reads) });
  expect(await trainer.state()).toEqual((await trainer.carry()).state);
  await trainer.step(batches[0] as Batch);
  const state = await trainer.state();
  expect([reads, Object.keys(state)]).toEqual([["state"], ["norm"]]);
  expect((await trainer.carry()).state).toEqual(state);
  const plain = createTrainer({ ...options, machine: laterMachine(reads) });
  await plain.step(batches[0] as Batch);
  expect([await plain.state(), reads]).toEqual([{}, ["state", "learned", "state"]]);
});

test("a run that diverges there says where", async () => {
  const steep = { ...options, optimizer: sgd({ rate: 3e38 }), epochs: 3 };
  const found = await train(options.model, data, { ...steep, machine: laterMachine() });
  expect(found.divergence).toEqual((await train(options.model, data, { ...steep, machine: reference() })).divergence);
  expect(found).toMatchObject({ status: "diverged", divergence: { operation: "matmul" } });
});

test("a step that fails changes nothing, and the next one may be made", async () => {
  const trainer = createTrainer({ ...options, machine: laterMachine() });
  const odd: Batch = { x: tensor([[1, 2, 3]], { dtype: "f32" }), labels: tensor([0], { dtype: "i32" }) };
  await expect(trainer.step(odd)).rejects.toThrow(expect.objectContaining({ code: "shape" }));
  expect(trainer.steps).toBe(0);
  expect(await trainer.step(batches[0] as Batch)).toBeGreaterThan(0);
});

test("after the programs are freed no step is made", async () => {
  const trainer = createTrainer({ ...options, machine: laterMachine() });
  await trainer.step(batches[0] as Batch);
  await trainer.dispose();
  await expect(trainer.step(batches[0] as Batch)).rejects.toThrow();
});
