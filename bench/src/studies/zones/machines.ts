/** The machines on which the two sides of a comparison are computed. */
import type { Machine } from "@nonsmooth/ad-core";
import type { GpuName } from "../../training/gpuMachine.ts";
import { machineOf, type OpenMachine } from "../../training/machines.ts";
import type { Side } from "./sides.ts";

/** One for each side. */
export type Machines = readonly [one: Machine, other: Machine];

/**
 * Opens a machine for the order of sums of each side, and frees both when the work is done. On `wasm`, which null stands for,
 * with one thread: the jobs of a sweep run beside each other.
 *
 * @throws AdError "missing" when there is no such device, and whatever the work throws
 */
export async function withMachines<T>(
  name: GpuName | null,
  sides: readonly [Side, Side],
  work: (machines: Machines) => Promise<T>,
): Promise<T> {
  const opened: OpenMachine[] = [];
  try {
    for (const { shuffled } of sides) opened.push(await machineOf(name ?? "wasm", 1, shuffled));
    return await work(opened as unknown as Machines);
  } finally {
    for (const machine of opened) machine.dispose?.();
  }
}
