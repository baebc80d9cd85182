import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withoutWebGpu } from "../training/withoutWebGpu.ts";
import { commanded } from "./commanded.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-gpu-"));
  vi.stubEnv("NONSMOOTH_DATA", "");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const small = ["--limit", "48", "--batch", "16", "--epochs", "1", "--optimizer", "momentum", "--rate", "0.05"];
const train = (name: string, model: string, ...args: string[]) =>
  commanded("train", model, ...small, "--dtype", "f32", "--threads", "1", "--out", join(folder, name), ...args);
const onGpu = (mode: string, name: string, model: string, ...args: string[]) => {
  vi.stubEnv("NONSMOOTH_GPU", mode);
  return train(name, model, "--machine", "gpu", ...args);
};
const losses = (name: string): number[] =>
  readFileSync(join(folder, name, "log.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ loss, testLoss }) => loss ?? testLoss);
const checkpoint = (name: string): string => readFileSync(join(folder, name, "checkpoint.safetensors"), "base64");

/** Expects LeNet-5 to have the losses of the wasm machine, but for roundings. */
async function expectNearWasm(mode: string): Promise<void> {
  const { code, written } = await onGpu(mode, "gpu", "lenet5");
  expect([code, written]).toEqual([0, expect.stringContaining("lenet5 on digits, momentum, f32: finished after 3")]);
  await train("wasm", "lenet5");
  const [found, expected] = [losses("gpu"), losses("wasm")];
  expect(found).toHaveLength(4);
  expect(Math.max(...found.map((loss, i) => Math.abs(loss - (expected[i] as number))))).toBeLessThan(1e-5);
}

describe("training on the machine gpu", () => {
  test.each(["webasm", "cpu"])("has the losses of the wasm machine, but for roundings: %s", (mode) =>
    expectNearWasm(mode),
  );

  test("repeats bit for bit, also after a stop, and adds in another order when a seed says so", async () => {
    const adam = ["--size", "width=8", "--optimizer", "adamw", "--schedule", "cosine", "--checkpoint-every", "1"];
    await onGpu("webasm", "a", "mlp", ...adam);
    const stop = (): boolean => existsSync(join(folder, "b/checkpoint.safetensors"));
    const poll = setInterval(() => stop() && process.emit("SIGINT", "SIGINT"), 0);
    expect((await onGpu("webasm", "b", "mlp", ...adam)).code).toBe(130);
    clearInterval(poll);
    expect((await onGpu("webasm", "b", "mlp", ...adam, "--resume")).code).toBe(0);
    expect(checkpoint("b") === checkpoint("a")).toBe(true);
    await onGpu("webasm", "c", "mlp", ...adam, "--shuffled", "3");
    expect(checkpoint("c") === checkpoint("a")).toBe(false);
    const { code, warned } = await train("a", "mlp", ...adam, "--resume");
    expect([code, warned]).toEqual([2, expect.stringContaining('machine "gpu:webasm"')]);
    const other = await onGpu("cpu", "a", "mlp", ...adam, "--resume");
    expect([other.code, other.warned]).toEqual([2, expect.stringContaining('machine "gpu:webasm"')]);
  });

  test.each([
    [2, "NONSMOOTH_GPU: no such mode", "metal", []],
    [3, "gpu: there is no such device here", "webgl2", []],
    [2, "expected --dtype f32, got f64; pass --dtype f32", "cpu", ["--dtype", "f64"]],
    [2, "got --clip-norm; pass --clip-value", "cpu", ["--clip-norm", "1"]],
    [2, "layers in f16; leave --mixed out", "cpu", ["--mixed", "f16"]],
  ])("is refused with exit code %i and no trace: %s", async (exit, message, mode, args) => {
    const { code, written, warned } = await onGpu(mode, "new", "mlp", ...args);
    expect([code, written]).toEqual([exit, ""]);
    expect(warned).toContain(message);
    expect(existsSync(join(folder, "new"))).toBe(false);
  });
});

/** The device that all machines of mode `webgpu` share. */
async function sharedDevice(): Promise<{ destroy(): void }> {
  const ofMachine = createRequire(createRequire(import.meta.url).resolve("@nonsmooth/ad-gpu/package.json"));
  return (await ofMachine("gpu.js").WebGPUContext.acquire()).device;
}

describe.skipIf(await withoutWebGpu())("training on WebGPU", () => {
  test("has the losses of the wasm machine, but for roundings", () => expectNearWasm("webgpu-software"));

  test("a device that is lost ends the run; its checkpoint is kept, and it goes on with another device", async () => {
    const args = ["--checkpoint-every", "1", "--epochs", "3"];
    const isReached = (): boolean => existsSync(join(folder, "a/log.jsonl")) && losses("a").length > 2;
    const poll = setInterval(async () => {
      if (!isReached()) return;
      clearInterval(poll);
      (await sharedDevice()).destroy();
    }, 0);
    const { code, warned } = await onGpu("webgpu-software", "a", "mlp", ...args);
    expect(code).toBe(3);
    expect(warned).toContain("gpu: the device was lost");
    expect(warned).toContain(`the last checkpoint is kept, and --resume --out ${join(folder, "a")} goes on from there`);
    const again = await onGpu("webgpu-software", "a", "mlp", ...args, "--resume");
    expect([again.code, again.written]).toEqual([0, expect.stringContaining("finished after 9 steps")]);
  });
});
