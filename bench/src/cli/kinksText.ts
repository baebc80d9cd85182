/** Reports of kinks as text. */
import type { KinkedInstruction, KinkPlace, KinkReport } from "@nonsmooth/ad-core";
import type { BuiltProgram } from "../programs/types.ts";
import { whole } from "./costText.ts";
import { table } from "./table.ts";

/** The status, and a table of the instructions on a kink with some of their elements. */
export function kinksText({ name, description, parameters }: BuiltProgram, report: KinkReport): string {
  const built = Object.entries(parameters).map(([key, value]) => `${key} ${value}`);
  const head = ["operation", "site", "kind", "elements", "at", "ties", "branches"];
  const rows = report.kinks.flatMap(rowsOf);
  return [
    `${name}: ${description}`,
    built.join(", "),
    "",
    `status ${report.status}: ${report.meaning}`,
    `${whole(report.watched)} instructions can have a kink, ${whole(report.kinks.length)} ${report.kinks.length === 1 ? "is" : "are"} on one`,
    ...(rows.length === 0 ? [] : ["", ...table([head, ...rows]).map((line) => `  ${line}`)]),
    "",
  ].join("\n");
}

function rowsOf({ name, site, type, count, places }: KinkedInstruction): string[][] {
  const first = [name, site === "" ? "-" : site, type, whole(count)];
  const cells = places.map(placeCells);
  if (places.length < count) cells.push([places.length === 0 ? "not listed" : "...", "", ""]);
  return cells.map((row, i) => [...(i === 0 ? first : ["", "", "", ""]), ...row]);
}

const placeCells = ({ index, branches, ties }: KinkPlace): string[] => [
  `[${index.join(", ")}]`,
  ties === 0 ? "-" : String(ties),
  branchText(branches),
];

/** The values of the branches, or of the first of many. */
function branchText(branches: readonly number[]): string {
  const shown = branches
    .slice(0, 6)
    .map((value) => (Object.is(value, -0) ? "-0" : String(Number(value.toPrecision(6)))));
  return `${shown.join(" ")}${branches.length > 6 ? " ..." : ""}`;
}
