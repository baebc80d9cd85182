/** The optimizers that the command knows, by name, with schedules and clipping. */
import { AdError, div, floor, mul, type Tensor, tensor } from "@nonsmooth/ad-core";
import {
  adam,
  adamW,
  chain,
  clipByGlobalNorm,
  clipByValue,
  constant,
  cosine,
  dinAdam,
  inna,
  innaprop,
  inversePower,
  linearWarmup,
  momentum,
  nadam,
  type Optimizer,
  rmsprop,
  type Schedule,
  sgd,
  step,
} from "@nonsmooth/nets";
import { found } from "./tables.ts";

/** Which optimizer, and how its rate changes. */
export interface OptimizerPlan {
  readonly optimizer: string;
  /** Numbers of the optimizer, by the names of its options. */
  readonly settings: Readonly<Record<string, number>>;
  /** `constant`, or as {@link scheduleForms} says. */
  readonly schedule: string;
  /** Epochs in which the rate rises from 0, or nearly; part of one if not whole. */
  readonly warmup: number;
  /** The largest length of a gradient; null for any. */
  readonly clipNorm: number | null;
  /** The largest number in a gradient; null for any. */
  readonly clipValue: number | null;
}

/** How long a run is. */
export interface Length {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}

type Settings = Readonly<Record<string, number>>;
type WithRate = Omit<Settings, "rate"> & { readonly rate: Schedule };

/** An optimizer of the command. */
interface Entry {
  /** The rate when none is given. */
  readonly rate: number;
  make(settings: WithRate): Optimizer;
}

const entry = (rate: number, make: (settings: never) => unknown): Entry => ({
  rate,
  make: (settings) => make(settings as never) as Optimizer,
});

/** Rates are those of the optimizers themselves, where they have one. */
const optimizers: Readonly<Record<string, Entry>> = {
  sgd: entry(0.1, sgd),
  momentum: entry(0.1, momentum),
  nesterov: entry(0.1, (settings: WithRate) => momentum({ ...settings, nesterov: true })),
  rmsprop: entry(0.01, rmsprop),
  adam: entry(1e-3, adam),
  adamw: entry(1e-3, adamW),
  nadam: entry(2e-3, nadam),
  inna: entry(0.1, inna),
  innaprop: entry(1e-3, innaprop),
  dinadam: entry(1e-3, dinAdam),
};

export const optimizerNames: readonly string[] = Object.keys(optimizers);

export const scheduleForms = "constant|cosine[:SHARE]|cosine-epochs[:SHARE]|step:EPOCHS[:FACTOR]|power[:EXPONENT]";

/** Schedules by name: from the rate, the steps after the warm-up, the steps of an epoch and the numbers after the name. */
const schedules: Readonly<
  Record<string, (rate: number, steps: number, perEpoch: number, numbers: readonly number[]) => Schedule>
> = {
  constant: (rate) => constant(rate),
  cosine: (rate, steps, _perEpoch, [share = 0]) => cosine({ rate, steps, floor: share * rate }),
  // The published runs change their rate after each epoch.
  "cosine-epochs": (rate, steps, perEpoch, [share = 0]) => {
    const at = cosine({ rate, steps, floor: share * rate });
    return Object.assign((count: Tensor) => at(mul(floor(div(count, perEpoch)), perEpoch)), { largest: rate });
  },
  step: (rate, _steps, perEpoch, [epochs = 1, factor = 0.1]) => step({ rate, every: epochs * perEpoch, factor }),
  power: (rate, _steps, _perEpoch, [exponent = 0.5]) => inversePower({ rate, exponent }),
};

function scheduleOf({ schedule, warmup }: OptimizerPlan, rate: number, { epochs, stepsPerEpoch }: Length): Schedule {
  const [name = "", ...texts] = schedule.split(":");
  const numbers = texts.map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
  if (!Object.hasOwn(schedules, name) || numbers.some((value) => !Number.isFinite(value)) || numbers.length > 2) {
    const [problem, remedy] = ["no such schedule", "check the spelling; what is in brackets may be left out"];
    throw new AdError({ code: "parse", where: "train", problem, expected: scheduleForms, got: schedule, remedy });
  }
  const rise = Math.round(warmup * stepsPerEpoch);
  const steps = Math.max(1, epochs * stepsPerEpoch - rise);
  const after = found("schedule", schedules, name)(rate, steps, stepsPerEpoch, numbers);
  return rise === 0 ? after : linearWarmup(after, { steps: rise, start: 1 / (rise + 1) });
}

/** The optimizer of a plan, and its rate at each step, counted from 0. */
export function optimizerOf(
  plan: OptimizerPlan,
  length: Length,
): { readonly optimizer: Optimizer; readonly rateAt: (count: number) => number } {
  const { rate: usual, make } = found("optimizer", optimizers, plan.optimizer);
  const { rate = usual, ...settings } = plan.settings;
  const schedule = scheduleOf(plan, rate, length);
  const own = make({ ...settings, rate: schedule } as WithRate);
  const { clipNorm, clipValue } = plan;
  const clipping: Optimizer[] = [
    ...(clipValue === null ? [] : [clipByValue(clipValue) as Optimizer]),
    ...(clipNorm === null ? [] : [clipByGlobalNorm(clipNorm) as Optimizer]),
  ];
  const optimizer = clipping.length === 0 ? own : (chain(...clipping, own) as Optimizer);
  const rateAt = (count: number): number => (schedule(tensor(count)) as Tensor).data[0] as number;
  return { optimizer, rateAt };
}
