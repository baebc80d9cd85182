// Training over epochs: every step of a run, and what is told in between.
import { AdError } from "@nonsmooth/ad-core";
import type { NamedTensors } from "../checkpoints/safetensors.ts";
import { checkWhole } from "../data/checks.ts";
import type { Layer } from "../layers/layer.ts";
import { type Divergence, divergenceOf, type StepBefore } from "./divergence.ts";
import type { Batch, Carry } from "./step.ts";
import { createTrainer, type Evaluation, type Trainer, type TrainerOptions } from "./trainer.ts";

/** What a run is trained and tested with. */
export interface TrainingData {
  /** Of one sample. */
  readonly inputShape: readonly number[];
  readonly stepsPerEpoch: number;
  /** Batch `index` of an epoch, both from 0 on: a function of both alone, so that a run may go on anywhere. */
  batch(epoch: number, index: number): Batch;
  /** What is evaluated after each epoch. */
  test(): Iterable<Batch>;
}

/** A step that was made. */
export interface StepMade {
  readonly trainer: Trainer;
  /** Counted from 1. */
  readonly step: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** Before the update. */
  readonly loss: number;
}

/** An epoch that was made, and its evaluation. */
export interface EpochMade extends Evaluation {
  readonly trainer: Trainer;
  readonly step: number;
  readonly epoch: number;
}

/** How long a run is, and who is told of it. */
export interface RunOptions {
  /** Passes over the data, at least 1. */
  readonly epochs: number;
  /**
   * After each step whose loss is finite; it may return a promise. False, or a promise of it, ends the run there, after the
   * last step of an epoch when that is evaluated.
   */
  onStep?(made: StepMade): unknown;
  /** After each evaluation; it may return a promise. */
  onEpoch?(made: EpochMade): unknown;
}

/** How a run ended. */
export interface Trained {
  readonly trainer: Trainer;
  /** `stopped` runs can be continued; `diverged` ones met infinity or NaN. */
  readonly status: "finished" | "stopped" | "diverged";
  /** The evaluations of this call. */
  readonly epochs: readonly EpochMade[];
  /** Where infinity or NaN came up first, in a run that diverged; null when it cannot be told. */
  readonly divergence: Divergence | null;
}

/** Settings of {@link train}. */
export interface TrainOptions extends Omit<TrainerOptions, "model" | "inputShape">, RunOptions {
  /** What another run with these settings saved, to go on with. */
  readonly from?: NamedTensors;
}

/**
 * Trains a model: draws its weights, makes all steps of all epochs, and evaluates after each.
 *
 * A run that is stopped and continued with `from` makes the same steps, bit for bit. A loss that is not finite ends it,
 * and the last steps are made again to find the operation that was the first.
 *
 * @param model - the network
 * @param data - `inputShape`, `stepsPerEpoch`, `batch`, `test`
 * @param options - those of {@link createTrainer}, `epochs`, and `onStep`, `onEpoch`, `from`
 * @returns the trainer, which holds the parameters, and how the run ended
 * @throws AdError as {@link createTrainer}; "domain" for epochs that are not whole
 * @example
 * const batch = { x: tensor([[0, 1], [1, 0]]), labels: tensor([0, 1], { dtype: "i32" }) };
 * const data = { inputShape: [2], stepsPerEpoch: 1, batch: () => batch, test: () => [batch] };
 * const settings = { optimizer: sgd({ rate: 1 }), loss: softCrossEntropy, machine: reference(), seed: 1, dtype: "f64" };
 * const { status, epochs } = await train(mlp([2, 4, 2]), data, { ...settings, epochs: 20 });
 * [status, epochs.at(-1).accuracy] // ["finished", 1]
 */
export async function train(model: Layer, data: TrainingData, options: TrainOptions): Promise<Trained> {
  const { epochs, onStep, onEpoch, from, ...settings } = options;
  const trainer = createTrainer({ ...settings, model, inputShape: data.inputShape });
  if (from) await trainer.restore(from);
  return continueTraining(trainer, data, { epochs, ...(onStep ? { onStep } : {}), ...(onEpoch ? { onEpoch } : {}) });
}

