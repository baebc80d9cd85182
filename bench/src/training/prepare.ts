/** A run before its first step: everything about its plan is checked, and nothing is written. */
import type { Select } from "@nonsmooth/ad-core";
import { createTrainer, softCrossEntropy, type Trainer } from "@nonsmooth/nets";
import { loadData } from "../data/load.ts";
import { machineOf } from "./machines.ts";
import { modelOf, selectOf } from "./models.ts";
import { optimizerOf } from "./optimizers.ts";
import type { TrainingPlan } from "./plan.ts";
import { imageSamples, type Samples, textSamples } from "./samples.ts";
import { loadNetwork } from "./userNetwork.ts";

/** What a run needs besides its plan; none of it changes a bit of the result. */
export interface Means {
  readonly dataFolder: string | undefined;
  /** What the user selects, besides the choices of the plan's layers. */
  readonly select: Select;
  readonly threads: number;
}

/** A run that may begin. */
export interface PreparedRun {
  readonly samples: Samples;
  readonly trainer: Trainer;
  readonly rateAt: (count: number) => number;
}

/** Loads data and network, draws the weights and compiles the step. */
export async function prepareRun(plan: TrainingPlan, { dataFolder, select, threads }: Means): Promise<PreparedRun> {
  const network = await loadNetwork(plan);
  const data = loadData(plan.data, dataFolder);
  const samples = data.kind === "text" ? textSamples(plan, data) : imageSamples(plan, data);
  const { epochs, seed, dtype, mixed, labelSmoothing: smoothing } = plan;
  const { optimizer, rateAt } = optimizerOf(plan, { epochs, stepsPerEpoch: samples.stepsPerEpoch });
  const trainer = createTrainer({
    ...{ model: modelOf(plan, samples.form, network), inputShape: samples.inputShape, optimizer, seed, dtype },
    select: selectOf(plan, select),
    loss: (y, labels) => softCrossEntropy(y, labels, { smoothing }),
    machine: machineOf(plan.machine, threads, plan.shuffled),
    ...(mixed === null ? {} : { mixed }),
  });
  await trainer.prepare(samples.batch(0, 0));
  return { samples, trainer, rateAt };
}
