// Plans on WebGPU: gpu.js translates kernels and owns the device; the dispatches of a run go to it at once.
import type { Stage } from "../../kernels/kernel.ts";
import type { Plan } from "../../lowering/plan.ts";
import type { AdapterReport, Device, DeviceReport, Session } from "../device.ts";
import { lostDevice, mostElements, notAsAsked, refusedByDevice, tooManyElements } from "../errors.ts";
import { createKernel, gpuJs, type Instance } from "../library.ts";
import { groupsOf } from "./groups.ts";
import { type Pipeline, WebGpuSession } from "./session.ts";

/** Stage that computes: a bit of `GPUShaderStage`, which is no global everywhere. */
const compute = 4;

export class WebGpuDevice implements Device {
  readonly report: DeviceReport;
  readonly device: GPUDevice;
  /** Pipelines by their shaders: kernels of one text are one. */
  private readonly pipelines = new Map<string, Promise<Pipeline>>();
  private readonly translated = new Map<string, string>();
  private readonly layouts = new Map<number, GPUBindGroupLayout>();
  private readonly translator: Instance = new gpuJs.GPU({ mode: "webgpu" });
  /** Why the device is no more; null while it lives. */
  lost: string | null = null;
  /** The first error that nobody asked for. */
  private uncaptured: string | null = null;
  /** Those who wait for an answer of the device, which it does not give once it is lost. */
  private readonly waiting = new Set<(reason: unknown) => void>();

  constructor(device: GPUDevice, adapter: AdapterReport) {
    this.device = device;
    const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
    const most = Math.min(mostElements, Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / 4));
    this.report = { mode: "webgpu", kernelClass: "WebGPUKernel", adapter, mostElements: most };
    device.lost.then(({ message }) => {
      this.lost = message;
      for (const refuse of this.waiting) refuse(lostDevice(message));
    });
    // gpu.js would print errors, and go on with zeros.
    device.onuncapturederror = ({ error }) => {
      this.uncaptured ??= error.message;
    };
  }

  async prepare(plan: Plan): Promise<Session> {
    this.checkAlive();
    const { mostElements: most } = this.report;
    for (const size of plan.sizes) if (size > most) throw tooManyElements(size, most);
    return this.orLost(async () => {
      const pipelines = await Promise.all(plan.dispatches.map(({ stage }) => this.pipelineOf(stage)));
      return this.checked(async () => new WebGpuSession(plan, this, pipelines));
    });
  }

  dispose(): void {
    this.pipelines.clear();
    this.translator.destroy();
  }

  checkAlive(): void {
    if (this.lost !== null) throw lostDevice(this.lost);
    const message = this.uncaptured;
    this.uncaptured = null;
    if (message !== null) throw refusedByDevice(message);
  }

  /** What comes first: an answer, or the loss of the device. A race with a promise of the device would be held by it for good. */
  orLost<T>(what: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.add(reject);
      what()
        .then(resolve, reject)
        .finally(() => this.waiting.delete(reject));
    });
  }

  /** Does something, and throws what the device has against it: it says so later, and computes on with zeros. */
  async checked<T>(what: () => Promise<T>): Promise<T> {
    this.device.pushErrorScope("out-of-memory");
    this.device.pushErrorScope("validation");
    let result: T;
    try {
      result = await what();
    } finally {
      const errors = await Promise.all([this.device.popErrorScope(), this.device.popErrorScope()]);
      const found = errors.find((error) => error !== null);
      // biome-ignore lint/correctness/noUnsafeFinally: what the device says is why the rest went wrong
      if (found) throw refusedByDevice(found.message);
    }
    return result;
  }

  /** The layout of a kernel of some number of arrays: a uniform, the arrays, the result. */
  layoutOf(arrays: number): GPUBindGroupLayout {
    const known = this.layouts.get(arrays);
    if (known) return known;
    const entry = (binding: number, type: GPUBufferBindingType) => ({ binding, visibility: compute, buffer: { type } });
    const reads = Array.from({ length: arrays }, (_, i) => entry(i + 1, "read-only-storage"));
    const entries = [entry(0, "uniform"), ...reads, entry(arrays + 1, "storage")];
    const layout = this.device.createBindGroupLayout({ entries });
    this.layouts.set(arrays, layout);
    return layout;
  }

  private pipelineOf({ source, reads, shader, size }: Stage): Promise<Pipeline> {
    const code = shader?.wgsl ?? this.translate(source, reads.length);
    const key = `${reads.length} ${code}`;
    const known = this.pipelines.get(key) ?? this.compile(code, reads.length);
    this.pipelines.set(key, known);
    const groups = shader?.groups ?? groupsOf(size, this.device.limits.maxComputeWorkgroupsPerDimension);
    return known.then((pipeline) => ({ ...pipeline, groups }));
  }

  /** WGSL from the text of a kernel, by gpu.js. */
  private translate(source: string, arrays: number): string {
    const known = this.translated.get(source);
    if (known !== undefined) return known;
    const { kernel } = createKernel(this.translator, source, 1);
    // Its own pipeline and buffers are not wanted.
    kernel._buildAsync = () => Promise.resolve();
    kernel.build(...Array.from({ length: arrays }, () => gpuJs.input(new Float32Array(1), [1])));
    if (kernel.constructor.mode !== "webgpu" || kernel.compiledSource === undefined)
      throw notAsAsked("webgpu", kernel.constructor.name);
    this.translated.set(source, kernel.compiledSource);
    kernel.destroy();
    return kernel.compiledSource;
  }

  private async compile(code: string, arrays: number): Promise<Pipeline> {
    const layout = this.layoutOf(arrays);
    const module = this.device.createShaderModule({ code });
    try {
      const pipeline = await this.device.createComputePipelineAsync({
        layout: this.device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: "main" },
      });
      return { pipeline, layout, groups: [1, 1, 1] };
    } catch (error) {
      throw refusedByDevice(error instanceof Error ? error.message : String(error));
    }
  }
}
