/** The machines that a run may choose, by name. */
import { availableParallelism } from "node:os";
import { AdError, type Machine, reference } from "@nonsmooth/ad-core";
import { wasm } from "@nonsmooth/ad-wasm";

export type MachineName = "wasm" | "reference";

/** The order of sums, where it is not the stated one. */
type Order = { readonly shuffled?: number };

/** The one that is taken when none is named comes first. */
const machines: Readonly<Record<MachineName, (threads: number, order: Order) => Machine>> = {
  wasm: (threads, order) => wasm({ threads, wide: isWideAsked(), ...order }),
  reference: (_threads, order) => reference(order),
};

export const machineNames = Object.keys(machines) as readonly MachineName[];

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
export const machineOf = (name: MachineName, threads: number, shuffled: number | null = null): Machine =>
  machines[name](threads, shuffled === null ? {} : { shuffled });
