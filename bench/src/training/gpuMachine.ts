/** The machine on a GPU, as the command opens it: the environment says where it runs, and a plan keeps what it said. */
import { AdError, type CompileOptions, type ProgramData } from "@nonsmooth/ad-core";
import { shuffleSums } from "@nonsmooth/ad-core/machines";
import type { GpuMachine, GpuOptions } from "@nonsmooth/ad-gpu";

/** What NONSMOOTH_GPU may say. */
type Choice = "webgpu" | "webgpu-software" | "webgl2" | "headlessgl" | "webasm" | "cpu";

const choices: Readonly<Record<Choice, GpuOptions>> = {
  webgpu: { mode: "webgpu" },
  "webgpu-software": { mode: "webgpu", adapter: "software" },
  webgl2: { mode: "webgl2" },
  headlessgl: { mode: "headlessgl" },
  webasm: { mode: "webasm" },
  cpu: { mode: "cpu" },
};

/** The machine in a plan, with where it runs: modes round in different ways. */
export type GpuName = `gpu:${Choice}`;

export const gpuNames: readonly GpuName[] = (Object.keys(choices) as Choice[]).map(
  (choice): GpuName => `gpu:${choice}`,
);

/** Whether a name in a plan is one of this machine. */
export const isGpuName = (name: string): name is GpuName => (gpuNames as readonly string[]).includes(name);

/** Whether a job with these parameters computes on a GPU. */
export const sharesDevice = ({ machine }: Readonly<Record<string, unknown>>): boolean =>
  typeof machine === "string" && isGpuName(machine);

/** The machine that NONSMOOTH_GPU asks for; WebGPU on the real GPU when it says nothing. */
export function gpuAsked(): GpuName {
  const got = process.env.NONSMOOTH_GPU || "webgpu";
  if (Object.hasOwn(choices, got)) return `gpu:${got as Choice}`;
  const [where, problem, expected] = ["NONSMOOTH_GPU", "no such mode", Object.keys(choices).join(", ")];
  throw new AdError({ code: "domain", where, problem, expected, got, remedy: "set it to one of them, or unset it" });
}

/**
 * Opens a machine by its name in a plan, with sums in an order that a seed draws if there is one.
 *
 * @throws AdError "missing" when there is no such device
 */
export async function openGpu(name: GpuName, shuffled?: number): Promise<GpuMachine> {
  const asked = choices[name.slice("gpu:".length) as Choice];
  // Commands that need no GPU do not wait for it.
  const { gpu } = await import("@nonsmooth/ad-gpu");
  const machine = await gpu(asked);
  if (shuffled === undefined) return machine;
  const compile = (program: ProgramData, options?: CompileOptions) =>
    machine.compile(shuffleSums(program, shuffled), options);
  return { ...machine, compile };
}

/** Whether an error says that there is no device here. */
export const isMissingDevice = (error: unknown): boolean =>
  error instanceof AdError && error.code === "missing" && error.where === "gpu";

/** Refuses other formats before a device is opened; `option` is what chose the format, such as `--dtype`. */
export function checkGpuFormat(where: string, option: string, format: string): void {
  if (format !== "f32") throw otherFormat(where, [`${option} f32`, format], `pass ${option} f32`);
}

/** What of a plan says how wide its numbers are. */
interface PrecisionPlan {
  readonly dtype: string;
  readonly mixed: { readonly dtype: string } | null;
  readonly clipNorm: number | null;
}

/** Refuses a plan with what the machine does not compute in, before anything is done. */
export function checkGpuPlan(plan: PrecisionPlan): void {
  const { dtype, mixed, clipNorm } = plan;
  checkGpuFormat("train", "--dtype", dtype);
  if (mixed !== null) throw otherFormat("train", ["layers in f32", `layers in ${mixed.dtype}`], "leave --mixed out");
  // The norm of all gradients together is taken in f64.
  if (clipNorm !== null) throw otherFormat("train", ["no norm in f64", "--clip-norm"], "pass --clip-value");
}

function otherFormat(where: string, [expected, got]: readonly [string, string], remedy: string): AdError {
  const problem = "the machine gpu computes in 32 bits";
  return new AdError({ code: "dtype", where, problem, expected, got, remedy: `${remedy}, or take --machine wasm` });
}
