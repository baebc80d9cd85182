// A run of training on a machine whose answers are promises.
import type { Machine } from "@nonsmooth/ad-core";
import {
  addMomentum,
  type Batch,
  type Batches,
  chain,
  createTrainer,
  digitImages,
  imageBatches,
  type LabelledImages,
  leNet5,
  type Model,
  type Optimizer,
  scale,
  softCrossEntropy,
  type Trainer,
} from "@nonsmooth/nets";
import type { Choices } from "./choices.ts";
import type { Settings } from "./settings.ts";
import { countingWindows, countingZeros, type Ties, tiesIn } from "./ties.ts";

/** A step that was made. */
export interface StepMade {
  /** Counted from 1. */
  readonly step: number;
  readonly steps: number;
  /** Before the update. */
  readonly loss: number;
  readonly ties: Ties;
}

/** How a network does on images that it has not seen. */
export interface TestMade {
  readonly loss: number;
  readonly accuracy: number;
}

/** An epoch that was made. */
export interface EpochMade extends TestMade {
  readonly step: number;
  /** Counted from 1. */
  readonly epoch: number;
}

/** Who is told of a run, and who may stop it between two steps. */
export interface Listener {
  /** May return a promise, for which the run waits. */
  readonly onStep: (made: StepMade) => unknown;
  readonly onEpoch: (made: EpochMade) => unknown;
  readonly isStopped: () => boolean;
}

/** How a run ended. */
export type Ending = "finished" | "stopped" | "diverged";

/** Of the images to test with: larger than every seed that people type. */
const seedOfTests = 2 ** 40;

/** Images in a batch of a test. */
const batchOfTests = 50;

const asBatch = ({ images, labels }: LabelledImages): Batch => ({ x: images, labels });

/**
 * Trains LeNet-5 on generated digits. All batches have one size: the rest of an epoch that fills none is left out.
 *
 * @throws AdError, in the promise, for what the machine refuses
 */
export async function trainDigits(
  settings: Settings,
  machine: Machine,
  choices: Choices,
  listener: Listener,
): Promise<Ending> {
  const { seed, images, epochs } = settings;
  const set = digitImages({ count: images, seed });
  const [batch, dtype] = [Math.min(settings.batch, images), "f32"] as const;
  const epochOf = (epoch: number): Batches<LabelledImages> =>
    imageBatches(set, { batch, lastBatch: "drop", shuffle: true, seed, epoch, dtype });
  const trainer = trainerOf(settings, machine, choices);
  const tests = testsOf(settings);
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const batches = epochOf(epoch);
      for (const one of batches) {
        const loss = await trainer.step(asBatch(one));
        if (!Number.isFinite(loss)) return "diverged";
        const ties = tiesIn(await trainer.state());
        await listener.onStep({ step: trainer.steps, steps: epochs * batches.length, loss, ties });
        if (listener.isStopped()) return "stopped";
      }
      listener.onEpoch({ step: trainer.steps, epoch: epoch + 1, ...(await trainer.evaluate(tests)) });
    }
    return "finished";
  } finally {
    await trainer.dispose();
  }
}

/** The network whose layers count ties while it trains. */
const networkOf = ({ activation, pool }: Choices): Model =>
  leNet5({ activation: countingZeros(activation), pool: countingWindows(pool) });

/** Gradient descent with momentum. The rate is a number of the program: a schedule would count steps in f64. */
const optimizerOf = (rate: number): Optimizer => chain(addMomentum({ momentum: 0.9 }), scale(-rate));

function trainerOf({ seed, rate }: Settings, machine: Machine, choices: Choices): Trainer {
  const [model, optimizer] = [networkOf(choices), optimizerOf(rate)];
  const { inputShape } = model;
  return createTrainer({
    ...{ model, inputShape, optimizer, loss: softCrossEntropy, machine, seed, select: choices.select },
  });
}

function testsOf({ tests: count }: Settings): Batch[] {
  const set = digitImages({ count, seed: seedOfTests });
  const batches = imageBatches(set, { batch: Math.min(batchOfTests, count), lastBatch: "drop", dtype: "f32" });
  return Array.from(batches, asBatch);
}
