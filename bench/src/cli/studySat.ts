/** `nonsmooth study sat`: a formula as a network of relus, whose derivative at 0 is as hard to know as the formula. */
import { Command, InvalidArgumentError, Option } from "commander";
import { readFormula } from "../studies/sat/dimacs.ts";
import { type NetworkName, networkNames, type SatSettings, satStudy } from "../studies/sat/study.ts";
import { wholeNumber } from "./options.ts";
import { CheckFailed, type Output } from "./output.ts";
import { satText } from "./studySatText.ts";

interface SatOptions {
  readonly network: NetworkName | "both";
  readonly timeLimit: number;
  readonly reluAtZero: readonly number[];
  readonly seed: number;
  readonly json?: true;
}

/** The command; `now` is the clock of the search, in milliseconds. */
export function build(output: Output, now: () => number = Date.now): Command {
  return new Command("sat")
    .description(
      "A formula as a network of relus: elements of the field of backpropagation are easy to find, whether there is a derivative at 0 is not.",
    )
    .argument("<file>", "a formula of the format DIMACS CNF, with clauses of up to 3 literals")
    .addOption(new Option("--network <name>", "how it is built").choices([...networkNames, "both"]).default("both"))
    .addOption(
      new Option("--time-limit <seconds>", "of the search for signs that satisfy it").argParser(seconds).default(10),
    )
    .addOption(
      new Option("--relu-at-zero <k,...>", "slopes of relu at 0 for backpropagation")
        .argParser(slopes)
        .default([0, 0.5, 1]),
    )
    .addOption(new Option("--seed <number>", "seed of the direction of the element").argParser(wholeNumber).default(1))
    .option("--json", "print one JSON object")
    .action((file: string, options: SatOptions) => run(output, file, options, now));
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < Infinity) return value;
  throw new InvalidArgumentError("Expected a number of seconds from 0.");
}

function slopes(text: string): number[] {
  const parts = text.split(",");
  if (parts.every((part) => part.trim() !== "" && Number.isFinite(Number(part)))) return parts.map(Number);
  throw new InvalidArgumentError("Expected numbers, such as 0,0.5,1.");
}

function run(output: Output, file: string, options: SatOptions, now: () => number): void {
  const { network, timeLimit, reluAtZero, seed, json } = options;
  const formula = readFormula(file);
  output.warn(`study sat: ${formula.clauses.length} clauses, searching for at most ${timeLimit} s\n`);
  const networks = network === "both" ? networkNames : [network];
  const settings: SatSettings = { networks, timeLimit, reluAtZero, seed, now };
  const study = satStudy(formula, settings);
  output.write(
    json ? `${JSON.stringify({ schema: "nonsmooth.study.sat/1", file, ...study })}\n` : satText(file, study),
  );
  const wrong = study.networks.filter(({ verdict: { value } }) => value !== null && !(value > 0));
  if (wrong.length > 0)
    throw new CheckFailed(
      `study sat: the network ${wrong.map((one) => one.network).join(", ")} is not positive at the point`,
    );
}
