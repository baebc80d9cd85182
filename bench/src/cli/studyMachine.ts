/** `--machine` of the commands that make sweeps: wasm, or the GPU that NONSMOOTH_GPU says. */
import { Option } from "commander";
import { type GpuName, gpuAsked, openGpu } from "../training/gpuMachine.ts";
import { positiveWhole } from "./options.ts";

/** Machines of studies, as the command line names them. */
export type StudyMachine = "wasm" | "gpu";

export const machineOption = (): Option =>
  new Option("--machine <name>", "what computes; gpu as NONSMOOTH_GPU says").choices(["wasm", "gpu"]).default("wasm");

export const threadsOption = (): Option =>
  new Option("--threads <n>", "jobs at a time; as many as cores when absent, 1 on a GPU").argParser(positiveWhole);

/** The machine of a plan, where it is not wasm. */
export const machineOfPlan = (word: StudyMachine): { readonly machine?: GpuName } =>
  word === "gpu" ? { machine: gpuAsked() } : {};

/**
 * Without a device no job is begun.
 *
 * @throws AdError "missing" when there is none
 */
export async function checkDevice({ machine }: { readonly machine?: GpuName }, planOnly?: true): Promise<void> {
  if (machine !== undefined && !planOnly) (await openGpu(machine)).dispose();
}
