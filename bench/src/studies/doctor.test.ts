import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { examine, type Finding, type Host } from "./doctor.ts";
import { selfTest } from "./selfTest.ts";
import { wasmModules } from "./wasmFeatures.ts";

/** A machine with everything, unless told otherwise. */
function findings(changes: Partial<Host> = {}): (item: string) => Finding | undefined {
  const host: Host = {
    node: "22.4.1",
    oldestNode: "20.19",
    cores: 4,
    memoryBytes: 8 * 2 ** 30,
    hasSharedMemory: true,
    webgpu: "0.6.2",
    wideReason: null,
    typescript: "6.0.3",
    dataFolder: undefined,
    executableFolders: ["/programs"],
    headerFolders: ["/headers"],
    takesModule: () => true,
    exists: () => true,
    ...changes,
  };
  const found = examine(host, []);
  return (item) => found.find((finding) => finding.item === item);
}

test("a machine with everything lacks nothing that is required", () => {
  const found = findings();
  expect(found("processor cores")?.found).toBe("4");
  expect(found("memory")?.found).toBe("8.0 GiB");
  expect(found("g++")?.status).toBe("ok");
  expect(found("WebGPU: package webgpu")).toMatchObject({ found: "0.6.2", status: "ok" });
});

test.each([
  ["20.19.0", "ok"],
  ["20.20.2", "ok"],
  ["21.0.0", "ok"],
  ["20.18.9", "missing"],
  ["18.20.0", "missing"],
])("Node %s is %s", (node, status) => {
  expect(findings({ node })("Node")).toMatchObject({ found: node, status });
});

test("what is not required is not missing", () => {
  const nothing = { hasSharedMemory: false, webgpu: undefined, takesModule: () => false, exists: () => false };
  const found = findings(nothing);
  for (const item of [
    "shared memory, atomics",
    "WebGPU: package webgpu",
    ...Object.keys(wasmModules),
    "g++",
    "CppAD headers",
  ]) {
    expect(found(item)).toMatchObject({ status: "not needed", remedy: expect.stringContaining("only for") });
  }
  expect(found("machine: gpu")).toMatchObject({ found: "not tried", remedy: "nonsmooth doctor --gpu tries it" });
});

test("vectors of 256 bits are on, or off for a reason", () => {
  const item = "machine: wasm, 256 bits (wide)";
  expect(findings()(item)).toMatchObject({ found: "on", status: "ok", remedy: "" });
  expect(findings({ wideReason: "Node 20.19.0 is older than 24" })(item)).toMatchObject({
    found: "off, because Node 20.19.0 is older than 24",
    status: "not needed",
    remedy: expect.stringContaining("NONSMOOTH_WIDE=1"),
  });
});

test("peers are looked for where programs and headers are", () => {
  const there = ["/programs/g++", "/headers/adolc/adolc.h"];
  const found = findings({ exists: (path) => there.includes(path) });
  expect(["g++", "CppAD headers", "ADOL-C headers"].map((item) => found(item)?.found)).toEqual(["yes", "no", "yes"]);
});

describe("data", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nonsmooth-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("is not needed unless a folder is named", () => {
    expect(findings()("data")).toMatchObject({
      found: "NONSMOOTH_DATA is not set",
      status: "not needed",
      remedy: expect.stringContaining("nonsmooth data"),
    });
  });

  test("is listed by the names of the sets, whatever is in their files", () => {
    mkdirSync(join(folder, "cifar100"));
    for (const file of ["cifar100/train.bin", "cifar100/test.bin", "input.txt"]) writeFileSync(join(folder, file), "");
    expect(findings({ dataFolder: folder })("data")).toMatchObject({ found: "cifar100, text", status: "ok" });
  });

  test("must be in a folder that is named", () => {
    const missing = { status: "missing", remedy: expect.stringContaining("nonsmooth data") };
    const nowhere = findings({ dataFolder: "no-such-folder", exists: () => false });
    expect(nowhere("data")).toMatchObject({ ...missing, found: "NONSMOOTH_DATA: no folder no-such-folder" });
    const empty = findings({ dataFolder: folder });
    expect(empty("data")).toMatchObject({ ...missing, found: `NONSMOOTH_DATA: no data set in ${folder}` });
  });
});

test("without a compiler programs of users cannot be read", () => {
  expect(findings({ typescript: undefined })("TypeScript, for programs of yours")?.status).toBe("missing");
});

describe("the self-test", () => {
  test("passes", () => {
    expect(selfTest().filter(({ passed }) => !passed)).toEqual([]);
    expect(selfTest()).toHaveLength(5);
  });

  test("that fails is told", () => {
    const trials = [{ name: "sums", passed: false, found: "[4] in place of [5]" }];
    const host = { oldestNode: "20.19", node: "20.19.0", executableFolders: [], headerFolders: [] } as unknown as Host;
    const all = examine({ ...host, takesModule: () => true, exists: () => true, dataFolder: undefined }, trials);
    expect(all.at(-1)).toMatchObject({ item: "self-test: sums", found: "[4] in place of [5]", status: "failed" });
  });
});

test("the modules are well formed: this Node takes those that every Node takes", () => {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { validate: (bytes: Uint8Array) => boolean } };
  for (const feature of ["WebAssembly", "WebAssembly SIMD", "WebAssembly threads"] as const) {
    expect({ feature, taken: WebAssembly.validate(Uint8Array.from(wasmModules[feature])) }).toEqual({
      feature,
      taken: true,
    });
  }
});
