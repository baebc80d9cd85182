import { AdError, compile, reference, sum, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { checkGpuPlan, gpuAsked, isMissingDevice, openGpu } from "./gpuMachine.ts";

afterEach(() => void vi.unstubAllEnvs());

/** What a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

describe("NONSMOOTH_GPU", () => {
  test.each<string[]>([
    ["", "gpu:webgpu"],
    ...["webgpu", "webgpu-software", "webgl2", "headlessgl", "webasm", "cpu"].map((said) => [said, `gpu:${said}`]),
  ])("%j asks for %j", (said, asked) => {
    vi.stubEnv("NONSMOOTH_GPU", said);
    expect(gpuAsked()).toBe(asked);
  });

  test.each(["metal", "toString"])("%s is an error that names the modes", (said) => {
    vi.stubEnv("NONSMOOTH_GPU", said);
    expect(gpuAsked).toThrow(expect.objectContaining({ code: "domain", where: "NONSMOOTH_GPU" }));
    expect(gpuAsked).toThrow("webgpu, webgpu-software, webgl2, headlessgl, webasm, cpu");
  });

  test("a device that is not here is told apart from other errors", async () => {
    const error = await openGpu("gpu:webgl2").catch((caught: unknown) => caught);
    expect([error instanceof AdError, isMissingDevice(error)]).toEqual([true, true]);
    vi.stubEnv("NONSMOOTH_GPU", "metal");
    expect(isMissingDevice(thrownBy(gpuAsked))).toBe(false);
  });
});

test("sums in the order of a seed are those of the reference", async () => {
  const x = tensor([1, 1e8, -1e8, 1], { dtype: "f32" });
  const total = trace((v: Tensor) => sum(v), [x]);
  const machines = [await openGpu("gpu:webasm"), await openGpu("gpu:webasm", 4)];
  const found = await Promise.all(machines.map((machine) => compile(total, machine).run([x])));
  expect(found).toEqual([reference(), reference({ shuffled: 4 })].map((machine) => compile(total, machine).run([x])));
  expect(found[0]).not.toEqual(found[1]);
  for (const machine of machines) machine.dispose();
});

test.each([
  ["--dtype f32, got f64; pass --dtype f32, or take --machine wasm", { dtype: "f64" }],
  ["layers in f32, got layers in f16; leave --mixed out", { mixed: { dtype: "f16" } }],
  ["no norm in f64, got --clip-norm; pass --clip-value", { clipNorm: 1 }],
] as const)("refuses what has not 32 bits: expected %s", (message, change) => {
  const plan = { dtype: "f32", mixed: null, clipNorm: null } as const;
  checkGpuPlan(plan);
  expect(() => checkGpuPlan({ ...plan, ...change })).toThrow(
    `train: the machine gpu computes in 32 bits: expected ${message}`,
  );
});
