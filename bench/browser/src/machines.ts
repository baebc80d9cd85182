// The machines of the page: one for each mode, opened when it is asked for, and never another one.
import { type GpuMachine, type GpuMode, gpu } from "@nonsmooth/ad-gpu";

const opened = new Map<GpuMode, Promise<GpuMachine>>();

/**
 * Opens the machine of a mode, once.
 *
 * @throws AdError "missing", in the promise, where the browser has no such mode
 */
export function machineOf(mode: GpuMode): Promise<GpuMachine> {
  const found = opened.get(mode) ?? gpu({ mode });
  opened.set(mode, found);
  found.catch(() => opened.delete(mode));
  return found;
}

/** Frees the machine of a mode after a failure: the next run opens it anew. */
export function giveUp(mode: GpuMode): void {
  opened.get(mode)?.then(
    (machine) => machine.dispose(),
    () => {},
  );
  opened.delete(mode);
}

/** What the adapter calls itself, and whether it is a real one. */
export function adapterText({ adapter, mode }: GpuMachine): string {
  if (adapter === null) return `none: mode ${mode} computes on the CPU`;
  const { vendor, architecture, device, description, isSoftware } = adapter;
  const names = [vendor, architecture, device, description].filter((name) => name !== "").join(" ");
  return `${names || "one that hides its name"}${isSoftware ? ", which computes on the CPU" : ""}`;
}
