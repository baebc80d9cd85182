// Training steps whose speed is compared, and what they must reach.
import { type Machine, type Tensor, tensor } from "@nonsmooth/ad-core";
import {
  createTrainer,
  gpt,
  leNet5,
  type Model,
  mlp,
  momentum,
  resNet18,
  softCrossEntropy,
  vgg11,
} from "@nonsmooth/nets";
import { flatten, sequential } from "@nonsmooth/nets/layers";

/** One step of training, ready to be made again and again. */
export interface StepWorkload {
  /** As the peer knows it. */
  readonly name: string;
  readonly says: string;
  /** Our time as a share of PyTorch's, by threads: at most this. */
  readonly goals: Readonly<Record<number, number>>;
  step(machine: Machine): () => void;
}

interface Samples {
  readonly x: Tensor;
  readonly labels: Tensor;
}

/** Numbers that look like noise; what they are does not matter here. */
const noise = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (((i * 7919 + 104729) % 2003) - 1001) / 700);

function images(batch: number, channels: number, size: number): Samples {
  const shape = [batch, channels, size, size];
  const labels = Int32Array.from({ length: batch }, (_, i) => i % 10);
  return {
    x: tensor(noise(batch * channels * size * size), { shape, dtype: "f32" }),
    labels: tensor(labels, { shape: [batch], dtype: "i32" }),
  };
}

function texts(batch: number, length: number, vocabulary: number): Samples {
  const tokens = Int32Array.from({ length: batch * length }, (_, i) => (i * 31) % vocabulary);
  const shape = [batch, length];
  const next = tokens.map((_, i) => tokens[(i + 1) % tokens.length] as number);
  return { x: tensor(tokens, { shape, dtype: "i32" }), labels: tensor(next, { shape, dtype: "i32" }) };
}

function workload(
  name: string,
  says: string,
  goals: StepWorkload["goals"],
  make: () => readonly [model: Model | ReturnType<typeof sequential>, inputShape: readonly number[], data: Samples],
): StepWorkload {
  return {
    ...{ name, says, goals },
    step(machine) {
      const [model, inputShape, data] = make();
      const loss = (y: Tensor, labels: Tensor): Tensor => softCrossEntropy(y, labels);
      const optimizer = momentum({ rate: 0.01 });
      const trainer = createTrainer({ ...{ model, inputShape, optimizer, loss, machine }, seed: 1, dtype: "f32" });
      return () => void trainer.step(data);
    },
  };
}

/** All workloads; the goals are those of plain vectors of 128 bits. */
export const stepWorkloads: readonly StepWorkload[] = [
  workload("lenet5-128", "LeNet-5, batch 128", { 1: 0.75, 2: 0.65 }, () => [
    ...([leNet5(), [1, 28, 28], images(128, 1, 28)] as const),
  ]),
  workload("lenet5-1", "LeNet-5, batch 1", { 1: 0.5, 2: 0.5 }, () => [leNet5(), [1, 28, 28], images(1, 1, 28)]),
  workload("mlp-64", "MLP 784-256-10, batch 64", { 2: 1.3 }, () => [
    sequential({ flat: flatten(), net: mlp([784, 256, 10]) }),
    [1, 28, 28],
    images(64, 1, 28),
  ]),
  workload("vgg11-8", "VGG11, batch 8", { 2: 2.6 }, () => [vgg11(), [3, 32, 32], images(8, 3, 32)]),
  workload("resnet18-8", "ResNet18 with batch norm, batch 8", { 2: 3 }, () => [
    resNet18({ batchNorm: true }),
    [3, 32, 32],
    images(8, 3, 32),
  ]),
  workload("gpt-16", "GPT (width 128, 4 layers, context 64), batch 16", { 2: 1.5 }, () => [
    gpt({ vocabulary: 65, context: 64, width: 128, depth: 4, heads: 4 }),
    [64],
    texts(16, 64, 65),
  ]),
];
