/** The machines that a run may choose, by name. */
import { availableParallelism } from "node:os";
import { AdError, type Machine, reference } from "@nonsmooth/ad-core";
import { wasm } from "@nonsmooth/ad-wasm";
import { type GpuName, gpuAsked, isGpuName, openGpu } from "./gpuMachine.ts";

/** A machine as a plan names it: everything about it that changes bits. */
export type MachineName = "wasm" | "reference" | GpuName;

/** A machine as the command line names it. */
export type MachineWord = "wasm" | "reference" | "gpu";

/** A machine that may have something to free. */
export interface OpenMachine extends Machine {
  readonly dispose?: () => void;
}

/** The order of sums, where it is not the stated one. */
type Order = { readonly shuffled?: number };

type Open = (threads: number, order: Order) => OpenMachine | Promise<OpenMachine>;

/** The one that is taken when none is named comes first. */
const machines: Readonly<Record<Exclude<MachineName, GpuName>, Open>> = {
  wasm: (threads, order) => wasm({ threads, wide: isWideAsked(), ...order }),
  reference: (_threads, order) => reference(order),
};

export const machineWords: readonly MachineWord[] = ["wasm", "reference", "gpu"];

/** The name for a plan: where a GPU is asked for, the environment says which. */
export const machineNamed = (word: MachineWord): MachineName => (word === "gpu" ? gpuAsked() : word);

/** As many threads as help: one for each core, up to 8. */
export const usualThreads = (): number => Math.min(8, availableParallelism());

/** Whether NONSMOOTH_WIDE asks for vectors of 256 bits. They change no bit of a result, so they are no part of a plan. */
export function isWideAsked(): boolean {
  const got = process.env.NONSMOOTH_WIDE ?? "";
  if (["", "0", "1"].includes(got)) return got === "1";
  const [where, problem, expected] = ["NONSMOOTH_WIDE", "not a condition", "1 or 0"];
  throw new AdError({ code: "domain", where, problem, expected, got, remedy: "set it to 1, or unset it" });
}

/** Why the machine wasm has no such vectors although they were asked for; null when it has them, or nobody asked. */
export const whyNotWide = (): string | null => (isWideAsked() ? wasm({ wide: true }).wideReason : null);

/** A machine by name and the seed of its sums. Threads change no bit of a result, so they are no part of a plan. */
export const machineOf = async (
  name: MachineName,
  threads: number,
  shuffled: number | null = null,
): Promise<OpenMachine> =>
  isGpuName(name)
    ? openGpu(name, shuffled ?? undefined)
    : machines[name](threads, shuffled === null ? {} : { shuffled });
