/** Training by a plan: epochs, log, checkpoints, and an end that says how it was reached. */
import { setImmediate } from "node:timers/promises";
import type { Select } from "@nonsmooth/ad-core";
import { createTrainer, type Evaluation, softCrossEntropy, type Trainer } from "@nonsmooth/nets";
import { loadData } from "../data/load.ts";
import { divergenceOf, type Made } from "./divergence.ts";
import { EventFile } from "./eventFile.ts";
import { machineOf } from "./machines.ts";
import { modelOf } from "./models.ts";
import { optimizerOf } from "./optimizers.ts";
import type { TrainingPlan } from "./plan.ts";
import { resultOf, type TrainingResult } from "./result.ts";
import type { RunFolder } from "./runFolder.ts";
import { imageSamples, type Samples, textSamples } from "./samples.ts";

/** What a run tells while it goes on. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly loss: number;
  /** Of the last evaluation; null before the first. */
  readonly accuracy: number | null;
}

/** Who listens, and who may stop a run between two steps. */
export interface Listener {
  readonly tell: (progress: Progress) => void;
  readonly isStopped: () => boolean;
}

/** What a run needs besides its plan. */
export interface Surroundings {
  readonly folder: RunFolder;
  readonly dataFolder: string | undefined;
  readonly select: Select;
  readonly resume: boolean;
  readonly listener: Listener;
  /** Seconds since 1970, for the event files alone. */
  readonly now: () => number;
}

/** A run that has begun. */
interface Running {
  readonly plan: TrainingPlan;
  readonly samples: Samples;
  readonly trainer: Trainer;
  readonly rateAt: (count: number) => number;
  readonly folder: RunFolder;
  readonly events: EventFile;
  readonly listener: Listener;
  /** Of the last evaluation. */
  accuracy: number | null;
}

/** Trains by a plan, from where the folder left off. */
export async function runTraining(plan: TrainingPlan, around: Surroundings): Promise<TrainingResult> {
  const { folder, resume, listener } = around;
  const { samples, trainer, rateAt } = prepare(plan, around);
  const saved = resume ? folder.resume(plan) : null;
  if (!resume) folder.begin(plan);
  if (saved) trainer.restore(saved);
  const events = EventFile.begin(folder.path, trainer.steps, around.now);
  const accuracy = resultOf(folder.lines(), "stopped", trainer.steps).epochs.at(-1)?.accuracy ?? null;
  const result = await goOn({ plan, samples, trainer, rateAt, folder, events, listener, accuracy });
  if (result.status !== "stopped") folder.finish({ plan, ...result });
  return result;
}

/** Everything that is checked before the folder is touched. */
function prepare(
  plan: TrainingPlan,
  { dataFolder, select }: Surroundings,
): Pick<Running, "samples" | "trainer" | "rateAt"> {
  const data = loadData(plan.data, dataFolder);
  const samples = data.kind === "text" ? textSamples(plan, data) : imageSamples(plan, data);
  const { epochs, seed, dtype, mixed, labelSmoothing: smoothing } = plan;
  const { optimizer, rateAt } = optimizerOf(plan, { epochs, stepsPerEpoch: samples.stepsPerEpoch });
  const trainer = createTrainer({
    ...{ model: modelOf(plan, samples.form), inputShape: samples.inputShape, optimizer, select, seed, dtype },
    loss: (y, labels) => softCrossEntropy(y, labels, { smoothing }),
    machine: machineOf(plan.machine),
    ...(mixed === null ? {} : { mixed }),
  });
  return { samples, trainer, rateAt };
}

/** All epochs that are left. */
async function goOn(running: Running): Promise<TrainingResult> {
  const { plan, trainer, folder, samples } = running;
  let status: TrainingResult["status"] = "finished";
  for (let epoch = Math.floor(trainer.steps / samples.stepsPerEpoch); epoch < plan.epochs; epoch++) {
    status = await runEpoch(running, epoch);
    if (status !== "finished") break;
    noteEvaluation(running, epoch, trainer.evaluate(samples.test()));
    folder.checkpoint(trainer.save());
  }
  return resultOf(folder.lines(), status, trainer.steps);
}

/** The steps of an epoch that are left. */
async function runEpoch(running: Running, epoch: number): Promise<TrainingResult["status"]> {
  const { plan, trainer, folder, samples, listener } = running;
  const { stepsPerEpoch } = samples;
  let before: Made[] = [];
  for (let i = trainer.steps - epoch * stepsPerEpoch; i < stepsPerEpoch; i++) {
    const made = { step: trainer.steps, carry: trainer.carry, batch: samples.batch(epoch, i) };
    before = [...before.slice(-1), made];
    const loss = trainer.step(made.batch);
    noteStep(running, epoch, loss);
    if (!Number.isFinite(loss)) {
      noteDivergence(running, before);
      return "diverged";
    }
    if (trainer.steps % plan.checkpointEvery === 0) folder.checkpoint(trainer.save());
    await setImmediate();
    if (!listener.isStopped()) continue;
    folder.checkpoint(trainer.save());
    return "stopped";
  }
  return "finished";
}

/** Numbers that JSON has, and the names of those that it has not. */
const written = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

function noteStep(running: Running, epoch: number, loss: number): void {
  const { plan, trainer, folder, events, samples, rateAt, listener, accuracy } = running;
  const step = trainer.steps;
  const rate = rateAt(step - 1);
  folder.log({ step, epoch, loss: written(loss), rate });
  events.scalars(step, { "train/loss": loss, "train/rate": rate });
  listener.tell({ step, steps: plan.epochs * samples.stepsPerEpoch, epoch, loss, accuracy });
}

function noteEvaluation(running: Running, epoch: number, { loss, accuracy, count }: Evaluation): void {
  const { trainer, folder, events } = running;
  const { steps: step, scale } = trainer;
  const scaling: Readonly<Record<string, number>> = scale === null ? {} : { scale };
  running.accuracy = accuracy;
  folder.log({ step, epoch, testLoss: written(loss), testAccuracy: accuracy, count, ...scaling });
  events.scalars(step, { "test/loss": loss, "test/accuracy": accuracy });
}

function noteDivergence({ trainer, folder }: Running, before: readonly Made[]): void {
  const found = divergenceOf(trainer, before);
  const { step, operation, site } = found ?? { step: trainer.steps, operation: "the parameters", site: "" };
  folder.log({ step, diverged: operation, site });
}
