/** The study of spellings as text. */
import { styleText } from "node:util";
import type { FunctionResult, Interval, SpellingStudy } from "../studies/spellings.ts";
import { table } from "./table.ts";

/** A star marks what is not a member; a terminal shows it in red too. */
const outside = "*";

/** Each function with its table. */
export function spellingsText(study: SpellingStudy, colours: boolean): string {
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
