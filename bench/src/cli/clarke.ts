/** `nonsmooth clarke`: what backpropagation answers at a program's arguments, beside elements of the Clarke subdifferential. */
import { Command, InvalidArgumentError, Option } from "commander";
import { findProgram } from "../programs/index.ts";
import { clarkeStudy } from "../studies/clarke.ts";
import { clarkeText } from "./clarkeText.ts";
import { type CommonOptions, commonOptions, parseSelect, tolerance, wholeNumber } from "./options.ts";
import type { Output } from "./output.ts";

interface ClarkeCommandOptions extends CommonOptions {
  readonly inputs?: number;
  readonly batch?: number;
  readonly elements: number;
  readonly tolerance: number;
}

/** The command. */
export function build(output: Output): Command {
  const command = new Command("clarke")
    .description("What backpropagation answers, beside elements of the Clarke subdifferential along random directions.")
    .argument("<program>", "a built-in program as in cost, or the path of a .ts or .js file")
    .addOption(new Option("--inputs <n>", "size of the program").argParser(wholeNumber))
    .addOption(new Option("--batch <n>", "number of images").argParser(wholeNumber))
    .addOption(new Option("--elements <n>", "how many elements to look for").argParser(count).default(3))
    .addOption(
      new Option("--tolerance <t>", "branches this close tie; nothing is promised then")
        .argParser(tolerance)
        .default(0),
    );
  return commonOptions(command).action((name: string, options: ClarkeCommandOptions) => run(output, name, options));
}

function count(text: string): number {
  const value = wholeNumber(text);
  if (value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError("Expected a whole number from 1 to 1000.");
}

async function run(output: Output, name: string, options: ClarkeCommandOptions): Promise<void> {
  const { seed, dtype, inputs, batch, elements, tolerance } = options;
  const source = await findProgram(name);
  const sizes = { ...(inputs === undefined ? {} : { inputs }), ...(batch === undefined ? {} : { batch }) };
  const program = await source.build({ seed, dtype, ...sizes });
  const study = clarkeStudy(program, { select: parseSelect(options.select), seed, elements, tolerance });
  output.write(
    options.json ? `${JSON.stringify({ schema: "nonsmooth.clarke/1", tolerance, ...study })}\n` : clarkeText(study),
  );
}
