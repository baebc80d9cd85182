// The device behind WebGPU: of the browser, or in Node that of the optional package `webgpu`.
import { AdError } from "@nonsmooth/ad-core";
import { isNamedSoftware } from "../adapters.ts";
import type { AdapterReport, Device } from "../device.ts";
import { lostDevice, missingAdapter } from "../errors.ts";
import { gpuJs } from "../library.ts";
import { WebGpuDevice } from "./device.ts";
import { type Adapter, installInNode, isNode } from "./node.ts";

/** The adapter that was asked for first: gpu.js keeps one device for all its users in a process. */
let opened: { readonly adapter: Adapter } | null = null;

/** Opens the device. */
export async function openWebGpu(adapter: Adapter): Promise<Device> {
  if (opened !== null && opened.adapter !== adapter) throw otherAdapter(opened.adapter, adapter);
  await installInNode(adapter);
  const context = await acquired(adapter);
  opened = { adapter };
  const { device } = context;
  device.lost.then(() => {
    opened = null;
  });
  if (context.isLost) throw lostDevice("it was lost before");
  return new WebGpuDevice(device, reportOf(context.adapter));
}

type Context = Awaited<ReturnType<typeof gpuJs.WebGPUContext.acquire>> & { readonly isLost?: boolean };

async function acquired(adapter: Adapter): Promise<Context> {
  try {
    return await gpuJs.WebGPUContext.acquire();
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw missingAdapter("an adapter of WebGPU", got, remedyFor(adapter));
  }
}

function remedyFor(adapter: Adapter): string {
  if (!isNode) return 'use a browser that has WebGPU, on a computer with a GPU, or ask for mode "webgl2"';
  if (adapter === "software") return "install Mesa (Debian: libegl-dev libgl1-mesa-dri)";
  return 'check the driver of the GPU, or ask for adapter "software" to test without one';
}

function reportOf({ info }: GPUAdapter): AdapterReport {
  const { vendor = "", architecture = "", device = "", description = "" } = info ?? {};
  const names = { vendor, architecture, device, description };
  return { ...names, isSoftware: isNamedSoftware(names) || info?.isFallbackAdapter === true };
}

function otherAdapter(have: Adapter, want: Adapter): AdError {
  const [problem, expected] = ["a process has one adapter", `${have}, which was asked for before`];
  const remedy = "use another process";
  return new AdError({ code: "unsupported", where: "gpu", problem, expected, got: want, remedy });
}
