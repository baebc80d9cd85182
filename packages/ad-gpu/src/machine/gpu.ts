// The machine.
import { AdError, type CompileOptions, type DType, type Machine, type ProgramData } from "@nonsmooth/ad-core";
import type { AdapterReport, Device } from "../devices/device.ts";
import { type GpuMode, gpuModes } from "../devices/library.ts";
import { openDevice } from "../devices/open.ts";
import { otherFormat } from "./errors.ts";
import { GpuExecutable } from "./executable.ts";
import { measureNumerics, type Numerics } from "./numerics.ts";

/** Settings of {@link gpu}. */
export interface GpuOptions {
  /** Where kernels run; `webgpu` when absent. `webasm` and `cpu` compute on the CPU, and are never chosen for you. */
  readonly mode?: GpuMode;
  /** With `webgpu` in Node: the real GPU, or Mesa's renderer on the CPU, for tests; `hardware` when absent. */
  readonly adapter?: "hardware" | "software";
}

/** The machine that runs programs on a GPU through gpu.js. */
export interface GpuMachine extends Machine {
  readonly name: "gpu";
  readonly dtypes: readonly DType[];
  readonly mode: GpuMode;
  /** The class of gpu.js whose kernels run. */
  readonly kernelClass: string;
  /** What the adapter calls itself; null for modes that have none. */
  readonly adapter: AdapterReport | null;
  compile(program: ProgramData, options?: CompileOptions): GpuExecutable;
  /** Measures how the device treats NaN, infinities, signs of zeros, tiny numbers and rounding. */
  numerics(): Promise<Numerics>;
  /** Frees kernels and memory; programs of the machine cannot be used any more. */
  dispose(): void;
}

const formats: readonly DType[] = ["f32", "i32", "bool"];

/** Makes the machine. */
export async function gpu(options: GpuOptions = {}): Promise<GpuMachine> {
  const { mode, adapter } = checked(options);
  const device = await openDevice(mode, adapter);
  return machineOf(device);
}

function machineOf(device: Device): GpuMachine {
  const { mode, kernelClass, adapter } = device.report;
  return {
    ...{ name: "gpu", dtypes: formats, mode, kernelClass, adapter },
    compile(program, settings = {}) {
      checkFormats(program);
      return new GpuExecutable(program, device, settings);
    },
    numerics: () => measureNumerics(device),
    dispose: () => device.dispose(),
  };
}

function checkFormats({ inputTypes, constants, tables }: ProgramData): void {
  for (const { dtype } of [...inputTypes, ...constants, ...tables.types])
    if (!formats.includes(dtype)) throw otherFormat(dtype);
}

function checked({ mode = "webgpu", adapter = "hardware", ...others }: GpuOptions): Required<GpuOptions> {
  const odd = Object.keys(others).join(", ");
  if (odd !== "") throw refused("an unknown setting", "mode, adapter", odd, "check the spelling");
  if (!gpuModes.includes(mode)) throw refused("no such mode", gpuModes.join(", "), String(mode), "name one of them");
  if (adapter !== "hardware" && adapter !== "software")
    throw refused("no such adapter", "hardware or software", String(adapter), "name one of them");
  return { mode, adapter };
}

const refused = (problem: string, expected: string, got: string, remedy: string): AdError =>
  new AdError({ code: "domain", where: "gpu", problem, expected, got, remedy });
