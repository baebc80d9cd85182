// The machine.
import { AdError, type CompileOptions, type DType, type Machine, type ProgramData } from "@nonsmooth/ad-core";
import type { AdapterReport, Device } from "../devices/device.ts";
import { type GpuMode, gpuModes } from "../devices/library.ts";
import { openDevice } from "../devices/open.ts";
import { translatedOnly } from "../lowering/plan.ts";
import { GpuExecutable } from "./executable.ts";
import { type Numerics, numericsOf } from "./numerics.ts";

/** Settings of {@link gpu}. */
export interface GpuOptions {
  /** Where kernels run; `webgpu` when absent. `webasm` and `cpu` compute on the CPU, and are never chosen for you. */
  readonly mode?: GpuMode;
  /** With `webgpu` in Node: the real GPU, or Mesa's renderer on the CPU, for tests; `hardware` when absent. */
  readonly adapter?: "hardware" | "software";
  /**
   * With `webgpu`: `own` shaders for products and convolutions of some work, or everything as gpu.js translates it, to compare
   * the two; `own` when absent. Both give the same numbers on devices that round each operation.
   */
  readonly shaders?: "own" | "translated";
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
  /** The most numbers that one tensor may have. */
  readonly mostElements: number;
  compile(program: ProgramData, options?: CompileOptions): GpuExecutable;
  /** Measures how the device treats NaN, infinities, signs of zeros, tiny numbers and rounding. */
  numerics(): Promise<Numerics>;
  /** Frees kernels and memory; programs of the machine cannot be used any more. */
  dispose(): void;
}

const formats: readonly DType[] = ["f32", "i32", "bool"];

/**
 * The machine on a GPU: a program becomes kernels of gpu.js, values stay on the device, and runs are promises.
 *
 * It computes in f32, with i32 and bool beside it; single numbers of 64 bits, such as the step of an optimizer, are computed on the host. Choices at kinks are those of the reference machine: ties are decided from stored
 * values. `+ - *` and comparisons are rounded as on the reference unless the device fuses them; `exp`, `log` and their kin are within a few
 * units of the last place. What else a device does its own way is measured by `numerics`.
 *
 * In Node mode `webgpu` uses the optional package `webgpu`, and puts it at `navigator.gpu`, where gpu.js looks for it; a process has one
 * adapter. Compiling starts at once and ends before the first run, which waits for it; kernels of equal text are compiled once for a machine.
 * Cost: on WebGPU a run is one submission and one answer; memory is that of the values that live at one time.
 *
 * @param options - `mode`: `webgpu` (when absent), `webgl2`, `headlessgl`, `webasm`, `cpu`; `adapter`: `hardware` (when absent), or `software` for
 *   tests in Node without a GPU; `shaders`: `own` (when absent) or `translated`
 * @returns the machine
 * @throws AdError "missing" where there is no such device, with what to install; "domain" for options that there are not;
 *   "unsupported" for a second adapter in one process; when compiling, "dtype" for other formats, "unsupported" for a user's own raw records; in runs, "backend" for what
 *   the device refuses and for tensors that are too large, "missing" for a device that was lost, "unsupported" for whole numbers beyond 2^24
 *   and for loops that the device would end early
 * @example
 * const machine = await gpu({ mode: "cpu" });
 * const single = (x) => tensor(x, { dtype: "f32" });
 * const step = trace((w, x) => ({ w: add(w, x), twice: mul(x, 2) }), [single(0), single(0)]);
 * const running = compile(step, machine, { carry: { w: 0 } });
 * running.write("w", single(10));
 * await running.run([single(3)]) // { twice: 6 }
 * await running.read("w") // 13
 * machine.mode // "cpu"
 * await gpu({ mode: "metal" }) // AdError "domain"
 */
export async function gpu(options: GpuOptions = {}): Promise<GpuMachine> {
  const { mode, adapter, shaders } = checked(options);
  const device = await openDevice(mode, adapter);
  return machineOf(shaders === "own" ? device : withoutShaders(device));
}

function machineOf(device: Device): GpuMachine {
  const { mode, kernelClass, adapter, mostElements } = device.report;
  return {
    ...{ name: "gpu", dtypes: formats, mode, kernelClass, adapter, mostElements },
    compile: (program, settings = {}) => new GpuExecutable(program, device, settings),
    numerics: () => numericsOf(device),
    dispose: () => device.dispose(),
  };
}

/** The same device, which runs what gpu.js makes of every stage. */
const withoutShaders = (device: Device): Device => ({
  report: device.report,
  roundsOf: ({ rounds }) => rounds,
  prepare: (plan) => device.prepare(translatedOnly(plan)),
  dispose: () => device.dispose(),
});

function checked({
  mode = "webgpu",
  adapter = "hardware",
  shaders = "own",
  ...others
}: GpuOptions): Required<GpuOptions> {
  const odd = Object.keys(others).join(", ");
  if (odd !== "") throw refused("an unknown setting", "mode, adapter, shaders", odd, "check the spelling");
  if (!gpuModes.includes(mode)) throw refused("no such mode", gpuModes.join(", "), String(mode), "name one of them");
  if (adapter !== "hardware" && adapter !== "software")
    throw refused("no such adapter", "hardware or software", String(adapter), "name one of them");
  if (shaders !== "own" && shaders !== "translated")
    throw refused("no such shaders", "own or translated", String(shaders), "name one of them");
  return { mode, adapter, shaders };
}

const refused = (problem: string, expected: string, got: string, remedy: string): AdError =>
  new AdError({ code: "domain", where: "gpu", problem, expected, got, remedy });
