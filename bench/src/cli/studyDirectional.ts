/** `nonsmooth study directional`: n directional derivatives hold a product of n x n matrices, so they cannot all be cheap. */
import { Command, Option } from "commander";
import { directionalStudy } from "../studies/directional/study.ts";
import { wholeNumber, wholeNumbers } from "./options.ts";
import { CheckFailed, type Output } from "./output.ts";
import { directionalText } from "./studyDirectionalText.ts";

interface DirectionalOptions {
  readonly sizes: readonly number[];
  readonly function: "relu" | "abs";
  readonly seed: number;
  readonly json?: true;
}

/** The command. */
export function build(output: Output): Command {
  return new Command("directional")
    .description("n directional derivatives of one function hold a product of n x n matrices: what they cost.")
    .addOption(new Option("--sizes <n,...>", "sizes of the matrices").argParser(wholeNumbers).default([2, 4, 8, 16]))
    .addOption(new Option("--function <name>", "what is summed up").choices(["relu", "abs"]).default("relu"))
    .addOption(new Option("--seed <number>", "seed of the matrices").argParser(wholeNumber).default(1))
    .option("--json", "print one JSON object")
    .action((options: DirectionalOptions) => run(output, options));
}

function run(output: Output, { function: kinked, sizes, seed, json }: DirectionalOptions): void {
  const tell = (n: number, index: number): void =>
    output.warn(`study directional: ${index + 1} of ${sizes.length}, n = ${n}\n`);
  const study = directionalStudy(kinked, sizes, seed, tell);
  output.write(
    json ? `${JSON.stringify({ schema: "nonsmooth.study.directional/1", ...study })}\n` : directionalText(study),
  );
  const wrong = study.rows.filter(({ difference }) => difference !== 0).map(({ n }) => n);
  if (wrong.length > 0)
    throw new CheckFailed(`study directional: the product that was read off is wrong for n = ${wrong.join(", ")}`);
}
