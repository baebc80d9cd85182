// The public face of @nonsmooth/ad-gpu.
export type { AdapterReport } from "./devices/device.ts";
export { type GpuMode, gpuModes } from "./devices/library.ts";
export { type Exactness, exactness } from "./machine/exactness.ts";
export type { GpuDescription, GpuExecutable } from "./machine/executable.ts";
export { type GpuMachine, type GpuOptions, gpu } from "./machine/gpu.ts";
export type { Numerics } from "./machine/numerics.ts";
