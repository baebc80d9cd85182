/** `nonsmooth data`: which data sets are found, and how to get those that are not. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { AdError } from "@nonsmooth/ad-core";
import { Command } from "commander";
import { dataFolder } from "../data/find.ts";
import { type DataContents, type DataFinding, surveyData } from "../studies/data.ts";
import { CheckFailed, type Output } from "./output.ts";
import { table } from "./table.ts";

/** The command, with the survey that it prints. */
export function build(output: Output, survey: typeof surveyData = surveyData): Command {
  return new Command("data")
    .description("Which data sets are found, whether they are whole, and how to get those that are not.")
    .option("--data <folder>", "folder of data sets; NONSMOOTH_DATA when absent")
    .option("--json", "print one JSON object")
    .action(({ data, json }: { readonly data?: string; readonly json?: true }) => {
      const folder = dataFolder(data);
      checkFolder(folder, data === undefined ? "NONSMOOTH_DATA" : "--data");
      const findings = survey(folder);
      const printed = { schema: "nonsmooth.data/1", folder: folder ?? null, findings };
      output.write(json ? `${JSON.stringify(printed)}\n` : asText(findings, folder));
      const bad = findings.filter(({ status, checksum }) => status === "broken" || checksum === "wrong");
      if (bad.length > 0) throw new CheckFailed(`data: broken or wrong: ${bad.map(({ name }) => name).join(", ")}`);
    });
}

/** A folder that is named must be there. */
function checkFolder(folder: string | undefined, where: string): void {
  if (folder === undefined || statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const [problem, remedy] = ["the folder of data is not there", "create it, or name another"];
  throw new AdError({ code: "missing", where, problem, expected: "a folder", got: folder, remedy });
}

function asText(findings: readonly DataFinding[], folder: string | undefined): string {
  const head = folder === undefined ? "No folder of data: name one by --data or NONSMOOTH_DATA." : `Data in ${folder}`;
  const rows = findings.map((finding) => [
    finding.name,
    placeOf(finding),
    contentsText(finding),
    finding.checksum ?? "",
    finding.note,
  ]);
  const lines = table([["data set", "found", "contents (train + test)", "checksum", "note"], ...rows], 5);
  const remedies = findings.filter(({ remedy }) => remedy !== "").map(({ name, remedy }) => `${name}: ${remedy}`);
  const rest = remedies.length === 0 ? [] : ["", "What to do for the others:", ...remedies];
  return `${[head, "", ...lines, ...rest].join("\n")}\n`;
}

/** The folder or folders of the files, and how many they are. */
function placeOf({ status, files }: DataFinding): string {
  const places = [...new Set(files.map(({ path }) => dirname(path)))].join(", ");
  const count = files.length === 1 ? "1 file" : `${files.length} files`;
  return files.length === 0 ? status : `${places} (${count})`;
}

function contentsText({ status, contents }: DataFinding): string {
  if (contents === null) return status === "broken" ? "broken" : "";
  const { kind, train, test, shape, classes } = contents as DataContents;
  const [first, second] = [train, test].map((count) => count.toLocaleString("en-US"));
  if (kind === "text") return `${first} + ${second} characters, ${classes} different`;
  return `${first} + ${second} images ${shape.join("×")}, ${classes} classes`;
}
