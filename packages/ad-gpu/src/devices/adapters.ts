// What adapters call themselves.
import type { AdapterReport } from "./device.ts";

/** Names by which adapters say that they compute on the CPU. */
const software = /llvmpipe|lavapipe|swiftshader|softpipe|software/i;

/** Whether an adapter says by its names that it computes on the CPU. */
export const isNamedSoftware = (names: Omit<AdapterReport, "isSoftware">): boolean =>
  software.test(Object.values(names).join(" "));

/** The adapter behind a context of WebGL; some browsers hide it, and say what they like instead. */
export function adapterOfWebGl(context: WebGL2RenderingContext): AdapterReport {
  const unmasked = context.getExtension("WEBGL_debug_renderer_info");
  const text = (name: number): string => String(context.getParameter(name) ?? "");
  const names = {
    vendor: text(unmasked?.UNMASKED_VENDOR_WEBGL ?? context.VENDOR),
    description: text(unmasked?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER),
    ...{ architecture: "", device: "" },
  };
  return { ...names, isSoftware: isNamedSoftware(names) };
}
