// WebGPU in Node: gpu.js looks for it where browsers have it.
import { missingAdapter } from "../errors.ts";

/** The real GPU, or Mesa's renderer on the CPU. */
export type Adapter = "hardware" | "software";

/** Limits that gpu.js does not ask for, and that kernels of more than a few arrays need. */
const limits = [
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupStorageSize",
] as const;

/** What is used of the host: nothing of it where this is a browser. */
interface Host {
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly env: { EGL_PLATFORM?: string };
  };
  navigator?: { gpu?: unknown };
}

const host = globalThis as unknown as Host;

/** Whether this is Node, and no browser. */
export const isNode: boolean = host.process?.versions?.node !== undefined;

/** What was installed: objects of `webgpu` end the process badly when they are collected. */
const installed = new Set<unknown>();

/** Puts WebGPU where gpu.js looks for it, when this is Node and nobody did. */
export async function installInNode(adapter: Adapter): Promise<void> {
  if (host.navigator?.gpu !== undefined || !isNode) return;
  // Mesa needs no display then; the library reads it from the environment.
  if (adapter === "software" && host.process) host.process.env.EGL_PLATFORM ??= "surfaceless";
  const { create, globals } = await library();
  const scope = globalThis as Record<string, unknown>;
  for (const [name, value] of Object.entries(globals)) scope[name] ??= value;
  const raw = create(adapter === "software" ? ["backend=opengl"] : []) as GPU;
  installed.add(raw);
  host.navigator ??= {};
  Object.defineProperty(host.navigator, "gpu", { value: withLimits(raw, adapter), configurable: true, writable: true });
}

interface Dawn {
  create(flags: readonly string[]): unknown;
  readonly globals: Readonly<Record<string, unknown>>;
}

async function library(): Promise<Dawn> {
  // A name that bundlers for browsers leave alone.
  const name = "webgpu";
  try {
    return (await import(/* @vite-ignore */ name)) as unknown as Dawn;
  } catch (error) {
    const got = error instanceof Error ? (error.message.split("\n")[0] as string) : String(error);
    throw missingAdapter("the optional package webgpu 0.6.2", got, "install it: npm install webgpu@0.6.2");
  }
}

/** Adapters that give devices all that they can. */
function withLimits(gpu: GPU, adapter: Adapter): unknown {
  const level = adapter === "software" ? { featureLevel: "compatibility" } : {};
  return {
    requestAdapter: async (options: object = {}): Promise<unknown> => {
      const found = await gpu.requestAdapter({ powerPreference: "high-performance", ...options, ...level });
      if (found === null) return null;
      const wanted = Object.fromEntries(limits.map((name) => [name, found.limits[name]]));
      return {
        ...{ limits: found.limits, info: found.info, features: found.features },
        requestDevice: (asked: GPUDeviceDescriptor = {}): Promise<GPUDevice> =>
          found.requestDevice({ ...asked, requiredLimits: { ...wanted, ...asked.requiredLimits } }),
      };
    },
    getPreferredCanvasFormat: () => "bgra8unorm",
  };
}
