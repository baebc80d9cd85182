/** `nonsmooth doctor`: what this machine offers, with remedies for what it lacks. */
import { existsSync, readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { delimiter } from "node:path";
import { wasm } from "@nonsmooth/ad-wasm";
import { Command } from "commander";
import { examine, type Finding, type Host } from "../studies/doctor.ts";
import { selfTest } from "../studies/selfTest.ts";
import { isWideAsked } from "../training/machines.ts";
import { CheckFailed, type Output, RequirementMissing } from "./output.ts";
import { table } from "./table.ts";

/** The command, with the examination that it prints. */
export function build(output: Output, examination: () => Promise<Finding[]> = here): Command {
  return new Command("doctor")
    .description("What this machine offers, and what to do about what it lacks.")
    .option("--json", "print one JSON object")
    .action(async ({ json }: { readonly json?: true }) => {
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
  const { WebAssembly, navigator } = globalThis as unknown as WebGlobals;
  return {
    node: versions.node,
    oldestNode: oldestNode(),
    cores: cpus().length,
    memoryBytes: totalmem(),
    hasSharedMemory: typeof SharedArrayBuffer === "function" && typeof Atomics === "object",
    hasWebGpu: navigator?.gpu !== undefined,
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
  readonly navigator?: { readonly gpu?: unknown };
}

const foldersIn = (list: string | undefined): string[] =>
  (list ?? "").split(delimiter).filter((folder) => folder !== "");

/** As the package states it: `>=20.19`. */
function oldestNode(): string {
  const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return engines.node.replace(">=", "");
}
