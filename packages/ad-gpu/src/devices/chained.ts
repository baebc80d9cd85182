// Kernels of gpu.js called one after the other: WebGL, and the modes that compute in the memory of the host.
import type { Stage } from "../kernels/kernel.ts";
import type { Cell, Dispatch, Plan } from "../lowering/plan.ts";
import type { Device, DeviceReport, Session } from "./device.ts";
import { lostDevice, mostElements, notAsAsked, refusedByDevice, tooManyElements } from "./errors.ts";
import { createKernel, type GpuMode, gpuJs, type Handle, type Instance, type KernelFunction } from "./library.ts";

/** A kernel that copies what it is given: the way of numbers onto the device. */
const copySource = "function kernel(a0) {\n  return a0[this.thread.x];\n}";

/** A device of any mode whose kernels answer with results that stay there. */
export class ChainedDevice implements Device {
  readonly report: DeviceReport;
  private readonly instance: Instance;
  private readonly mode: GpuMode;
  private readonly kernels = new Map<string, KernelFunction>();

  constructor(mode: GpuMode, instance: Instance, report: Omit<DeviceReport, "mode" | "mostElements">) {
    this.mode = mode;
    this.instance = instance;
    this.report = { mode, ...report, mostElements };
  }

  roundsOf({ rounds }: Stage): number {
    return rounds;
  }

  async prepare(plan: Plan): Promise<Session> {
    for (const size of plan.sizes) if (size > mostElements) throw tooManyElements(size, mostElements);
    return new ChainedSession(plan, this);
  }

  /** Runs a kernel, which is made when it is met first for such sizes; its result stays on the device. */
  async call(source: string, size: number, args: readonly unknown[], sizes: readonly number[]): Promise<Handle> {
    const key = `${size} of ${sizes}: ${source}`;
    const kernel = this.kernels.get(key) ?? createKernel(this.instance, source, size);
    this.kernels.set(key, kernel);
    const result = await this.answered(() => kernel(...args) as Handle);
    const { constructor: made, fallbackReason } = kernel.kernel;
    if (made !== this.instance.Kernel) throw notAsAsked(this.mode, `${made.name}: ${fallbackReason ?? "no reason"}`);
    return result;
  }

  /** What gpu.js answers, or why it does not. A context of WebGL that was lost answers with zeros. */
  async answered<T>(ask: () => T | Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      this.checkAlive();
      throw refusedByDevice(error instanceof Error ? error.message : String(error));
    }
  }

  checkAlive(): void {
    if (this.instance.context?.isContextLost?.()) throw lostDevice("the context of WebGL was lost");
  }

  upload(numbers: Float32Array): Promise<Handle> {
    const filled = numbers.length === 0 ? new Float32Array(1) : numbers;
    return this.call(copySource, filled.length, [gpuJs.input(filled, [filled.length])], [filled.length]);
  }

  dispose(): void {
    for (const { kernel } of this.kernels.values()) kernel.destroy();
    this.kernels.clear();
    this.instance.destroy();
  }
}

/** Handles of a plan: those that nothing reads any more are given back at once. */
class ChainedSession implements Session {
  private readonly plan: Plan;
  private readonly device: ChainedDevice;
  private readonly handles = new Map<Cell, Handle>();
  private readonly waiting = new Map<Cell, Float32Array>();
  /** Cells that nothing reads after each dispatch. */
  private readonly done: readonly (readonly Cell[])[];
  readonly bytes: number;

  constructor(plan: Plan, device: ChainedDevice) {
    this.plan = plan;
    this.device = device;
    this.done = lastReads(plan);
    this.bytes = 4 * plan.sizes.reduce((sum, size) => sum + size, 0);
    for (const [cell, numbers] of plan.constants) this.waiting.set(cell, numbers);
  }

  write(cell: Cell, numbers: Float32Array): void {
    this.waiting.set(cell, Float32Array.from(numbers));
  }

  async run(read: readonly Cell[]): Promise<Float32Array[]> {
    await this.upload();
    for (const [k, { stage, reads, writes }] of this.plan.dispatches.entries()) {
      const args = reads.map((cell) => this.handles.get(cell));
      const sizes = reads.map((cell) => this.plan.sizes[cell] as number);
      this.put(writes, await this.device.call(stage.source, stage.size, args, sizes));
      for (const cell of this.done[k] as readonly Cell[]) this.free(cell);
    }
    const found: Float32Array[] = [];
    for (const cell of read) found.push(await this.numbersOf(cell));
    return found;
  }

  async read(cell: Cell): Promise<Float32Array> {
    await this.upload();
    return this.numbersOf(cell);
  }

  copy(moves: readonly (readonly [to: Cell, from: Cell])[]): void {
    const moved = moves.map(([to, from]) => [to, cloned(this.handles.get(from))] as const);
    for (const [to, handle] of moved) if (handle) this.put(to, handle);
  }

  dispose(): void {
    for (const cell of [...this.handles.keys()]) this.free(cell);
    this.waiting.clear();
  }

  private async upload(): Promise<void> {
    for (const [cell, numbers] of this.waiting) {
      this.waiting.delete(cell);
      this.put(cell, await this.device.upload(numbers));
    }
  }

  private put(cell: Cell, handle: Handle): void {
    this.free(cell);
    this.handles.set(cell, handle);
  }

  private free(cell: Cell): void {
    const handle = this.handles.get(cell);
    if (handle && "delete" in handle) handle.delete();
    this.handles.delete(cell);
  }

  private async numbersOf(cell: Cell): Promise<Float32Array> {
    const size = this.plan.sizes[cell] as number;
    if (size === 0) return new Float32Array(0);
    const handle = this.handles.get(cell) as Handle;
    const numbers = await this.device.answered(() => ("toArray" in handle ? handle.toArray() : handle));
    this.device.checkAlive();
    return Float32Array.from(numbers as ArrayLike<number>);
  }
}

/** Another handle of the same numbers. Plain arrays are never written again. */
function cloned(handle: Handle | undefined): Handle | undefined {
  if (handle && "clone" in handle) return (handle as { clone(): Handle }).clone();
  return handle;
}

function lastReads({ dispatches, kept }: Plan): Cell[][] {
  const last = new Map<Cell, number>();
  dispatches.forEach(({ reads, writes }: Dispatch, k) => {
    for (const cell of [...reads, writes]) if (!kept.has(cell)) last.set(cell, k);
  });
  const done = dispatches.map((): Cell[] => []);
  for (const [cell, k] of last) done[k]?.push(cell);
  return done;
}
