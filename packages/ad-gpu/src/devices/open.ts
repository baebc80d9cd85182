// Finding a device.
import { adapterOfWebGl } from "./adapters.ts";
import { ChainedDevice } from "./chained.ts";
import type { Device } from "./device.ts";
import { missingAdapter } from "./errors.ts";
import { type GpuMode, gpuJs, type Instance } from "./library.ts";
import { openWebGpu } from "./webGpu/open.ts";

/** Opens the device of a mode, or says why there is none. */
export async function openDevice(mode: GpuMode, adapter: "hardware" | "software"): Promise<Device> {
  if (mode === "webgpu") return openWebGpu(adapter);
  const instance = instanceOf(mode);
  const context = mode === "webgl2" ? gpuJs.WebGL2Kernel.testContext : null;
  const report = { kernelClass: kernelClasses[mode], adapter: context ? adapterOfWebGl(context) : null };
  return new ChainedDevice(mode, instance, report);
}

const kernelClasses = {
  ...{ webgl2: "WebGL2Kernel", headlessgl: "HeadlessGLKernel", webasm: "WebAssemblyKernel", cpu: "CPUKernel" },
} as const;

const remedies: Readonly<Record<GpuMode, string>> = {
  webgpu: "see the guide on machines",
  webgl2: "open the page in a browser with WebGL 2, or ask for webgpu",
  headlessgl: "install the package gl yourself, or ask for webgpu",
  webasm: "use a host with WebAssembly SIMD, or ask for cpu",
  cpu: "report this",
};

function instanceOf(mode: GpuMode): Instance {
  try {
    return new gpuJs.GPU({ mode });
  } catch (error) {
    throw missingAdapter(`mode ${mode}`, error instanceof Error ? error.message : String(error), remedies[mode]);
  }
}
