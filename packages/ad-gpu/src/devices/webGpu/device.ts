// Plans on WebGPU: gpu.js translates kernels and owns the device; the dispatches of a run go to it at once.
import type { Stage } from "../../kernels/kernel.ts";
import type { Plan } from "../../lowering/plan.ts";
import type { AdapterReport, Device, DeviceReport, Session } from "../device.ts";
import { mostElements, notAsAsked, refusedByDevice, tooManyElements } from "../errors.ts";
import { createKernel, gpuJs, type Instance } from "../library.ts";
import { groupsOf } from "./groups.ts";
import { type Pipeline, WebGpuSession } from "./session.ts";
import { WatchedDevice } from "./watched.ts";

/** Stage that computes: a bit of `GPUShaderStage`, which is no global everywhere. */
const compute = 4;

export class WebGpuDevice implements Device {
  readonly report: DeviceReport;
  private readonly device: GPUDevice;
  private readonly watched: WatchedDevice;
  /** Pipelines by their shaders: kernels of one text are one. */
  private readonly pipelines = new Map<string, Promise<Pipeline>>();
  private readonly translated = new Map<string, string>();
  private readonly layouts = new Map<number, GPUBindGroupLayout>();
  private readonly translator: Instance = new gpuJs.GPU({ mode: "webgpu" });

  constructor(device: GPUDevice, adapter: AdapterReport) {
    this.device = device;
    this.watched = new WatchedDevice(device);
    const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
    const most = Math.min(mostElements, Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / 4));
    this.report = { mode: "webgpu", kernelClass: "WebGPUKernel", adapter, mostElements: most };
  }

  roundsOf({ shader, rounds }: Stage): number {
    return shader?.rounds ?? rounds;
  }

  async prepare(plan: Plan): Promise<Session> {
    this.watched.checkAlive();
    const { mostElements: most } = this.report;
    for (const size of plan.sizes) if (size > most) throw tooManyElements(size, most);
    return this.watched.orLost(async () => {
      const pipelines = await Promise.all(plan.dispatches.map(({ stage }) => this.pipelineOf(stage)));
      return this.watched.checked(async () => new WebGpuSession(plan, this.watched, pipelines));
    });
  }

  dispose(): void {
    this.pipelines.clear();
    this.translator.destroy();
  }

  /** The layout of a kernel of some number of arrays: a uniform, the arrays, the result. */
  private layoutOf(arrays: number): GPUBindGroupLayout {
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
