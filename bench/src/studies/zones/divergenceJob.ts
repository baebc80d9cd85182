/** The kind `divergence`: two runs of training from the same weights on the same batches, and how far apart they come. */
import { setImmediate } from "node:timers/promises";
import type { Machine } from "@nonsmooth/ad-core";
import { createTrainer, sgd, softCrossEntropy, type Trainer } from "@nonsmooth/nets";
import type { JobContext, JobKind, Parameters } from "../../sweeps/job.ts";
import { anyText, type Read, readParameters, real, whole } from "../../sweeps/parameters.ts";
import { dtypesOf } from "../../training/formats.ts";
import { sharesDevice } from "../../training/gpuMachine.ts";
import { distanceOf } from "./differences.ts";
import { withMachines } from "./machines.ts";
import { type Mass, massOf, modelFor, type Setting } from "./network.ts";
import { noMachine, settingReaders } from "./parameters.ts";
import { choicesOf, type Side, sideOf } from "./sides.ts";

/** Parameters of a job of the kind `divergence`. */
export interface DivergenceParameters extends Setting {
  /** The sides, as `sideOf` reads them. */
  readonly one: string;
  readonly other: string;
  readonly seed: number;
  readonly epochs: number;
  /** Of plain stochastic gradient descent. */
  readonly rate: number;
  /** How many distances are noted, evenly over the steps. */
  readonly points: number;
}

const readers: { readonly [Name in keyof DivergenceParameters]: Read<DivergenceParameters[Name]> } = {
  ...settingReaders,
  ...{ one: anyText, other: anyText, seed: whole(0), epochs: whole(1), rate: real, points: whole(1) },
};

/** Reads and checks them. */
const divergenceParameters = (parameters: Parameters): DivergenceParameters =>
  readParameters("divergence", { ...noMachine, ...parameters }, readers);

/** How far apart two runs were after some steps. */
export interface Apart {
  readonly step: number;
  /** Sum of the absolute differences of all parameters; null when some are not finite. */
  readonly distance: number | null;
}

/** What a job found. */
export interface Divergence {
  readonly steps: number;
  readonly points: readonly Apart[];
  /** The first step after which a loss was not finite, on either side; null when all were. */
  readonly brokenAt: number | null;
  /** The losses of the last step before its update; null where they are not finite. */
  readonly losses: readonly [number | null, number | null];
}

export const divergenceKind: JobKind = { name: "divergence", run, sharesDevice };

async function run(parameters: Parameters, context: JobContext): Promise<Divergence> {
  const settings = divergenceParameters(parameters);
  const mass = await massOf(settings);
  const [one, other] = [sideOf(settings.one), sideOf(settings.other)];
  return withMachines(settings.machine, [one, other], async (machines) => {
    const trainers = [
      trainerFor(settings, one, mass, machines[0]),
      trainerFor(settings, other, mass, machines[1]),
    ] as const;
    try {
      return await followed(settings, mass, trainers, context);
    } finally {
      for (const trainer of trainers) await trainer.dispose();
    }
  });
}

/** Trains both from the same weights, a step of each in turn. */
async function followed(
  settings: DivergenceParameters,
  mass: Mass,
  [one, other]: readonly [Trainer, Trainer],
  { signal, progress }: JobContext,
): Promise<Divergence> {
  const steps = settings.epochs * mass.count;
  const points: Apart[] = [];
  let losses: [number, number] = [Number.NaN, Number.NaN];
  for (let step = 1; step <= steps; step++) {
    const batch = mass.at((step - 1) % mass.count);
    losses = [await one.step(batch), await other.step(batch)];
    if (isNoted(step, steps, settings.points)) points.push({ step, distance: await distanceBetween(one, other) });
    progress(step, steps, `${settings.one || "as it is"} and ${settings.other || "as it is"}`);
    await setImmediate();
    signal.throwIfAborted();
    if (!losses.every(Number.isFinite)) return ended(steps, points, step, losses);
  }
  return ended(steps, points, null, losses);
}

/** The steps are cut into as many equal parts, and the last of each is noted; so is the first of all. */
const isNoted = (step: number, steps: number, points: number): boolean =>
  step === 1 || Math.floor((step * points) / steps) > Math.floor(((step - 1) * points) / steps);

function ended(steps: number, points: Apart[], brokenAt: number | null, losses: readonly [number, number]): Divergence {
  const [a, b] = losses.map((loss) => (Number.isFinite(loss) ? loss : null));
  const last = brokenAt === null || points.at(-1)?.step === brokenAt ? [] : [{ step: brokenAt, distance: null }];
  return { steps, points: [...points, ...last], brokenAt, losses: [a ?? null, b ?? null] };
}

function trainerFor(settings: DivergenceParameters, side: Side, mass: Mass, machine: Machine): Trainer {
  const { model } = modelFor(settings, side, mass);
  const [, ...inputShape] = mass.loaded.train.shape;
  const { seed, rate } = settings;
  const { dtype, mixed } = dtypesOf(settings.format);
  return createTrainer({
    ...{ model, inputShape, optimizer: sgd({ rate }), seed, loss: softCrossEntropy },
    ...{ select: choicesOf(side), machine },
    ...{ dtype, ...(mixed === null ? {} : { mixed }) },
  });
}

const distanceBetween = async (one: Trainer, other: Trainer): Promise<number | null> =>
  distanceOf((await one.carry()).params, (await other.carry()).params).d1;
