/** `nonsmooth doctor`: what this machine offers, with remedies for what it lacks. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { delimiter } from "node:path";
import { wasm } from "@nonsmooth/ad-wasm";
import { Command } from "commander";
import { examine, type Finding, type Host } from "../studies/doctor.ts";
import { examineGpu } from "../studies/gpuReport.ts";
import { selfTest } from "../studies/selfTest.ts";
import { isWideAsked } from "../training/machines.ts";
import { gpuText } from "./gpuText.ts";
import { CheckFailed, type Output, RequirementMissing } from "./output.ts";
import { table } from "./table.ts";

interface DoctorOptions {
  readonly gpu?: true;
  readonly json?: true;
}

/** The command, with the examination that it prints. */
export function build(output: Output, examination: () => Promise<Finding[]> = here): Command {
  return new Command("doctor")
    .description("What this machine offers, and what to do about what it lacks.")
    .option("--gpu", "open the machine gpu, as NONSMOOTH_GPU says, and measure its device")
    .option("--json", "print one JSON object")
    .action(async ({ gpu, json }: DoctorOptions) => {
      if (gpu) return output.write(gpuText(await examineGpu(), json));
      const findings = await examination();
      output.write(json ? `${JSON.stringify({ schema: "nonsmooth.doctor/1", findings })}\n` : asText(findings));
      const named = (status: string): string[] =>
        findings.filter((finding) => finding.status === status).map(({ item }) => item);
      const [missing, failed] = [named("missing"), named("failed")];
      if (missing.length > 0) throw new RequirementMissing(`doctor: missing: ${missing.join("; ")}`);
      if (failed.length > 0) throw new CheckFailed(`doctor: failed: ${failed.join("; ")}`);
    });
}

function asText(findings: readonly Finding[]): string {
  const rows = findings.map(({ item, found, status, remedy }) => [item, found, status, remedy]);
  return `${table([["item", "found", "status", "remedy"], ...rows], 4).join("\n")}\n`;
}

/** This process, examined. */
const here = async (): Promise<Finding[]> => examine(await thisHost(), selfTest());

async function thisHost(): Promise<Host> {
  const { env, versions } = process;
  const { WebAssembly } = globalThis as unknown as WebGlobals;
  return {
    node: versions.node,
    oldestNode: oldestNode(),
    cores: cpus().length,
    memoryBytes: totalmem(),
    hasSharedMemory: typeof SharedArrayBuffer === "function" && typeof Atomics === "object",
    webgpu: webGpuVersion(),
    wideReason: wasm({ wide: isWideAsked() }).wideReason,
    typescript: await import("typescript").then(
      (module) => (module.default ?? module).version,
      () => undefined,
    ),
    dataFolder: env.NONSMOOTH_DATA || undefined,
    executableFolders: foldersIn(env.PATH),
    headerFolders: [
      "/usr/include",
      "/usr/local/include",
      ...foldersIn(env.CPATH),
      ...foldersIn(env.CPLUS_INCLUDE_PATH),
    ],
    takesModule: (bytes) => WebAssembly?.validate(bytes) ?? false,
    exists: existsSync,
  };
}

/** What Node has of a browser's globals. */
interface WebGlobals {
  readonly WebAssembly?: { readonly validate: (bytes: Uint8Array) => boolean };
}

/** The version of the package that the machine gpu would load. */
function webGpuVersion(): string | undefined {
  try {
    const ours = createRequire(import.meta.url).resolve("@nonsmooth/ad-gpu/package.json");
    const theirs = createRequire(ours).resolve("webgpu/package.json");
    return JSON.parse(readFileSync(theirs, "utf8")).version;
  } catch {
    return undefined;
  }
}

const foldersIn = (list: string | undefined): string[] =>
  (list ?? "").split(delimiter).filter((folder) => folder !== "");

/** As the package states it: `>=20.19`. */
function oldestNode(): string {
  const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return engines.node.replace(">=", "");
}
