// What a device does with a plan.
import type { Stage } from "../kernels/kernel.ts";
import type { Cell, Plan } from "../lowering/plan.ts";
import type { GpuMode } from "./library.ts";

/** What a device says about itself. */
export interface DeviceReport {
  /** As asked for. */
  readonly mode: GpuMode;
  /** The class of gpu.js whose kernels run. */
  readonly kernelClass: string;
  /** The adapter, where the mode has one. */
  readonly adapter: AdapterReport | null;
  /** The most numbers that one tensor may have. */
  readonly mostElements: number;
}

/** An adapter, as it calls itself. */
export interface AdapterReport {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** Whether it computes on the CPU. */
  readonly isSoftware: boolean;
}

/** A plan on a device, with memory of its own. */
export interface Session {
  /** Fills a cell before the next run. */
  write(cell: Cell, numbers: Float32Array): void;
  /** Runs all dispatches and reads some cells. */
  run(read: readonly Cell[]): Promise<Float32Array[]>;
  /** Reads a cell as it is. */
  read(cell: Cell): Promise<Float32Array>;
  /** Copies cells into others, all at once. */
  copy(moves: readonly (readonly [to: Cell, from: Cell])[]): void;
  /** Bytes of all cells. */
  readonly bytes: number;
  dispose(): void;
}

/** Somewhere plans run. */
export interface Device {
  readonly report: DeviceReport;
  /** How often one thread of a stage comes to the head of a loop at most, in what the device makes of it. */
  roundsOf(stage: Stage): number;
  /** Makes kernels and memory for a plan. */
  prepare(plan: Plan): Promise<Session>;
  /** Frees what the device keeps for later plans. */
  dispose(): void;
}
