/** The kind `training`: a network is trained by a plan, and its accuracy is what it ends with, or that it ended in NaN. */
import { setImmediate } from "node:timers/promises";
import { AdError } from "@nonsmooth/ad-core";
import { continueTraining, type Divergence, type EpochMade, type Trained } from "@nonsmooth/nets";
import { dataFolder } from "../../data/find.ts";
import { type LoadedImages, type LoadedText, loadData } from "../../data/load.ts";
import type { JobContext, JobKind, Parameters } from "../../sweeps/job.ts";
import { sharesDevice } from "../../training/gpuMachine.ts";
import type { TrainingPlan } from "../../training/plan.ts";
import { type PreparedRun, prepareRun } from "../../training/prepare.ts";
import { parseSelect } from "../../training/selections.ts";
import { type Counts, plannedRun } from "./parameters.ts";

/** An epoch; numbers that are not finite are null. */
export interface TrainedEpoch {
  /** Counted from 0. */
  readonly epoch: number;
  /** Mean over the steps of the epoch, each before its update. */
  readonly trainLoss: number | null;
  readonly loss: number | null;
  readonly accuracy: number | null;
}

/** Where a run ended in infinity or NaN. */
export interface NanEnd {
  /** Counted from 0. */
  readonly epoch: number;
  /** Counted from 1. */
  readonly step: number;
  /** The operation that made it, and its layer; null when it cannot be told. */
  readonly operation: string | null;
  readonly site: string | null;
}

/** What a job found. */
export interface TrainingOutcome {
  /** `diverged`: the loss of a step, or of the last evaluation, is not finite. */
  readonly status: "finished" | "diverged";
  readonly steps: number;
  /** Those that were evaluated. */
  readonly epochs: readonly TrainedEpoch[];
  /** On the test data after the last epoch; null for a run that diverged. */
  readonly accuracy: number | null;
  readonly nan: NanEnd | null;
}

/**
 * Trains by a plan, on one thread, with the data of NONSMOOTH_DATA; keeps no checkpoint. The bits are those of `nonsmooth train`.
 *
 * @throws AdError "data" when the data set has another number of images than when the job was planned
 */
export const training: JobKind = { name: "training", run, sharesDevice };

/** How many images or tokens a data set has. */
export const countsOf = (data: LoadedImages | LoadedText): Counts =>
  data.kind === "text"
    ? { train: data.train.length, test: data.test.length }
    : { train: data.train.shape[0], test: data.test.shape[0] };

async function run(parameters: Parameters, { signal, progress }: JobContext): Promise<TrainingOutcome> {
  const { plan, counts } = plannedRun(parameters);
  const folder = dataFolder();
  checkCounts(plan.data, counts, countsOf(loadData(plan.data, folder)));
  const select = parseSelect(plan.select);
  const prepared = await prepareRun(plan, { dataFolder: folder, select, threads: 1 });
  try {
    return await trainedBy(plan, prepared, { signal, progress });
  } finally {
    await prepared.release();
  }
}

async function trainedBy(
  plan: TrainingPlan,
  { samples, trainer }: PreparedRun,
  { signal, progress }: JobContext,
): Promise<TrainingOutcome> {
  const { stepsPerEpoch } = samples;
  const losses: number[] = [];
  const trained = await continueTraining(trainer, samples, {
    epochs: plan.epochs,
    async onStep({ step, epoch, loss }) {
      losses.push(loss);
      progress(step, plan.epochs * stepsPerEpoch, `epoch ${epoch + 1} of ${plan.epochs}`);
      await setImmediate();
      signal.throwIfAborted();
    },
  });
  return outcomeOf(trained, losses, stepsPerEpoch);
}

function outcomeOf(trained: Trained, losses: readonly number[], perEpoch: number): TrainingOutcome {
  const { trainer, epochs: made, status, divergence } = trained;
  const epochs = made.map((one) => epochOf(one, losses.slice(one.epoch * perEpoch, (one.epoch + 1) * perEpoch)));
  const [{ steps }, last] = [trainer, epochs.at(-1)];
  if (status === "finished" && last !== undefined && last.loss !== null)
    return { status: "finished", steps, epochs, accuracy: last.accuracy, nan: null };
  return { status: "diverged", steps, epochs, accuracy: null, nan: nanEnd(divergence, steps, perEpoch) };
}

const epochOf = ({ epoch, loss, accuracy }: EpochMade, losses: readonly number[]): TrainedEpoch => ({
  epoch,
  trainLoss: finite(losses.reduce((sum, one) => sum + one, 0) / losses.length),
  ...{ loss: finite(loss), accuracy: finite(accuracy) },
});

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The operation may be one of the step before, whose update spoilt the parameters. */
function nanEnd(found: Divergence | null, steps: number, perEpoch: number): NanEnd {
  const step = found?.step ?? steps;
  const epoch = Math.floor((step - 1) / perEpoch);
  return {
    epoch,
    step,
    operation: found?.operation ?? null,
    site: found === null || found.site === "" ? null : found.site,
  };
}

function checkCounts(name: string, planned: Counts, found: Counts): void {
  if (planned.train === found.train && planned.test === found.test) return;
  const [expected, got] = [planned, found].map(({ train, test }) => `${train} + ${test}`) as [string, string];
  const problem = `${name} is not the set that the job was planned with`;
  const remedy = "name the same folder by NONSMOOTH_DATA, or plan again";
  throw new AdError({ code: "data", where: "training", problem, expected, got, remedy });
}
