// Training steps whose speed is compared, and what they must reach.
import { type Machine, type Tensor, tensor } from "@nonsmooth/ad-core";
import {
  type Batch,
  createTrainer,
  gpt,
  type Layer,
  leNet5,
  mlp,
  momentum,
  type RealDType,
  resNet18,
  softCrossEntropy,
  type Trainer,
  vgg11,
} from "@nonsmooth/nets";
import { flatten, sequential } from "@nonsmooth/nets/layers";
import type { Mode } from "./row.ts";

/** A run of training that makes the same step again and again. */
export interface StepRun {
  readonly trainer: Trainer;
  readonly data: Batch;
}

/** A step of training that is measured. */
export interface StepWorkload {
  /** As PyTorch's script knows it. */
  readonly name: string;
  readonly says: string;
  /** Our time as a share of PyTorch's, by threads: at most this. */
  readonly goals: Readonly<Record<Mode, Readonly<Record<number, number>>>>;
  /** Draws the weights; the first step records and compiles. */
  begin(machine: Machine, dtype?: RealDType): StepRun;
}

/** Numbers that look like noise; what they are does not matter here. */
const noise = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (((i * 7919 + 104729) % 2003) - 1001) / 700);

/** Makes samples in a format. */
type Samples = (dtype: RealDType) => Batch;

function images(batch: number, channels: number, size: number): Samples {
  const shape = [batch, channels, size, size];
  const labels = Int32Array.from({ length: batch }, (_, i) => i % 10);
  return (dtype) => ({
    x: tensor(noise(batch * channels * size * size), { shape, dtype }),
    labels: tensor(labels, { shape: [batch], dtype: "i32" }),
  });
}

function texts(batch: number, length: number, vocabulary: number): Samples {
  const tokens = Int32Array.from({ length: batch * length }, (_, i) => (i * 31) % vocabulary);
  const next = tokens.map((_, i) => tokens[(i + 1) % tokens.length] as number);
  const shape = [batch, length];
  return () => ({
    x: tensor(tokens, { shape, dtype: "i32" }),
    labels: tensor(next, { shape, dtype: "i32" }),
  });
}

function workload(
  [name, says]: readonly [name: string, says: string],
  goals: StepWorkload["goals"],
  make: () => readonly [model: Layer, inputShape: readonly number[], samples: Samples],
): StepWorkload {
  const loss = (y: Tensor, labels: Tensor): Tensor => softCrossEntropy(y, labels);
  const optimizer = momentum({ rate: 0.01 });
  return {
    ...{ name, says, goals },
    begin(machine, dtype = "f32") {
      const [model, inputShape, samples] = make();
      const trainer = createTrainer({ model, inputShape, optimizer, loss, machine, seed: 1, dtype });
      return { trainer, data: samples(dtype) };
    },
  };
}

/** The step of LeNet-5 for a batch. */
const leNet5Of = (batch: number, goals: StepWorkload["goals"]): StepWorkload =>
  workload([`lenet5-${batch}`, `LeNet-5, batch ${batch}`], goals, () => [leNet5(), [1, 28, 28], images(batch, 1, 28)]);

/** The one that all systems are compared on. */
export const leNet5Step: StepWorkload = leNet5Of(128, {
  plain: { 1: 0.75, 2: 0.65 },
  wide: { 1: 0.5, 2: 0.42 },
});

/** The step of the residual network for a batch. */
export const resNet18Step = (batch: number, goals: StepWorkload["goals"] = { plain: {}, wide: {} }): StepWorkload =>
  workload([`resnet18-${batch}`, `ResNet18 with batch norm, batch ${batch}`], goals, () => [
    resNet18({ batchNorm: true }),
    [3, 32, 32],
    images(batch, 3, 32),
  ]);

/** All steps that are compared with PyTorch's. */
export const stepWorkloads: readonly StepWorkload[] = [
  leNet5Step,
  leNet5Of(1, { plain: { 1: 0.5, 2: 0.5 }, wide: { 1: 0.5, 2: 0.5 } }),
  workload(["mlp-64", "MLP 784-256-10, batch 64"], { plain: { 2: 1.3 }, wide: { 2: 1 } }, () => [
    sequential({ flat: flatten(), net: mlp([784, 256, 10]) }),
    [1, 28, 28],
    images(64, 1, 28),
  ]),
  workload(["vgg11-8", "VGG11, batch 8"], { plain: { 2: 2.6 }, wide: { 2: 1.5 } }, () => [
    vgg11(),
    [3, 32, 32],
    images(8, 3, 32),
  ]),
  resNet18Step(8, { plain: { 2: 3 }, wide: { 2: 1.7 } }),
  workload(["gpt-16", "GPT (width 128, 4 layers, context 64), batch 16"], { plain: { 2: 1.5 }, wide: { 2: 1 } }, () => [
    gpt({ vocabulary: 65, context: 64, width: 128, depth: 4, heads: 4 }),
    [64],
    texts(16, 64, 65),
  ]),
];
