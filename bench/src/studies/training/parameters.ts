/** Plans of training as parameters of a job: flat, with `size.NAME` and `set.NAME` for sizes and settings by name. */
import { dataNames } from "../../data/catalogue.ts";
import type { Parameters } from "../../sweeps/job.ts";
import { anyText, condition, oneOf, orNull, readParameters, real, text, whole } from "../../sweeps/parameters.ts";
import { gpuNames, isGpuName } from "../../training/gpuMachine.ts";
import { optimizerNames } from "../../training/optimizers.ts";
import type { TrainingPlan } from "../../training/plan.ts";

/** How many images or tokens a data set has in the folder at hand: a part of a set has other results than the whole one. */
export interface Counts {
  readonly train: number;
  readonly test: number;
}

/** A plan, with what its data must be. */
export interface PlannedRun {
  readonly plan: TrainingPlan;
  readonly counts: Counts;
}

const readers = {
  model: text,
  modelSha256: orNull(text),
  batchNorm: condition,
  /** How weights begin, if not in the model's own way. */
  weights: orNull(oneOf(["volume"])),
  activation: orNull(text),
  pool: orNull(text),
  data: oneOf(dataNames),
  dataTrain: whole(1),
  dataTest: whole(1),
  limit: orNull(whole(1)),
  crop: whole(0),
  flip: condition,
  epochs: whole(1),
  batch: whole(1),
  seed: whole(0),
  dtype: oneOf(["f64", "f32", "f16", "bf16"]),
  mixed: orNull(oneOf(["f16", "bf16"])),
  lossScale: orNull(real),
  shuffled: orNull(whole(0)),
  labelSmoothing: real,
  /** Choices besides those of the layers, with spaces between them. */
  select: anyText,
  optimizer: oneOf(optimizerNames),
  schedule: text,
  warmup: real,
  clipNorm: orNull(real),
  clipValue: orNull(real),
  /** Not there for machines that change no bit. */
  machine: orNull(oneOf(gpuNames)),
};

/** What a job does not say: nothing is kept on the way. */
const fixed = { checkpointEvery: 1 } as const;

/** The parameters of a run. */
export function parametersOf({ plan, counts }: PlannedRun): Parameters {
  const { sizes, settings, mixed, select, machine, checkpointEvery, ...flat } = plan;
  return {
    ...{ modelSha256: null, weights: null, ...flat, select: select.join(" ") },
    ...{ dataTrain: counts.train, dataTest: counts.test },
    ...{ mixed: mixed?.dtype ?? null, lossScale: mixed?.scale ?? null },
    ...(isGpuName(machine) ? { machine } : {}),
    ...prefixed("size.", sizes),
    ...prefixed("set.", settings),
  };
}

/**
 * The run of parameters.
 *
 * @throws AdError "domain" for parameters that are missing, unknown, or out of their range
 */
export function plannedRun(parameters: Parameters): PlannedRun {
  const names = Object.keys(parameters).filter((name) => !/^(size|set)\./.test(name));
  const own = readParameters("training", { machine: null, ...picked(parameters, names) }, readers);
  const { modelSha256, weights, dataTrain, dataTest, mixed: dtype, lossScale, select: texts, machine, ...flat } = own;
  const mixed = dtype === null ? null : { dtype, ...(lossScale === null ? {} : { scale: lossScale }) };
  const [sizes, settings] = [unprefixed("size.", parameters), unprefixed("set.", parameters)];
  const maybe = { ...(modelSha256 === null ? {} : { modelSha256 }), ...(weights === null ? {} : { weights }) };
  const select = texts === "" ? [] : texts.split(" ");
  const plan = { ...flat, ...maybe, mixed, sizes, settings, select, machine: machine ?? ("wasm" as const), ...fixed };
  return { plan, counts: { train: dataTrain, test: dataTest } };
}

type Numbers = Readonly<Record<string, number>>;

const prefixed = (prefix: string, numbers: Numbers): Numbers =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`${prefix}${name}`, value]));

function unprefixed(prefix: string, parameters: Parameters): Numbers {
  const names = Object.keys(parameters).filter((name) => name.startsWith(prefix));
  const read = readParameters(
    "training",
    picked(parameters, names),
    Object.fromEntries(names.map((name) => [name, real])),
  );
  return Object.fromEntries(Object.entries(read).map(([name, value]) => [name.slice(prefix.length), value]));
}

const picked = (parameters: Parameters, names: readonly string[]): Parameters =>
  Object.fromEntries(names.map((name) => [name, parameters[name] ?? null]));
