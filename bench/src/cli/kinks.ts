/** `nonsmooth kinks`: what happens at kinks. For now: one function, several spellings. */
import { styleText } from "node:util";
import { Command, Option } from "commander";
import {
  disagreements,
  type FunctionResult,
  type Interval,
  type RealDType,
  type SpellingStudy,
  spellingStudy,
} from "../studies/spellings.ts";
import { CheckFailed, type Output } from "./output.ts";
import { table } from "./table.ts";

interface KinksOptions {
  readonly dtype: RealDType;
  readonly json?: true;
}

/** The command, with the study that it prints. */
export function build(output: Output, study: (dtype: RealDType) => SpellingStudy = spellingStudy): Command {
  return new Command("kinks")
    .description("What the derivative is at kinks, and who decides it.")
    .requiredOption("--spellings", "one function in several spellings, its derivative at 0 for each selection")
    .addOption(new Option("--dtype <name>", "number format").choices(["f64", "f32", "f16", "bf16"]).default("f64"))
    .option("--json", "print one JSON object")
    .action(({ dtype, json }: KinksOptions) => {
      const found = study(dtype);
      output.write(json ? `${JSON.stringify(asJson(found))}\n` : asText(found, output.colours));
      const broken = disagreements(found);
      if (broken.length > 0) throw new CheckFailed(`kinks: the two modes disagree: ${broken.join("; ")}`);
    });
}

function asJson(study: SpellingStudy): object {
  return { schema: "nonsmooth.spellings/1", ...study };
}

/** A star marks what is not a member; a terminal shows it in red too. */
const outside = "*";

function asText(study: SpellingStudy, colours: boolean): string {
  const lines = study.functions.flatMap((result) => [
    `${result.name}: derivative at ${study.at}; Clarke subdifferential ${intervalText(result.clarke)}`,
    "",
    ...table([["spelling", ...study.selections.map((name) => `${name} `), "modes"], ...rowsOf(result)]).map(
      (line) => `  ${colours ? red(line) : line}`,
    ),
    "",
  ]);
  return [...lines, ...notes, `computed in ${study.dtype}`, ""].join("\n");
}

const notes = [
  `${outside} outside the Clarke subdifferential: no mixture of the derivatives on the two sides`,
  "branches in written order: relu and clamp [0, x], maximum(x, 0) [x, 0], abs [-x, x]; where has none to select",
  "modes: whether reverse and forward mode give the same number for every selection of the row",
];

function rowsOf({ spellings }: FunctionResult): string[][] {
  return spellings.map(({ spelling, derivatives }) => [
    spelling,
    ...derivatives.map(({ reverse, member }) => `${reverse}${member ? " " : outside}`),
    derivatives.every(({ agree }) => agree) ? "agree" : "DIFFER",
  ]);
}

const intervalText = ({ low, high }: Interval): string => (low === high ? `{${low}}` : `[${low}, ${high}]`);

/** Colours the numbers that carry a star. */
const red = (line: string): string =>
  line.replace(/-?[\d.]+\*/g, (cell) => styleText("red", cell, { validateStream: false }));
