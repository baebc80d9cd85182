/** The command line as a value: it writes through the functions it is given, so that a test needs no process. */
import { readFileSync } from "node:fs";
import { AdError } from "@nonsmooth/ad-core";
import { Command, CommanderError } from "commander";
import { isMissingDevice } from "../training/gpuMachine.ts";
import { build as clarke } from "./clarke.ts";
import { build as compare } from "./compare.ts";
import { build as cost } from "./cost.ts";
import { build as data } from "./data.ts";
import { build as doctor } from "./doctor.ts";
import { build as kinks } from "./kinks.ts";
import { CheckFailed, Interrupted, type Output, RequirementMissing } from "./output.ts";
import { build as report } from "./report.ts";
import { build as study } from "./study.ts";
import { build as summary } from "./summary.ts";
import { build as sweep } from "./sweep.ts";
import { build as train } from "./train.ts";
import { build as zones } from "./zones.ts";

/** What runs when nothing is asked for. */
const mainJob = ["cost", "lenet5"];

/** Errors that are told in one sentence, and the exit code of each. */
const codes: readonly (readonly [isOf: (error: unknown) => boolean, code: number])[] = [
  [(error) => error instanceof CheckFailed, 1],
  [(error) => error instanceof RequirementMissing || isMissingDevice(error), 3],
  [(error) => error instanceof AdError, 2],
  [(error) => error instanceof Interrupted, 130],
];

/** Runs `nonsmooth` with these arguments; returns the exit code: 0 ok, 1 a check failed, 2 usage or bad input, 3 a requirement missing, 130 interrupted. */
export async function runCommand(args: readonly string[], output: Output): Promise<number> {
  try {
    await program(output).parseAsync(args.length === 0 ? mainJob : args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const code = codes.find(([isOf]) => isOf(error))?.[1];
    if (code === undefined) throw error;
    output.warn(`${(error as Error).message}\n`);
    return code;
  }
}

function program(output: Output): Command {
  const main = new Command("nonsmooth")
    .description("Cost, kinks and generalized derivatives of programs, measured and printed.")
    .version(version());
  for (const build of [cost, train, compare, summary, kinks, clarke, study, zones, sweep, report, data, doctor])
    main.addCommand(build(output));
  for (const command of everyCommand(main)) {
    command.exitOverride().configureOutput({ writeOut: output.write, writeErr: output.warn });
    command.allowExcessArguments(false);
  }
  return main;
}

const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
