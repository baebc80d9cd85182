/** Random programs, their derivatives under random choices at kinks, and the reports of their kinks, on every mode at hand. */
import { conformsByStep } from "@nonsmooth/ad-testing";
import { test } from "vitest";
import type { GpuMode } from "../src/index.ts";
import { agreement, machineOf } from "./machines.ts";

test.each<[GpuMode, number]>([
  ["cpu", 100],
  ["webasm", 100],
  ["webgpu", 50],
])("%s", async (mode, runs) => {
  const machine = await machineOf(mode);
  if (typeof machine === "string") return;
  await conformsByStep(machine, { runs, dtypes: ["f32"], agree: agreement(mode) });
  machine.dispose();
});
