/** The machines that a run may choose, by name. */
import { availableParallelism } from "node:os";
import { type Machine, reference } from "@nonsmooth/ad-core";
import { wasm } from "@nonsmooth/ad-wasm";

export type MachineName = "wasm" | "reference";

/** The one that is taken when none is named comes first. */
const machines: Readonly<Record<MachineName, (threads: number) => Machine>> = {
  wasm: (threads) => wasm({ threads }),
  reference: () => reference(),
};

export const machineNames = Object.keys(machines) as readonly MachineName[];

/** As many threads as help: one for each core, up to 8. */
export const usualThreads = (): number => Math.min(8, availableParallelism());

/** A machine by name. Threads change no bit of a result, so they are no part of a plan. */
export const machineOf = (name: MachineName, threads: number): Machine => machines[name](threads);
