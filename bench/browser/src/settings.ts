// What the form of the page says, as numbers.
import { AdError } from "@nonsmooth/ad-core";
import { type GpuMode, gpuModes } from "@nonsmooth/ad-gpu";
import { type PoolRule, poolRules } from "./choices.ts";

/** Everything that a run depends on. */
export interface Settings {
  readonly mode: GpuMode;
  /** `ReLU'(0)`. */
  readonly slope: number;
  readonly pool: PoolRule;
  /** For the rules that have it. */
  readonly beta: number;
  readonly seed: number;
  readonly batch: number;
  readonly rate: number;
  readonly epochs: number;
  /** Images to train with. */
  readonly images: number;
  /** Other images, to test with. */
  readonly tests: number;
}

/** A number that a field must hold. */
interface Field {
  readonly expected: string;
  readonly holds: (value: number) => boolean;
}

const whole = (least: number): Field => ({
  expected: `a whole number from ${least} on`,
  holds: (value) => Number.isSafeInteger(value) && value >= least,
});
const finite: Field = { expected: "a number", holds: Number.isFinite };
const positive: Field = { expected: "a number above 0", holds: (value) => Number.isFinite(value) && value > 0 };

/** The settings of a form whose fields have their names. */
export function settingsFrom(form: FormData): Settings {
  const text = (name: keyof Settings): string => String(form.get(name) ?? "").trim();
  const number = (name: keyof Settings, { expected, holds }: Field): number => {
    const value = text(name) === "" ? Number.NaN : Number(text(name));
    if (!holds(value)) throw badField(name, expected, text(name));
    return value;
  };
  return {
    ...{ mode: named("mode", gpuModes, text("mode")), pool: named("pool", Object.keys(poolRules), text("pool")) },
    ...{ slope: number("slope", finite), beta: number("beta", finite), rate: number("rate", positive) },
    ...{ seed: number("seed", whole(0)), batch: number("batch", whole(1)) },
    ...{ epochs: number("epochs", whole(1)), images: number("images", whole(1)) },
    tests: number("tests", whole(1)),
  };
}

function named<Name extends string>(field: string, names: readonly string[], got: string): Name {
  if (names.includes(got)) return got as Name;
  throw badField(field, names.join(", "), got);
}

const badField = (name: string, expected: string, got: string): AdError =>
  new AdError({
    ...{ code: "domain", where: "page", problem: `${name} is not usable`, expected, got: got || "nothing" },
    remedy: "change the field and start again",
  });
