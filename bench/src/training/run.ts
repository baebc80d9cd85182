/** Training by a plan: epochs, log, checkpoints, and an end that says how it was reached. */
import { setImmediate } from "node:timers/promises";
import { type Machine, reference, type Select } from "@nonsmooth/ad-core";
import type { Batch } from "@nonsmooth/nets";
import {
  type Culprit,
  createTrainer,
  type Evaluation,
  firstNonFinite,
  type ImageSet,
  imageBatches,
  type Normalization,
  recordStep,
  softCrossEntropy,
  stepKey,
  type Trainer,
  takeImages,
  toPaths,
} from "@nonsmooth/nets";
import { type LoadedImages, loadData } from "../data/load.ts";
import { modelOf, optimizerOf, type TrainingPlan } from "./plan.ts";
import type { RunFolder } from "./runFolder.ts";

/** How a run ended. */
export interface TrainingResult {
  /** `stopped` runs can be resumed; `diverged` ones met infinity or NaN. */
  readonly status: "finished" | "stopped" | "diverged";
  readonly steps: number;
  readonly epochs: readonly (Evaluation & { readonly epoch: number; readonly trainLoss: number })[];
  /** Where infinity or NaN came up, in a run that diverged. */
  readonly culprit: (Culprit & { readonly step: number }) | null;
}

/** What a run tells while it goes on. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly loss: number;
}

/** Who listens, and who may stop a run between two steps. */
export interface Listener {
  readonly tell: (progress: Progress) => void;
  readonly isStopped: () => boolean;
}

const firstOf = (set: ImageSet, limit: number | null): ImageSet =>
  limit === null || limit >= set.shape[0]
    ? set
    : takeImages(
        set,
        Int32Array.from({ length: limit }, (_, i) => i),
      );

interface Setting {
  readonly plan: TrainingPlan;
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly normalization: Normalization;
  readonly trainer: Trainer;
  readonly folder: RunFolder;
}

/** Trains by a plan, from where the folder left off. */
export async function runTraining(
  plan: TrainingPlan,
  {
    folder,
    dataFolder,
    select,
    resume,
    listener,
    machine = reference(),
  }: {
    readonly folder: RunFolder;
    readonly dataFolder: string | undefined;
    readonly select: Select;
    readonly resume: boolean;
    readonly listener: Listener;
    readonly machine?: Machine;
  },
): Promise<TrainingResult> {
  const data: LoadedImages = loadData(plan.data, dataFolder);
  const [train, test] = [firstOf(data.train, plan.limit), firstOf(data.test, plan.limit)];
  const [, channels, height, width] = train.shape;
  const model = modelOf(plan.model, { channels, height, width, classes: train.classes }, plan.batchNorm);
  const trainer = createTrainer({
    model,
    inputShape: [channels, height, width],
    optimizer: optimizerOf(plan.optimizer, plan.settings),
    loss: (y, labels) => softCrossEntropy(y, labels),
    machine,
    seed: plan.seed,
    dtype: plan.dtype,
    select,
  });
  const saved = resume ? folder.resume(plan) : null;
  if (!resume) folder.begin(plan);
  if (saved) trainer.restore(saved);
  const { normalization } = data;
  const result = await goOn({ plan, train, test, normalization, trainer, folder }, listener);
  if (result.status !== "stopped") folder.finish({ plan, ...result });
  return result;
}

/** All epochs that are left. */
async function goOn(setting: Setting, listener: Listener): Promise<TrainingResult> {
  const { plan, trainer, folder, train } = setting;
  const perEpoch = Math.ceil(train.shape[0] / plan.batch);
  for (let epoch = Math.floor(trainer.steps / perEpoch); epoch < plan.epochs; epoch++) {
    const status = await runEpoch(setting, epoch, perEpoch, listener);
    if (status !== "finished") return resultOf(setting, status);
    const found = trainer.evaluate(batchesOf(setting, setting.test));
    folder.log({ step: trainer.steps, epoch, testLoss: found.loss, testAccuracy: found.accuracy, count: found.count });
    folder.checkpoint(trainer.save());
  }
  return resultOf(setting, "finished");
}

/** The steps of an epoch that are left. */
async function runEpoch(
  setting: Setting,
  epoch: number,
  perEpoch: number,
  { tell, isStopped }: Listener,
): Promise<TrainingResult["status"]> {
  const { plan, trainer, folder, train } = setting;
  const batches = imageBatches(train, { ...formOf(setting), shuffle: true, seed: plan.seed, epoch });
  for (let i = trainer.steps - epoch * perEpoch; i < perEpoch; i++) {
    const { images, labels } = batches.at(i);
    const before = trainer.carry;
    const loss = trainer.step({ x: images, labels });
    folder.log({ step: trainer.steps, epoch, loss });
    tell({ step: trainer.steps, steps: plan.epochs * perEpoch, epoch, loss });
    if (!Number.isFinite(loss)) {
      noteDivergence(setting, { x: images, labels }, before);
      return "diverged";
    }
    if (trainer.steps % plan.checkpointEvery === 0) folder.checkpoint(trainer.save());
    await setImmediate();
    if (!isStopped()) continue;
    folder.checkpoint(trainer.save());
    return "stopped";
  }
  return "finished";
}

/** Makes the step again from what was before it, operation by operation, to say where it went wrong. */
function noteDivergence({ trainer, folder }: Setting, batch: Batch, before: Trainer["carry"]): void {
  const step = trainer.steps - 1;
  const key = stepKey(trainer.seed, "step", step);
  const program = recordStep(trainer.settings, before, batch, key);
  const inputs = Object.values(toPaths([before, batch, key] as never));
  const culprit = firstNonFinite(program, inputs);
  folder.log({ step: step + 1, diverged: culprit?.operation ?? "the parameters", site: culprit?.site ?? "" });
}

const formOf = ({ plan, normalization }: Setting) => ({ batch: plan.batch, dtype: plan.dtype, normalization });

function* batchesOf(setting: Setting, set: ImageSet): Generator<Batch> {
  for (const { images, labels } of imageBatches(set, formOf(setting))) yield { x: images, labels };
}

/** The result, read off the log, so that a resumed run has the same as one that was never stopped. */
function resultOf({ trainer, folder }: Setting, status: TrainingResult["status"]): TrainingResult {
  const lines = folder.lines();
  const epochs = lines.flatMap((line) => {
    if (line.testLoss === undefined) return [];
    const losses = lines.filter((other) => other.epoch === line.epoch && other.loss !== undefined);
    const trainLoss = losses.reduce((sum, other) => sum + (other.loss as number), 0) / losses.length;
    const [epoch, loss, accuracy, count] = ["epoch", "testLoss", "testAccuracy", "count"].map(
      (name) => line[name] as number,
    );
    return [{ epoch, trainLoss, loss, accuracy, count } as TrainingResult["epochs"][number]];
  });
  const fatal = lines.find((line) => line.diverged !== undefined);
  const culprit = fatal
    ? { operation: fatal.diverged as string, site: fatal.site as string, position: -1, step: fatal.step }
    : null;
  return { status, steps: trainer.steps, epochs, culprit };
}
