/** The command line as a value: it writes through the function it is given, so that a test needs no process. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";

/** Where a command writes: results to `write`, everything else to `warn`. */
export interface Output {
  write: (text: string) => void;
  warn: (text: string) => void;
}

/** Runs `nonsmooth` with these arguments; returns the exit code: 0 ok, 2 usage. Without arguments it prints the help. */
export async function runCommand(args: readonly string[], output: Output): Promise<number> {
  try {
    await program(output).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

function program({ write, warn }: Output): Command {
  const command = new Command("nonsmooth")
    .description("Cost, kinks and generalized derivatives of programs, measured and printed.")
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: warn })
    .allowExcessArguments(false);
  return command.action(() => command.outputHelp());
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
