/** Devices that are not there, that refuse, and that are lost: errors that say what to do, and no zeros in their place. */
import { add, compile, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { openWebGpu } from "../src/devices/webGpu/open.ts";
import { gpu } from "../src/index.ts";
import { stage } from "../src/kernels/kernel.ts";
import { Planner } from "../src/lowering/plan.ts";
import { isTried, withoutWebGpu } from "./machines.ts";

describe("what is asked for", () => {
  test.each([
    [
      "a mode that there is not",
      { mode: "metal" },
      "domain",
      "no such mode: expected webgpu, webgl2, headlessgl, webasm, cpu, got metal",
    ],
    [
      "an adapter that there is not",
      { adapter: "fast" },
      "domain",
      "no such adapter: expected hardware or software, got fast",
    ],
    [
      "shaders that there are not",
      { mode: "cpu", shaders: "fast" },
      "domain",
      "no such shaders: expected own or translated, got fast",
    ],
    [
      "a setting that there is not",
      { modes: "cpu" },
      "domain",
      "an unknown setting: expected mode, adapter, shaders, got modes",
    ],
    ["a browser's mode in Node", { mode: "webgl2" }, "missing", "there is no such device here: expected mode webgl2"],
  ])("%s", async (_says, options, code, message) => {
    const made = gpu(options as never);
    await expect(made).rejects.toThrow(expect.objectContaining({ code }));
    await expect(made).rejects.toThrow(message);
  });

  test.skipIf(isTried("headlessgl"))("headless WebGL that nobody installed", async () => {
    const made = gpu({ mode: "headlessgl" });
    await expect(made).rejects.toThrow(expect.objectContaining({ code: "missing" }));
    await expect(made).rejects.toThrow("install the package gl yourself");
  });
});

const row = (...values: number[]): Tensor => tensor(values, { dtype: "f32" });

describe.skipIf(await withoutWebGpu())("WebGPU", () => {
  test("what the device refuses is an error, in the preparation and in a run", async () => {
    const device = await openWebGpu("software");
    const planWith = (wgsl: string): Planner => {
      const planner = new Planner();
      const cell = planner.add([{ ...stage([], 1, () => "1"), shader: { wgsl, groups: [1, 1, 1], rounds: 0 } }], []);
      planner.kept.add(cell);
      return planner;
    };
    await expect(device.prepare(planWith("this is no shader"))).rejects.toThrow("gpu: the device refused the program");
    const tooMany = "@compute @workgroup_size(64, 64) fn main() {}";
    await expect(device.prepare(planWith(tooMany))).rejects.toThrow(expect.objectContaining({ code: "backend" }));
  });

  test("a second adapter in one process is refused", async () => {
    await gpu({ adapter: "software" });
    await expect(gpu({ adapter: "hardware" })).rejects.toThrow("gpu: a process has one adapter");
  });

  test("a lost device ends the run with an error, and a new machine works", async () => {
    const machine = await gpu({ adapter: "software" });
    const running = compile(
      trace((a, x) => ({ a: add(a, x), x }), [row(0), row(0)]),
      machine,
      { carry: { a: 0 } },
    );
    running.write("a", row(1));
    expect(await running.run([row(2)])).toEqual({ x: row(2) });
    const { gpuJs } = await import("../src/devices/library.ts");
    (await gpuJs.WebGPUContext.acquire()).device.destroy();
    await expect(running.run([row(2)])).rejects.toThrow("gpu: the device was lost");
    await expect(running.read("a")).rejects.toThrow(expect.objectContaining({ code: "missing", where: "gpu" }));
    running.dispose();
    const again = compile(
      trace((x: Tensor) => add(x, 1), [row(0)]),
      await gpu({ adapter: "software" }),
    );
    expect(await again.run([row(4)])).toEqual(row(5));
  });
});
