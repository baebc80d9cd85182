/** A run before its first step: everything about its plan is checked, and nothing is written. */
import type { Select } from "@nonsmooth/ad-core";
import { createTrainer, softCrossEntropy, type Trainer, type TrainerOptions } from "@nonsmooth/nets";
import { loadData } from "../data/load.ts";
import { checkGpuPlan, isGpuName } from "./gpuMachine.ts";
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
  /** Opens the machine; {@link machineOf} when absent. */
  readonly open?: typeof machineOf;
}

/** A run that may begin. */
export interface PreparedRun {
  readonly samples: Samples;
  readonly trainer: Trainer;
  readonly rateAt: (count: number) => number;
  /** Frees the programs and the machine. */
  readonly release: () => Promise<void>;
}

/** Loads data and network, opens the machine, draws the weights and compiles the step. */
export async function prepareRun(plan: TrainingPlan, means: Means): Promise<PreparedRun> {
  if (isGpuName(plan.machine)) checkGpuPlan(plan);
  const network = await loadNetwork(plan);
  const data = loadData(plan.data, means.dataFolder);
  const samples = data.kind === "text" ? textSamples(plan, data) : imageSamples(plan, data);
  const { epochs, shuffled } = plan;
  const { optimizer, rateAt } = optimizerOf(plan, { epochs, stepsPerEpoch: samples.stepsPerEpoch });
  const { open = machineOf } = means;
  const machine = await open(plan.machine, means.threads, shuffled);
  try {
    const model = modelOf(plan, samples.form, network);
    const trainer = await trainerFor(plan, { model, optimizer, machine, samples, select: means.select });
    const release = async (): Promise<void> => {
      await trainer.dispose();
      machine.dispose?.();
    };
    return { samples, trainer, rateAt, release };
  } catch (error) {
    machine.dispose?.();
    throw error;
  }
}

/** What a trainer is made of, besides the numbers of a plan. */
interface Parts extends Pick<TrainerOptions, "model" | "optimizer" | "machine"> {
  readonly samples: Samples;
  readonly select: Select;
}

async function trainerFor(plan: TrainingPlan, { samples, select, ...parts }: Parts): Promise<Trainer> {
  const { seed, dtype, mixed, labelSmoothing: smoothing } = plan;
  const trainer = createTrainer({
    ...{ ...parts, inputShape: samples.inputShape, seed, dtype, select: selectOf(plan, select) },
    loss: (y, labels) => softCrossEntropy(y, labels, { smoothing }),
    ...(mixed === null ? {} : { mixed }),
  });
  await trainer.prepare(samples.batch(0, 0));
  return trainer;
}
