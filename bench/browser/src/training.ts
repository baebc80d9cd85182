// A run of training on a machine whose answers are promises.
import { compile, type Executable, type Machine, type Tensor, type Tree } from "@nonsmooth/ad-core";
import {
  type Batch,
  type Batches,
  digitImages,
  imageBatches,
  type LabelledImages,
  type Model,
  stepKey,
} from "@nonsmooth/nets";
import type { Choices } from "./choices.ts";
import type { Settings } from "./settings.ts";
import { type Carry, networkOf, optimizerOf, recordTest, recordTraining, type Stepped, type Tested } from "./step.ts";
import { type Ties, tiesIn } from "./ties.ts";

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
const numberOf = ({ data }: Tensor): number => data[0] as number;

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
  const run = new Run(machine, choices, settings, asBatch(epochOf(0).at(0)));
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const batches = epochOf(epoch);
      for (const one of batches) {
        const { loss, ties } = await run.step(asBatch(one));
        if (!Number.isFinite(loss)) return "diverged";
        await listener.onStep({ step: run.steps, steps: epochs * batches.length, loss, ties });
        if (listener.isStopped()) return "stopped";
      }
      listener.onEpoch({ step: run.steps, epoch: epoch + 1, ...(await run.test()) });
    }
    return "finished";
  } finally {
    run.dispose();
  }
}

/** The programs of a run, and how many steps it has made. */
class Run {
  steps = 0;
  private readonly machine: Machine;
  private readonly model: Model;
  private readonly training: Executable;
  private readonly tests: Batches<LabelledImages>;
  private tester: Executable | null = null;

  constructor(machine: Machine, choices: Choices, { seed, rate, tests }: Settings, batch: Batch) {
    const [model, optimizer] = [networkOf(choices), optimizerOf(rate)];
    const { params } = model.init(stepKey(seed, "init", 0), model.inputShape, "f32");
    const carry: Carry = { params, optimizer: optimizer.init(params) };
    const program = recordTraining({ model, optimizer, choices }, carry, batch);
    [this.machine, this.model] = [machine, model];
    this.training = compile(program, machine, { carry: { carry: 0 } });
    this.training.write("carry", carry as unknown as Tree);
    const set = digitImages({ count: tests, seed: seedOfTests });
    this.tests = imageBatches(set, { batch: Math.min(batchOfTests, tests), lastBatch: "drop", dtype: "f32" });
  }

  async step(batch: Batch): Promise<{ loss: number; ties: Ties }> {
    const { loss, ties } = (await this.training.run([batch])) as Stepped;
    this.steps++;
    return { loss: numberOf(loss), ties: tiesIn(ties) };
  }

  /** Mean loss and accuracy over the batches of the test. */
  async test(): Promise<TestMade> {
    const { params } = (await this.training.read("carry")) as Carry;
    let [loss, right, count] = [0, 0, 0];
    for (const batch of this.tests) {
      this.tester ??= compile(recordTest(this.model, params, asBatch(batch)), this.machine);
      const found = (await this.tester.run([params, asBatch(batch)])) as Tested;
      loss += numberOf(found.loss) / this.tests.length;
      right += found.chosen.data.filter((label: number, i: number) => label === batch.labels.data[i]).length;
      count += batch.labels.data.length;
    }
    return { loss, accuracy: right / count };
  }

  dispose(): void {
    this.training.dispose();
    this.tester?.dispose();
  }
}
