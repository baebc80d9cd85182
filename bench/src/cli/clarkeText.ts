/** The study of Clarke elements as text. */
import type { ClarkeStudy, ElementReport } from "../studies/clarke.ts";
import { table } from "./table.ts";

/** Six digits are enough to look at; `--json` has all. */
const short = (value: number): string => String(Number(value.toPrecision(6)));
const shown = (gradient: readonly number[] | null): string =>
  gradient === null ? "" : `[${gradient.map(short).join(", ")}]`;

const head = ["", "gradient", "norm", "distance", "f'(x; d)", "by backpropagation", "arithmetic"];

function rowOf({ seed, gradient, norm, distance, slope, predicted, certificate }: ElementReport): string[] {
  return [
    ...[`element, seed ${seed}`, shown(gradient), short(norm), short(distance)],
    ...[short(slope), short(predicted), certificate.arithmetic],
  ];
}

/** What can be said about the answer of backpropagation, and no more. */
function verdictOf({ same, different, elements }: ClarkeStudy): string {
  if (same.length > 0) return `backpropagation's answer is the element of seed ${same.join(", ")}`;
  const found = different === 1 ? "all of them one vector" : `${different} different ones`;
  return `backpropagation's answer is none of the ${elements.length} elements that were found, ${found}; whether it is a mixture of elements is not decided here`;
}

/** Where branches tie at the point: one line for each instruction. */
function locksOf({ elements: [first] }: ClarkeStudy): string[] {
  const locked = first?.certificate.locked ?? [];
  if (locked.length === 0) return ["no branches tie here"];
  return locked.map(({ name, site, position, tied }) => {
    const where = site === "" ? name : `${name}@${site}`;
    return `tie: ${where} (instruction ${position}), ${tied} ${tied === 1 ? "place" : "places"}`;
  });
}

/** Everything that the study found, for people. */
export function clarkeText(study: ClarkeStudy): string {
  const { program, description, value, entries, backpropagation, elements } = study;
  const rows = [
    head,
    ["backpropagation", shown(backpropagation.gradient), short(backpropagation.norm), "", "", "", ""],
    ...elements.map(rowOf),
  ];
  const claims = [...new Set(elements.map(({ certificate }) => certificate.claim))];
  return [
    `${program}: ${description}`,
    `value ${short(value)}, gradient with ${entries} ${entries === 1 ? "entry" : "entries"}`,
    ...["", ...table(rows, 2).map((line) => `  ${line}`), "", ...locksOf(study), ""],
    verdictOf(study),
    ...claims.map((claim) => `certificate: ${claim}`),
    "",
  ].join("\n");
}
