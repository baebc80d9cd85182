/** The command line as a value: it writes through the functions it is given, so that a test needs no process. */
import { readFileSync } from "node:fs";
import { AdError } from "@nonsmooth/ad-core";
import { Command, CommanderError } from "commander";
import { build as kinks } from "./kinks.ts";
import { CheckFailed, type Output } from "./output.ts";

/** What runs when nothing is asked for. */
const mainJob = ["kinks", "--spellings"];

/** Runs `nonsmooth` with these arguments; returns the exit code: 0 ok, 1 a check failed, 2 usage or bad input. */
export async function runCommand(args: readonly string[], output: Output): Promise<number> {
  try {
    await program(output).parseAsync(args.length === 0 ? mainJob : args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CheckFailed || error instanceof AdError) output.warn(`${error.message}\n`);
    if (error instanceof CheckFailed) return 1;
    if (error instanceof AdError) return 2;
    throw error;
  }
}

function program(output: Output): Command {
  const main = new Command("nonsmooth")
    .description("Cost, kinks and generalized derivatives of programs, measured and printed.")
    .version(version());
  main.addCommand(kinks(output));
  for (const command of [main, ...main.commands]) {
    command.exitOverride().configureOutput({ writeOut: output.write, writeErr: output.warn });
    command.allowExcessArguments(false);
  }
  return main;
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
