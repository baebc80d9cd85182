/** `nonsmooth study traps`: published examples of wrong derivatives, each asked of the engine and compared. */
import { Command } from "commander";
import { disagreements, type TrapStudy, trapStudy } from "../studies/traps/index.ts";
import { CheckFailed, type Output } from "./output.ts";
import { trapsText } from "./studyTrapsText.ts";

/** The subcommand, with the study that it prints. */
export const buildStudyTraps = (output: Output, study: () => TrapStudy = trapStudy): Command =>
  new Command("traps")
    .description("Small programs whose derivatives are wrong over the reals, or in floating point alone.")
    .option("--json", "print one JSON object")
    .action(({ json }: { json?: true }) => {
      const found = study();
      output.write(json ? `${JSON.stringify({ schema: "nonsmooth.study.traps/1", ...found })}\n` : trapsText(found));
      const wrong = disagreements(found);
      if (wrong.length === 0) return;
      const [first] = wrong as [(typeof wrong)[0]];
      const more = wrong.length === 1 ? "" : `, and ${wrong.length - 1} more`;
      const answer = `expected ${first.expected.join(", ")}, got ${first.returned.join(", ")}`;
      throw new CheckFailed(`traps: ${first.what}, ${first.at}, ${first.choice}, ${first.dtype}: ${answer}${more}`);
    });
