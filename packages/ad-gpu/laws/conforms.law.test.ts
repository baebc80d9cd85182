/** Random programs, their derivatives under random choices at kinks, and the reports of their kinks, on every mode at hand. */
import { conformsByStep } from "@nonsmooth/ad-testing";
import { test } from "vitest";
import { agreement } from "./agreement.ts";
import { onEachMachine } from "./machines.ts";

/** A kernel of WebGPU takes longest to compile. */
const runs = { cpu: 100, webasm: 100, webgpu: 50, webgl2: 50, headlessgl: 50 } as const;

await onEachMachine(({ mode, machine, numerics }) => {
  test("random programs", () =>
    conformsByStep(machine, { runs: runs[mode], dtypes: ["f32"], agree: agreement(numerics) }));
});
