/** The choice of a run: as the layers of a plan, and read off them again. */
import type { Parameters } from "../../sweeps/job.ts";
import type { Form, TrainingSetting } from "./request.ts";

/** A form with its number. */
export interface Choice {
  readonly form: Form;
  readonly value: number;
}

/** The pooling or activation of each form, as a plan has it. */
const names: Readonly<Record<Form, readonly ["pool" | "activation", string]>> = {
  coded: ["pool", "beta-coded"],
  fused: ["pool", "beta"],
  multiply: ["activation", "relu"],
  assign: ["activation", "relu-assign"],
};

/** The layers of a plan. */
export function layersOf({ form, value }: Choice): {
  readonly pool: string | null;
  readonly activation: string | null;
} {
  const [layer, name] = names[form];
  return { pool: null, activation: null, [layer]: `${name}:${value}` };
}

/** The choice of a job; null when it has none of these. */
function choiceOf({ pool, activation }: Parameters): Choice | null {
  for (const form of Object.keys(names) as Form[]) {
    const [layer, name] = names[form];
    const [found, value] = `${layer === "pool" ? pool : activation}`.split(":");
    if (found === name && value !== undefined) return { form, value: Number(value) };
  }
  return null;
}

/** A run: its setting, its choice and its seed. */
export interface RunSetting extends TrainingSetting, Choice {
  readonly seed: number;
}

/** The run that a job is; null for a job of another study. */
export function runSettingOf(parameters: Parameters): RunSetting | null {
  const choice = choiceOf(parameters);
  if (choice === null) return null;
  const { model, data, optimizer, batchNorm, dtype, mixed, seed } = parameters;
  const format = mixed === null ? dtype : "mixed";
  const name = optimizer === "momentum" ? "sgd" : optimizer;
  return { ...choice, network: model, data, optimizer: name, batchNorm, format, seed } as RunSetting;
}
