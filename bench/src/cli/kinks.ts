/** `nonsmooth kinks`: which kinks a program meets, or what the derivative is there for each way of writing a function. */
import { type KinkReport, kinks } from "@nonsmooth/ad-core";
import { Command, Option } from "commander";
import { findProgram } from "../programs/index.ts";
import type { BuiltProgram } from "../programs/types.ts";
import { disagreements, type RealDType, type SpellingStudy, spellingStudy } from "../studies/spellings.ts";
import { kinksText } from "./kinksText.ts";
import { tolerance, wholeNumber } from "./options.ts";
import { CheckFailed, type Output } from "./output.ts";
import { spellingsText } from "./spellingsText.ts";

interface KinksOptions {
  readonly spellings?: true;
  readonly dtype: RealDType;
  readonly seed: number;
  readonly inputs?: number;
  readonly batch?: number;
  readonly tolerance: number;
  readonly limit: number;
  readonly json?: true;
}

/** The command, with the study of spellings that it prints. */
export function build(output: Output, study: (dtype: RealDType) => SpellingStudy = spellingStudy): Command {
  const command = new Command("kinks")
    .description("Which kinks a program meets at its arguments; or, with --spellings, what the derivative is at kinks.")
    .argument("[program]", "a built-in program as in cost, or the path of a .ts or .js file")
    .option("--spellings", "one function in several spellings, its derivative at 0 for each selection")
    .addOption(new Option("--inputs <n>", "size of the program").argParser(wholeNumber))
    .addOption(new Option("--batch <n>", "number of images").argParser(wholeNumber))
    .addOption(new Option("--tolerance <t>", "branches this close tie").argParser(tolerance).default(0))
    .addOption(new Option("--limit <n>", "places listed for each instruction").argParser(wholeNumber).default(5))
    .addOption(new Option("--seed <number>", "seed of all that is drawn").argParser(wholeNumber).default(1))
    .addOption(new Option("--dtype <name>", "number format").choices(["f64", "f32", "f16", "bf16"]).default("f64"))
    .option("--json", "print one JSON object");
  return command.action(async (name: string | undefined, options: KinksOptions) => {
    if (options.spellings && name === undefined) return writeSpellings(output, study(options.dtype), options.json);
    if (options.spellings || name === undefined)
      command.error("error: expected a program or --spellings, and not both");
    await writeKinks(output, name as string, options);
  });
}

function writeSpellings(output: Output, found: SpellingStudy, json: true | undefined): void {
  const text = (): string => spellingsText(found, output.colours);
  output.write(json ? `${JSON.stringify({ schema: "nonsmooth.spellings/1", ...found })}\n` : text());
  const broken = disagreements(found);
  if (broken.length > 0) throw new CheckFailed(`kinks: the two modes disagree: ${broken.join("; ")}`);
}

async function writeKinks(output: Output, name: string, options: KinksOptions): Promise<void> {
  const { seed, dtype, inputs, batch, tolerance, limit } = options;
  const source = await findProgram(name);
  const sizes = { ...(inputs === undefined ? {} : { inputs }), ...(batch === undefined ? {} : { batch }) };
  const program = await source.build({ seed, dtype, ...sizes });
  const report = kinks(program.f as never, program.args as never, { tolerance, limit });
  output.write(options.json ? `${JSON.stringify(asJson(program, report, tolerance))}\n` : kinksText(program, report));
}

const asJson = ({ name, parameters }: BuiltProgram, report: KinkReport, tolerance: number): object => ({
  schema: "nonsmooth.kinks/1",
  program: name,
  parameters,
  tolerance,
  ...report,
});
