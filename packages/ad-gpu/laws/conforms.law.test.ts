/** Random programs, their derivatives under random choices at kinks, and the reports of their kinks, on every mode at hand. */
import { conforms } from "@nonsmooth/ad-testing";
import { test } from "vitest";
import type { GpuMode } from "../src/index.ts";
import { expectNear, machineOf } from "./machines.ts";

test.each<[GpuMode, number]>([
  ["cpu", 200],
  ["webasm", 200],
  ["webgpu", 100],
])("%s", async (mode, runs) => {
  const machine = await machineOf(mode);
  if (typeof machine === "string") return;
  await conforms(machine, { runs, dtypes: ["f32"], agree: expectNear });
  machine.dispose();
});
