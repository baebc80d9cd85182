// What this package uses of gpu.js, whose version is pinned: some of it is not in its typings.
import library from "gpu.js";
import { functionsIn } from "../text/functions.ts";

/** Where gpu.js runs kernels. */
export type GpuMode = "webgpu" | "webgl2" | "headlessgl" | "webasm" | "cpu";

export const gpuModes: readonly GpuMode[] = ["webgpu", "webgl2", "headlessgl", "webasm", "cpu"];

/** A result that stays where it was computed: an object of gpu.js, or a plain array where that is the memory of the host. */
export type Handle = Float32Array | { toArray(): unknown; delete(): void };

/** A kernel behind its function. */
export interface KernelState {
  readonly constructor: { readonly mode: string; readonly name: string };
  readonly fallbackReason?: string | null;
  readonly precision?: string;
  /** WGSL, in mode `webgpu`. */
  readonly compiledSource?: string;
  _buildAsync?: () => Promise<void>;
  build(...args: unknown[]): unknown;
  destroy(removeCanvas?: boolean): void;
}

/** A kernel as gpu.js gives it out. */
export interface KernelFunction {
  (...args: unknown[]): unknown;
  readonly kernel: KernelState;
}

/** Settings of a kernel. */
interface KernelSettings {
  readonly output: readonly [number];
  readonly precision: "single";
  readonly functions: readonly unknown[];
  readonly pipeline: boolean;
  readonly immutable: boolean;
  readonly fixIntegerDivisionAccuracy: boolean;
}

/** An instance of gpu.js. */
export interface Instance {
  /** The class of its kernels; all modes of WebGL call themselves `gpu`. */
  readonly Kernel: KernelState["constructor"];
  /** With WebGL, after the first kernel. */
  readonly context?: { isContextLost?(): boolean } | null;
  createKernel(source: string, settings: KernelSettings): KernelFunction;
  destroy(): Promise<void>;
}

interface Library {
  readonly GPU: new (settings: { readonly mode: GpuMode }) => Instance;
  readonly input: (value: Float32Array, size: readonly [number]) => unknown;
  /** Its context is there once a mode of it was asked for. */
  readonly WebGL2Kernel: { readonly testContext: WebGL2RenderingContext | null };
  readonly WebGPUContext: { acquire(): Promise<{ readonly adapter: GPUAdapter; readonly device: GPUDevice }> };
}

export const gpuJs: Library = library as unknown as Library;

/** A kernel for a source, with the functions that it calls. */
export function createKernel(instance: Instance, source: string, size: number): KernelFunction {
  const functions = functionsIn(source).map(({ name, arguments: args, source: text }) => ({
    ...{ name, source: text },
    settings: { argumentTypes: Object.fromEntries(args.map((arg) => [arg, "Number"])), returnType: "Number" },
  }));
  return instance.createKernel(source, {
    ...{ output: [size], precision: "single", functions, pipeline: true, immutable: true },
    // the device's own division: gpu.js would round whole quotients itself on some, which loses the sign of zeros
    fixIntegerDivisionAccuracy: false,
  });
}
