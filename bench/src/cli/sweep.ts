/** `nonsmooth sweep`: runs the jobs of a sweep, says how far it is, and prints its results. */
import { readFileSync } from "node:fs";
import { AdError } from "@nonsmooth/ad-core";
import { Command } from "commander";
import { kinds } from "../studies/jobs.ts";
import { checkManifest, type Manifest } from "../sweeps/manifest.ts";
import { runSweep, type SweepEnd } from "../sweeps/runSweep.ts";
import { collectLines, type SweepStatus, statusOf } from "../sweeps/status.ts";
import { SweepFolder } from "../sweeps/sweepFolder.ts";
import { CheckFailed, Interrupted, type Output } from "./output.ts";
import { stopper } from "./stopper.ts";
import { threadsOption } from "./studyMachine.ts";
import { sweepTeller } from "./sweepTeller.ts";

interface RunOptions {
  readonly threads?: number;
  readonly manifest?: string;
  readonly json?: true;
}

/** The command. */
export function build(output: Output): Command {
  return new Command("sweep")
    .description("Sweeps of jobs: each result is a file, and running again makes only what is missing.")
    .addCommand(runCommand(output))
    .addCommand(statusCommand(output))
    .addCommand(collectCommand(output));
}

function runCommand(output: Output): Command {
  return new Command("run")
    .description("Makes the results that are missing; Ctrl-C stops it, and running again goes on.")
    .argument("<dir>", "folder of the sweep")
    .addOption(threadsOption())
    .option("--manifest <file>", "begins a sweep in the folder with this manifest")
    .option("--json", "print one JSON object")
    .action((dir: string, options: RunOptions) => run(output, dir, options));
}

function statusCommand(output: Output): Command {
  return new Command("status")
    .description("How many results are there, how many are missing, which jobs failed and why.")
    .argument("<dir>", "folder of the sweep")
    .option("--json", "print one JSON object")
    .action((dir: string, { json }: { json?: true }) => {
      const found = statusOf(dir);
      output.write(json ? `${JSON.stringify({ schema: "nonsmooth.sweepStatus/1", ...found })}\n` : statusText(found));
    });
}

function collectCommand(output: Output): Command {
  return new Command("collect")
    .description("The results in the manifest's order, one JSON object a line: id, kind, parameters, result.")
    .argument("<dir>", "folder of the sweep")
    .action((dir: string) => {
      output.write(collectLines(dir).join(""));
      const { missing, jobs } = statusOf(dir);
      if (missing > 0) output.warn(`sweep: ${missing} of ${jobs} results are missing\n`);
    });
}

async function run(output: Output, dir: string, { threads, manifest: file, json }: RunOptions): Promise<void> {
  const manifest = file === undefined ? new SweepFolder(dir).manifest() : readManifest(file);
  const stop = stopper();
  try {
    const onProgress = sweepTeller(output);
    const limit = threads === undefined ? {} : { threads };
    const end = await runSweep({ kinds, manifest, folder: dir, ...limit, onProgress, signal: stop.signal });
    output.warn("\n");
    output.write(json ? `${JSON.stringify({ schema: "nonsmooth.sweepEnd/1", ...end })}\n` : endText(manifest, end));
    if (end.status === "stopped") throw new Interrupted(`sweep: stopped; go on with nonsmooth sweep run ${dir}`);
    if (end.failed > 0) throw new CheckFailed(`sweep: jobs failed; nonsmooth sweep status ${dir} says why`);
  } finally {
    stop.release();
  }
}

function readManifest(file: string): Manifest {
  try {
    return checkManifest(JSON.parse(readFileSync(file, "utf8")), file);
  } catch (error) {
    if (error instanceof AdError) throw error;
    const [problem, expected] = ["no manifest can be read", "a file with JSON"];
    const got = (error as Error).message;
    throw new AdError({ code: "data", where: file, problem, expected, got, remedy: "choose another file" });
  }
}

const endText = ({ study }: Manifest, { status, jobs, done, failed }: SweepEnd): string =>
  `${study}: ${status}, ${done} of ${jobs} results are there, ${failed} failed\n`;

function statusText({ study, jobs, done, missing, failed, seconds }: SweepStatus): string {
  const lines = failed.map(({ id, kind, message }) => `  ${id} ${kind}: ${message}\n`);
  const head = `${study}: ${done} of ${jobs} results are there, ${missing} missing, of which ${failed.length} failed\n`;
  return [head, `${seconds.toFixed(1)} s of work on one core so far\n`, ...lines].join("");
}