/**
 * Makes the steps that are left of a run.
 *
 * @param trainer - after any number of steps
 * @param data - as {@link train}
 * @param options - `epochs` in all, `onStep`, `onEpoch`
 * @returns as {@link train}
 * @throws AdError "domain" for epochs that are not whole
 * @example
 * const batch = { x: tensor([[0, 1], [1, 0]]), labels: tensor([0, 1], { dtype: "i32" }) };
 * const data = { inputShape: [2], stepsPerEpoch: 2, batch: () => batch, test: () => [batch] };
 * const trainer = createTrainer({ model: mlp([2, 2]), inputShape: [2], optimizer: sgd({ rate: 1 }), loss: softCrossEntropy, machine: reference(), seed: 1, dtype: "f64" });
 * const { status } = await continueTraining(trainer, data, { epochs: 3, onStep: ({ step }) => step < 3 });
 * [status, trainer.steps] // ["stopped", 3]
 */
export async function continueTraining(trainer: Trainer, data: TrainingData, options: RunOptions): Promise<Trained> {
  checkWhole("train", "epochs", options.epochs, 1);
  checkData(data);
  const epochs: EpochMade[] = [];
  for (let epoch = Math.floor(trainer.steps / data.stepsPerEpoch); epoch < options.epochs; epoch++) {
    const ended = await epochOf(trainer, data, options, epoch);
    // A run that is stopped at the end of an epoch goes on with the next one, so this is the only time to evaluate it.
    const isWhole = trainer.steps === (epoch + 1) * data.stepsPerEpoch && ended?.status !== "diverged";
    if (ended !== null && !isWhole) return { trainer, epochs, ...ended };
    const made = { trainer, step: trainer.steps, epoch, ...(await trainer.evaluate(data.test())) };
    epochs.push(made);
    await options.onEpoch?.(made);
    if (ended !== null) return { trainer, epochs, ...ended };
  }
  return { trainer, epochs, status: "finished", divergence: null };
}

/** What the machine held before a step: from there a run can be made again. */
interface Kept {
  readonly step: number;
  readonly carry: Carry;
}

/** Steps between two states that are kept: taking one copies all parameters. */
const keptEvery = 100;

/** The steps of an epoch that are left; null when all were made. */
async function epochOf(
  trainer: Trainer,
  data: TrainingData,
  { onStep }: RunOptions,
  epoch: number,
): Promise<Pick<Trained, "status" | "divergence"> | null> {
  const { stepsPerEpoch } = data;
  let kept: Kept = { step: trainer.steps, carry: await trainer.carry() };
  for (let index = trainer.steps - epoch * stepsPerEpoch; index < stepsPerEpoch; index++) {
    if (trainer.steps - kept.step >= keptEvery) kept = { step: trainer.steps, carry: await trainer.carry() };
    const loss = await trainer.step(data.batch(epoch, index));
    if (!Number.isFinite(loss)) return { status: "diverged", divergence: await divergenceSince(kept, trainer, data) };
    const goesOn = await onStep?.({ trainer, step: trainer.steps, epoch, loss });
    if (goesOn === false) return { status: "stopped", divergence: null };
  }
  return null;
}

/** Makes the steps since a kept state again, and looks into the last two. */
async function divergenceSince(
  { step, carry }: Kept,
  trainer: Trainer,
  data: TrainingData,
): Promise<Divergence | null> {
  const end = trainer.steps;
  const before: StepBefore[] = [];
  await trainer.goBack(step, carry);
  while (trainer.steps < end) {
    const at = trainer.steps;
    const batch = data.batch(Math.floor(at / data.stepsPerEpoch), at % data.stepsPerEpoch);
    if (at >= end - 2) before.push({ step: at, carry: await trainer.carry(), batch });
    await trainer.step(batch);
  }
  return divergenceOf(trainer, before);
}

function checkData({ stepsPerEpoch }: TrainingData): void {
  if (Number.isSafeInteger(stepsPerEpoch) && stepsPerEpoch >= 1) return;
  const [problem, expected, remedy] = ["nothing to train with", "at least one step in an epoch", "add data"];
  throw new AdError({ code: "domain", where: "train", problem, expected, got: `${stepsPerEpoch} steps`, remedy });
}
