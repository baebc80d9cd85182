// What `gpuCheck` is asked for.
import { parseArgs } from "node:util";
import { AdError } from "@nonsmooth/ad-core";
import { wholeNumbers } from "../../cli/options.ts";

/** What can be asked for. */
export const commands = ["smoke", "products", "steps", "leak"] as const;

export type Command = (typeof commands)[number];

/** How an adapter is looked for: the GPU by Vulkan, the GPU by OpenGL, or a renderer on the CPU. */
export type Way = "hardware" | "opengl" | "software";

/** The arguments, read. */
export interface GpuCheckSettings {
  readonly command: Command;
  readonly way: Way;
  /** A file to which results are added, one line of JSON each; null for none. */
  readonly out: string | null;
  /** Runs of the leak check. */
  readonly runs: number;
}

/** Runs of the leak check: enough for a kilobyte each to be seen. */
const usualRuns = 10_000;

/** Reads `COMMAND`, `--software`, `--opengl`, `--out FILE`, `--runs N`. */
export function settingsOf(args: readonly string[]): GpuCheckSettings {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ software: { type: "boolean", default: false }, opengl: { type: "boolean", default: false } },
      ...{ out: { type: "string" }, runs: { type: "string", default: `${usualRuns}` } },
    },
  });
  const [command = "", ...others] = positionals;
  if (!isCommand(command) || others.length > 0)
    throw bad("no such command", commands.join(", "), positionals.join(" "));
  if (values.software && values.opengl) throw bad("two ways to an adapter", "--software or --opengl", "both");
  const [runs = 0, ...more] = wholeNumbers(values.runs);
  if (more.length > 0 || runs % 10 !== 0) throw bad("a number of runs", "one multiple of 10", values.runs);
  const way = values.software ? "software" : values.opengl ? "opengl" : "hardware";
  return { command, way, out: values.out ?? null, runs };
}

const isCommand = (text: string): text is Command => (commands as readonly string[]).includes(text);

const bad = (problem: string, expected: string, got: string): AdError =>
  new AdError({ code: "domain", where: "gpuCheck", problem, expected, got, remedy: "check the spelling" });
