// One plan with buffers of its own on a device of WebGPU.
import type { Cell, Dispatch, Plan } from "../../lowering/plan.ts";
import type { Session } from "../device.ts";
import { type Slots, slotsOf } from "./buffers.ts";
import { type Groups, threadsAcross } from "./groups.ts";
import type { WatchedDevice } from "./watched.ts";

/** A compiled kernel, and how many groups of threads it takes. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly groups: Groups;
}

/** Bits of `GPUBufferUsage`, which is no global everywhere. */
const usage = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 } as const;

/** Uniforms begin at multiples of so many bytes on every device. */
const uniformBytes = 256;

export class WebGpuSession implements Session {
  readonly bytes: number;
  private readonly plan: Plan;
  private readonly watched: WatchedDevice;
  private readonly slots: Slots;
  private readonly buffers: readonly GPUBuffer[];
  private readonly uniforms: GPUBuffer;
  private readonly pipelines: readonly Pipeline[];
  private readonly groups: readonly GPUBindGroup[];
  private staging: GPUBuffer | null = null;
  private isFresh = true;

  constructor(plan: Plan, watched: WatchedDevice, pipelines: readonly Pipeline[]) {
    this.plan = plan;
    this.watched = watched;
    this.pipelines = pipelines;
    this.slots = slotsOf(plan);
    const { device } = watched;
    const all = usage.storage | usage.copySource | usage.copyTarget;
    this.buffers = this.slots.sizes.map((size) => device.createBuffer({ size: 4 * Math.max(1, size), usage: all }));
    this.bytes = 4 * this.slots.sizes.reduce((sum, size) => sum + size, 0);
    const size = uniformBytes * Math.max(1, plan.dispatches.length);
    this.uniforms = device.createBuffer({ size, usage: usage.uniform | usage.copyTarget });
    plan.dispatches.forEach((dispatch, k) => {
      device.queue.writeBuffer(this.uniforms, k * uniformBytes, this.uniformOf(dispatch, pipelines[k] as Pipeline));
    });
    this.groups = plan.dispatches.map((dispatch, k) => this.groupOf(dispatch, k, pipelines[k] as Pipeline));
    for (const [cell, numbers] of plan.constants) this.write(cell, numbers);
  }

  write(cell: Cell, numbers: Float32Array): void {
    if (numbers.length === 0) return;
    this.watched.device.queue.writeBuffer(this.bufferOf(cell), 0, numbers as Float32Array<ArrayBuffer>);
  }

  run(read: readonly Cell[]): Promise<Float32Array[]> {
    return this.ask(read, (encoder) => {
      const pass = encoder.beginComputePass();
      this.pipelines.forEach(({ pipeline, groups }, k) => {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, this.groups[k] as GPUBindGroup);
        pass.dispatchWorkgroups(...groups);
      });
      pass.end();
    });
  }

  async read(cell: Cell): Promise<Float32Array> {
    const [numbers] = await this.ask([cell], () => {});
    return numbers as Float32Array;
  }

  copy(moves: readonly (readonly [to: Cell, from: Cell])[]): void {
    if (moves.length === 0) return;
    const { device } = this.watched;
    const encoder = device.createCommandEncoder();
    const written = new Set(moves.map(([to]) => to));
    const between: GPUBuffer[] = [];
    // What would be overwritten before it is read goes by way of a buffer of its own.
    const sources = moves.map(([, from]) => {
      if (!written.has(from)) return this.bufferOf(from);
      const buffer = device.createBuffer({ size: this.bytesOf(from), usage: usage.copySource | usage.copyTarget });
      between.push(buffer);
      if (this.bytesOf(from) > 0) encoder.copyBufferToBuffer(this.bufferOf(from), 0, buffer, 0, this.bytesOf(from));
      return buffer;
    });
    moves.forEach(([to], i) => {
      const bytes = this.bytesOf(to);
      if (bytes > 0) encoder.copyBufferToBuffer(sources[i] as GPUBuffer, 0, this.bufferOf(to), 0, bytes);
    });
    device.queue.submit([encoder.finish()]);
    for (const buffer of between) buffer.destroy();
  }

  dispose(): void {
    for (const buffer of [...this.buffers, this.uniforms]) buffer.destroy();
    this.staging?.destroy();
  }

  private bytesOf(cell: Cell): number {
    return 4 * (this.plan.sizes[cell] as number);
  }

  private bufferOf(cell: Cell): GPUBuffer {
    return this.buffers[this.slots.of[cell] as number] as GPUBuffer;
  }

  /** Sends commands, and reads cells when they are done: one submission and one answer. */
  private async ask(read: readonly Cell[], command: (encoder: GPUCommandEncoder) => void): Promise<Float32Array[]> {
    this.watched.checkAlive();
    const { device } = this.watched;
    const bytes = read.map((cell) => this.bytesOf(cell));
    const total = bytes.reduce((sum, n) => sum + n, 0);
    const send = async (): Promise<Float32Array[]> => {
      const staging = this.stagingOf(total);
      const encoder = device.createCommandEncoder();
      command(encoder);
      let at = 0;
      read.forEach((cell, i) => {
        if (bytes[i] !== 0) encoder.copyBufferToBuffer(this.bufferOf(cell), 0, staging, at, bytes[i] as number);
        at += bytes[i] as number;
      });
      device.queue.submit([encoder.finish()]);
      if (total === 0) {
        await device.queue.onSubmittedWorkDone();
        return read.map(() => new Float32Array(0));
      }
      await staging.mapAsync(1, 0, total);
      const copied = staging.getMappedRange(0, total).slice(0);
      staging.unmap();
      return split(copied, bytes);
    };
    const isFresh = this.isFresh;
    this.isFresh = false;
    const numbers = await this.watched.orLost(() => (isFresh ? this.watched.checked(send) : send()));
    this.watched.checkAlive();
    return numbers;
  }

  private stagingOf(bytes: number): GPUBuffer {
    if (this.staging && this.staging.size >= bytes) return this.staging;
    this.staging?.destroy();
    const size = Math.max(4, bytes);
    this.staging = this.watched.device.createBuffer({ size, usage: usage.mapRead | usage.copyTarget });
    return this.staging;
  }

  /** The sizes of the result and of each array, as gpu.js lays them out. */
  private uniformOf({ stage, reads }: Dispatch, { groups }: Pipeline): Uint32Array<ArrayBuffer> {
    const numbers = [stage.size, 1, 1, threadsAcross(groups)];
    for (const cell of reads) {
      const size = this.plan.sizes[cell] as number;
      numbers.push(size, 1, 1, size);
    }
    return Uint32Array.from(numbers);
  }

  private groupOf({ reads, writes }: Dispatch, k: number, { layout }: Pipeline): GPUBindGroup {
    const bytes = 16 * (1 + reads.length);
    const uniform = { binding: 0, resource: { buffer: this.uniforms, offset: k * uniformBytes, size: bytes } };
    const arrays = [...reads, writes].map((cell, i) => ({ binding: i + 1, resource: { buffer: this.bufferOf(cell) } }));
    return this.watched.device.createBindGroup({ layout, entries: [uniform, ...arrays] });
  }
}

/** Parts of a buffer. */
function split(buffer: ArrayBuffer, bytes: readonly number[]): Float32Array[] {
  let at = 0;
  return bytes.map((n) => {
    const part = new Float32Array(buffer, at, n / 4);
    at += n;
    return part;
  });
}
