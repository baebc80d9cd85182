/** `nonsmooth study park`: where plain backpropagation answers with an element of the Clarke subdifferential. */
import { Command, InvalidArgumentError, Option } from "commander";
import { type ParkSettings, parkStudy } from "../studies/park/study.ts";
import { wholeNumber } from "./options.ts";
import { CheckFailed, type Output } from "./output.ts";
import { parkText } from "./studyParkText.ts";

interface ParkOptions extends ParkSettings {
  readonly json?: true;
}

/** The command. */
export function build(output: Output): Command {
  return new Command("park")
    .description(
      "Where backpropagation answers with an element of the Clarke subdifferential: small networks at kinks.",
    )
    .addOption(new Option("--trials <n>", "networks in each family").argParser(count).default(40))
    .addOption(
      new Option("--limit <n>", "nodes of the search for all limits of gradients, for each network")
        .argParser(count)
        .default(5000),
    )
    .addOption(new Option("--seed <number>", "seed of all that is drawn").argParser(wholeNumber).default(1))
    .option("--json", "print one JSON object")
    .action((options: ParkOptions) => run(output, options));
}

function count(text: string): number {
  const value = wholeNumber(text);
  if (value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError("Expected a whole number from 1 to 100000.");
}

async function run(output: Output, { json, ...settings }: ParkOptions): Promise<void> {
  const study = await parkStudy(settings, (family, index) =>
    output.warn(`study park: family ${index + 1}, ${family}\n`),
  );
  output.write(json ? `${JSON.stringify({ schema: "nonsmooth.study.park/1", ...study })}\n` : parkText(study));
  const broken = study.families.filter(({ isPromised, others }) => isPromised && others > 0);
  if (broken.length > 0)
    throw new CheckFailed(
      `study park: what a theorem promises is no element: ${broken.map(({ name }) => name).join("; ")}`,
    );
}
