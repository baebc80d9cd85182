/** `nonsmooth clarke`: what backpropagation answers at a point, beside the Clarke subdifferential there. */
import { AdError } from "@nonsmooth/ad-core";
import { Command, InvalidArgumentError, Option } from "commander";
import { writeWhole } from "../files/writeWhole.ts";
import { findProgram } from "../programs/index.ts";
import { type ClarkeStudy, clarkeStudy } from "../studies/clarke.ts";
import { parseSelect } from "../training/selections.ts";
import { clarkePlot } from "./clarkePlot.ts";
import { clarkeText } from "./clarkeText.ts";
import { type CommonOptions, commonOptions, numberList, tolerance, wholeNumber } from "./options.ts";
import type { Output } from "./output.ts";

interface ClarkeCommandOptions extends CommonOptions {
  readonly inputs?: number;
  readonly batch?: number;
  readonly at?: readonly number[];
  readonly direction: readonly (readonly number[])[];
  readonly elements: number;
  readonly limit: number;
  readonly tolerance: number;
  readonly svg?: string;
}

/** The command. */
export function build(output: Output): Command {
  const command = new Command("clarke")
    .description("What backpropagation answers at a point, beside the Clarke subdifferential: is it an element?")
    .argument("<program>", "a built-in program as in cost, or the path of a .ts or .js file")
    .addOption(new Option("--inputs <n>", "size of the program").argParser(wholeNumber))
    .addOption(new Option("--batch <n>", "number of images").argParser(wholeNumber))
    .addOption(
      new Option("--at <x,...>", "the point: entries of all that the gradient is for, or one for all").argParser(
        numberList,
      ),
    )
    .addOption(
      new Option("--direction <d,...>", "a direction for f'(x; d); may be repeated")
        .argParser((text: string, earlier: readonly (readonly number[])[]) => [...earlier, numberList(text)])
        .default([], "none"),
    )
    .addOption(new Option("--elements <n>", "elements along random directions").argParser(count).default(3))
    .addOption(
      new Option("--limit <n>", "nodes of the search for all limits of gradients; 0 for no search")
        .argParser(wholeNumber)
        .default(2000),
    )
    .addOption(
      new Option("--tolerance <t>", "branches this close tie; nothing is promised then")
        .argParser(tolerance)
        .default(0),
    )
    .option("--svg <file>", "draw limits, hull and the answer, for gradients of two entries");
  return commonOptions(command).action((name: string, options: ClarkeCommandOptions) => run(output, name, options));
}

function count(text: string): number {
  const value = wholeNumber(text);
  if (value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError("Expected a whole number from 1 to 1000.");
}

async function run(output: Output, name: string, options: ClarkeCommandOptions): Promise<void> {
  const { seed, dtype, inputs, batch, at, direction, elements, limit, tolerance, svg } = options;
  const source = await findProgram(name);
  const sizes = { ...(inputs === undefined ? {} : { inputs }), ...(batch === undefined ? {} : { batch }) };
  const program = await source.build({ seed, dtype, ...sizes });
  const settings = { select: parseSelect(options.select), seed, elements, limit, tolerance, directions: direction };
  const study = await clarkeStudy(program, { ...settings, ...(at && { at }) });
  if (svg !== undefined) writeWhole(svg, plotOf(study));
  output.write(
    options.json ? `${JSON.stringify({ schema: "nonsmooth.clarke/2", tolerance, ...study })}\n` : clarkeText(study),
  );
}

/** The picture, where there is one. */
function plotOf(study: ClarkeStudy): string {
  if (study.entries === 2 && study.set?.limits.gradients) return clarkePlot(study);
  throw new AdError({
    code: "domain",
    where: "--svg",
    problem: "nothing to draw",
    expected: "a gradient of two entries, and a search that lists its limits",
    got: study.entries === 2 ? "no list of limits" : `${study.entries} entries`,
    remedy: study.entries === 2 ? "raise --limit" : "leave --svg out",
  });
}
