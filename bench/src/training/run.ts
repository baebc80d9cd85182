/** Training by a plan: epochs, log, checkpoints, and an end that says how it was reached. */
import { setImmediate } from "node:timers/promises";
import { continueTraining, type Divergence, type EpochMade, type StepMade } from "@nonsmooth/nets";
import { EventFile } from "./eventFile.ts";
import type { TrainingPlan } from "./plan.ts";
import { type Means, type PreparedRun, prepareRun } from "./prepare.ts";
import { resultOf, type TrainingResult } from "./result.ts";
import type { LogLine, RunFolder } from "./runFolder.ts";
import type { Samples } from "./samples.ts";

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

/** What a run in a folder needs besides its plan. */
interface Surroundings extends Means {
  readonly folder: RunFolder;
  readonly resume: boolean;
  readonly listener: Listener;
  /** Seconds since 1970, for the event files alone. */
  readonly now: () => number;
}

/** A run that has begun. */
interface Running {
  readonly plan: TrainingPlan;
  readonly samples: Samples;
  readonly rateAt: (count: number) => number;
  readonly folder: RunFolder;
  readonly events: EventFile;
  readonly listener: Listener;
  /** Of the last evaluation. */
  accuracy: number | null;
}

/** Trains by a plan, from where the folder left off. */
export async function runTraining(plan: TrainingPlan, around: Surroundings): Promise<TrainingResult> {
  const prepared = await prepareRun(plan, around);
  try {
    return await runPrepared(plan, around, prepared);
  } finally {
    await prepared.release();
  }
}

async function runPrepared(
  plan: TrainingPlan,
  { folder, resume, listener, now }: Surroundings,
  { samples, trainer, rateAt }: PreparedRun,
): Promise<TrainingResult> {
  const saved = resume ? folder.resume(plan) : null;
  if (!resume) folder.begin(plan);
  if (saved) await trainer.restore(saved);
  const events = EventFile.begin(folder.path, trainer.steps, now);
  const accuracy = resultOf(folder.lines(), "stopped", trainer.steps).epochs.at(-1)?.accuracy ?? null;
  const running: Running = { plan, samples, rateAt, folder, events, listener, accuracy };
  const { status, divergence } = await continueTraining(trainer, samples, {
    epochs: plan.epochs,
    onStep: (made) => afterStep(running, made),
    onEpoch: (made) => afterEpoch(running, made),
  });
  if (status === "diverged") folder.log(lineOf(divergence, trainer.steps));
  const result = resultOf(folder.lines(), status, trainer.steps);
  if (status !== "stopped") folder.finish({ plan, ...result });
  return result;
}

/** Numbers that JSON has, and the names of those that it has not. */
const written = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** Writes the log, tells of the step, and keeps a checkpoint when it is time to; false to stop. */
async function afterStep(running: Running, { trainer, step, epoch, loss }: StepMade): Promise<boolean> {
  const { plan, folder, events, samples, rateAt, listener, accuracy } = running;
  const rate = rateAt(step - 1);
  folder.log({ step, epoch, loss, rate });
  events.scalars(step, { "train/loss": loss, "train/rate": rate });
  listener.tell({ step, steps: plan.epochs * samples.stepsPerEpoch, epoch, loss, accuracy });
  // The end of an epoch is kept after its evaluation: a run that goes on from there does not evaluate it again.
  const isKept = step % samples.stepsPerEpoch !== 0;
  if (isKept && step % plan.checkpointEvery === 0) folder.checkpoint(await trainer.save());
  await setImmediate();
  if (!listener.isStopped()) return true;
  if (isKept) folder.checkpoint(await trainer.save());
  return false;
}

async function afterEpoch(running: Running, { trainer, step, epoch, loss, accuracy, count }: EpochMade): Promise<void> {
  const { folder, events } = running;
  const scale = await trainer.scale();
  const scaling: Readonly<Record<string, number>> = scale === null ? {} : { scale };
  running.accuracy = accuracy;
  folder.log({ step, epoch, testLoss: written(loss), testAccuracy: accuracy, count, ...scaling });
  events.scalars(step, { "test/loss": loss, "test/accuracy": accuracy });
  folder.checkpoint(await trainer.save());
}

/** The line of a run that diverged. */
const lineOf = (found: Divergence | null, steps: number): LogLine =>
  found === null
    ? { step: steps, diverged: "the parameters", site: "" }
    : { step: found.step, diverged: found.operation, site: found.site };
