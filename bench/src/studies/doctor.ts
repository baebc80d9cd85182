/** What a machine offers, and what to do about what it lacks. */
import { join } from "node:path";
import { foundIn } from "../data/find.ts";
import type { Trial } from "./selfTest.ts";
import { type WasmFeature, wasmModules } from "./wasmFeatures.ts";

/** What is asked of a machine; the command answers from its process, a test as it likes. */
export interface Host {
  /** Such as `20.19.0`. */
  readonly node: string;
  /** The oldest version that will do, such as `20.19`. */
  readonly oldestNode: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly hasSharedMemory: boolean;
  /** Version of the optional package `webgpu`; undefined when it is not installed. */
  readonly webgpu: string | undefined;
  /** Why the machine wasm has no vectors of 256 bits; null when it has. */
  readonly wideReason: string | null;
  /** Version of the compiler of TypeScript; undefined when there is none. */
  readonly typescript: string | undefined;
  /** The folder that NONSMOOTH_DATA names; undefined when it is not set. */
  readonly dataFolder: string | undefined;
  /** Folders of executables, and of C++ headers. */
  readonly executableFolders: readonly string[];
  readonly headerFolders: readonly string[];
  /** Whether WebAssembly takes this module; false also when there is no WebAssembly. */
  readonly takesModule: (bytes: Uint8Array) => boolean;
  readonly exists: (path: string) => boolean;
}

/** `missing` is required and not there; what is not required and not there is `not needed`. */
export type Status = "ok" | "missing" | "not needed" | "failed";

/** One line of the report. */
export interface Finding {
  readonly item: string;
  readonly found: string;
  readonly status: Status;
  /** What to do; empty when there is nothing to do. */
  readonly remedy: string;
}

/** Looks at everything, in the order of the report. */
export function examine(host: Host, trials: readonly Trial[]): Finding[] {
  return [
    nodeOf(host),
    present("processor cores", `${host.cores}`),
    present("memory", `${(host.memoryBytes / 2 ** 30).toFixed(1)} GiB`),
    optional("shared memory, atomics", host.hasSharedMemory, "only for threads of the machine wasm"),
    ...wasmOf(host),
    typescriptOf(host),
    dataOf(host),
    ...peersOf(host),
    webGpuOf(host),
    present("machine: reference", "yes"),
    machineWasm(host),
    wideOf(host),
    absent("machine: gpu", "not tried", "nonsmooth doctor --gpu tries it"),
    ...trials.map(({ name, passed, found }) =>
      passed ? present(`self-test: ${name}`, found) : { ...failed, item: `self-test: ${name}`, found },
    ),
  ];
}

const failed = { status: "failed", remedy: "report this, with the version of Node and the kind of processor" } as const;

const present = (item: string, found: string): Finding => ({ item, found, status: "ok", remedy: "" });

const absent = (item: string, found: string, remedy = ""): Finding => ({ item, found, status: "not needed", remedy });

const optional = (item: string, isThere: boolean, remedy: string): Finding =>
  isThere ? present(item, "yes") : absent(item, "no", remedy);

function nodeOf({ node, oldestNode }: Host): Finding {
  const [have, need] = [node, oldestNode].map((version) => version.split(".").map(Number)) as [number[], number[]];
  const [major, minor] = [(have[0] ?? 0) - (need[0] ?? 0), (have[1] ?? 0) - (need[1] ?? 0)];
  const item = "Node";
  if (major > 0 || (major === 0 && minor >= 0)) return present(item, node);
  return { item, found: node, status: "missing", remedy: `install Node ${oldestNode} or newer` };
}

const wasmUses: Readonly<Record<WasmFeature, string>> = {
  WebAssembly: "only for the machine wasm",
  "WebAssembly SIMD": "only for the machine wasm",
  "WebAssembly relaxed SIMD": "only for fma of the machine wasm",
  "WebAssembly threads": "only for threads of the machine wasm",
};

/** The machine needs vectors; threads are a bonus. */
function machineWasm({ takesModule }: Host): Finding {
  const item = "machine: wasm";
  if (takesModule(Uint8Array.from(wasmModules["WebAssembly SIMD"]))) return present(item, "yes");
  return { item, found: "no WebAssembly SIMD", status: "missing", remedy: "take a newer Node, or --machine reference" };
}

function wideOf({ wideReason }: Host): Finding {
  const item = "machine: wasm, 256 bits (wide)";
  if (wideReason === null) return present(item, "on");
  return absent(item, `off, because ${wideReason}`, "for speed, set NONSMOOTH_WIDE=1 with Node 24 or newer on x64");
}

function webGpuOf({ webgpu }: Host): Finding {
  const item = "WebGPU: package webgpu";
  if (webgpu !== undefined) return present(item, webgpu);
  return absent(item, "no", "only for the machine gpu: npm install webgpu@0.6.2");
}

function wasmOf({ takesModule }: Host): Finding[] {
  return Object.entries(wasmModules).map(([feature, bytes]) =>
    optional(feature, takesModule(Uint8Array.from(bytes)), wasmUses[feature as WasmFeature]),
  );
}

function typescriptOf({ typescript }: Host): Finding {
  const item = "TypeScript, for programs of yours";
  if (typescript !== undefined) return present(item, typescript);
  return { item, found: "no", status: "missing", remedy: "install again: it comes with nonsmooth" };
}

/** A folder that is named must have data sets, which are not read; without a name digits are generated. */
function dataOf({ dataFolder, exists }: Host): Finding {
  const item = "data";
  if (dataFolder === undefined) {
    const remedy =
      "set it to a folder of data sets to use these, not generated digits; nonsmooth data says what to put there";
    return absent(item, "NONSMOOTH_DATA is not set", remedy);
  }
  const names = foundIn(dataFolder);
  if (names.length > 0) return present(item, names.join(", "));
  const found = `NONSMOOTH_DATA: ${exists(dataFolder) ? "no data set in" : "no folder"} ${dataFolder}`;
  return { item, found, status: "missing", remedy: "run nonsmooth data, which says what to put there, or unset it" };
}

/** What other engines need that `nonsmooth` can be compared with. */
function peersOf({ executableFolders, headerFolders, exists }: Host): Finding[] {
  const remedy = "only for comparing speed with other engines";
  const find = (folders: readonly string[], names: readonly string[]): boolean =>
    folders.some((folder) => names.some((name) => exists(join(folder, name))));
  return [
    optional("g++", find(executableFolders, ["g++", "g++.exe"]), remedy),
    optional("CppAD headers", find(headerFolders, ["cppad/cppad.hpp"]), remedy),
    optional("ADOL-C headers", find(headerFolders, ["adolc/adolc.h"]), remedy),
  ];
}
