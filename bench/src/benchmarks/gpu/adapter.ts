// The adapter that a check runs on, which must be a real GPU unless it is told otherwise.
import { AdError, compile, matmul, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { type AdapterReport, type GpuMachine, gpu } from "@nonsmooth/ad-gpu";
import type { Way } from "./settings.ts";

/** Opens the machine. */
export async function openGpu(way: Way): Promise<GpuMachine> {
  // The machine asks for OpenGL where it is told to expect software; what answers is asked below.
  const machine = await gpu({ mode: "webgpu", adapter: way === "hardware" ? "hardware" : "software" });
  if (way === "software" || machine.adapter?.isSoftware === false) return machine;
  const remedy = "look at the driver of the GPU, or give --software to go on without one";
  const [problem, expected] = ["the adapter computes on the CPU", "a GPU"];
  throw new AdError({ code: "missing", where: "gpuCheck", problem, expected, got: nameOf(machine), remedy });
}

/** The name by which the adapter goes in results: all that it says of itself. */
export const nameOf = ({ adapter }: Pick<GpuMachine, "adapter">): string =>
  [adapter?.vendor, adapter?.architecture, adapter?.device, adapter?.description].filter(Boolean).join(", ");

/** The adapter as it calls itself, a line for each word of its own. */
export const reportText = (adapter: AdapterReport | null): string[] =>
  Object.entries(adapter ?? {}).map(([name, value]) => `  ${name.padEnd(12)}  ${value === "" ? "-" : value}`);

/** A first program: the product of two small matrices of whole numbers, which every device computes exactly. */
export async function smoke(machine: GpuMachine): Promise<void> {
  const [a, b] = [tensor([[1, 2], [3, 4]], { dtype: "f32" }), tensor([[5, 6], [7, 8]], { dtype: "f32" })]; // biome-ignore format: matrices
  const running = compile(
    trace((x: Tensor, y: Tensor) => matmul(x, y), [a, b]),
    machine,
  );
  const { data } = (await running.run([a, b])) as Tensor;
  running.dispose();
  const [expected, got] = ["19,22,43,50", data.join()];
  if (got === expected) return;
  const [problem, remedy] = ["a first product is wrong", "report this with the adapter's name"];
  throw new AdError({ code: "backend", where: "gpuCheck", problem, expected, got, remedy });
}
