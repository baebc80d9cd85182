/** What `nonsmooth doctor --gpu` writes. */
import { type GpuReport, measurementsOf } from "../studies/gpuReport.ts";
import { table } from "./table.ts";

/** The device and its measurements, as tables or as one object. */
export function gpuText(report: GpuReport, json?: true): string {
  if (json) return `${JSON.stringify({ schema: "nonsmooth.doctorGpu/1", ...report })}\n`;
  const { mode, kernelClass, mostElements, numerics } = report;
  const about = [
    ["mode", mode],
    ["kernels", `${kernelClass} of gpu.js`],
    ["adapter", adapterText(report)],
    ["most elements of a tensor", `${mostElements}`],
  ];
  const rows = measurementsOf(numerics).map(({ name, found, means, expected }) => [
    ...[name, found ? "yes" : "no", means, expected || "-"],
  ]);
  const head = ["measured", "found", "what yes means", "so conformance expects"];
  return [...table(about, 2), "", ...table([head, ...rows], 4), ""].join("\n");
}

function adapterText({ adapter }: GpuReport): string {
  if (adapter === null) return "none: this mode has no adapter";
  const { vendor, architecture, device, description, isSoftware } = adapter;
  const names = [vendor, architecture, device, description].filter((name) => name !== "").join(", ");
  return `${names || "without a name"} (${isSoftware ? "software: it computes on the CPU" : "hardware"})`;
}
