/** The study of where backpropagation is right as text. */
import type { Counterexample, ParkStudy } from "../studies/park/study.ts";
import { table } from "./table.ts";

/** More elements than this are not listed. */
const few = 4;

const shown = (vector: readonly number[]): string => `[${vector.join(", ")}]`;

function exampleLines(name: string, example: Counterexample | null): string[] {
  if (example === null) return [];
  const { trial, trained, choices, answer, elements } = example;
  const listed = elements.slice(0, few).map(shown).join(", ");
  const more = elements.length > few ? `, and ${elements.length - few} more` : "";
  const chosen = Object.entries(choices).map(([place, choice]) => `${place}=${choice}`);
  return [
    `  ${name}: network ${trial}, gradient for its ${trained}, ${chosen.join(", ")}`,
    `    answer    ${shown(answer)}`,
    `    elements  ${listed}${more}`,
  ];
}

/** Everything that the study found, for people. */
export function parkText({ families, seed, directions }: ParkStudy): string {
  const rows = families.map((family) => [
    ...[family.name, family.theorem, family.description],
    ...[String(family.trials), String(family.inside), String(family.outside)],
  ]);
  const head = ["family", "[PCL24]", "networks and choices", "trials", "an element", "outside"];
  const examples = families.flatMap(({ name, example }) => exampleLines(name, example));
  return [
    `backpropagation beside elements of the Clarke subdifferential, at kinks of random networks from seed ${seed}`,
    "",
    ...table([head, ...rows], 3).map((line) => `  ${line}`),
    "",
    "[PCL24]     Park, Chun and Lee: What does automatic differentiation compute for neural networks?, ICLR 2024",
    "an element  the answer is an element found along a direction, or a mixture of such elements",
    `outside     no mixture of the elements found along ${directions} random directions; others may have been missed`,
    ...(examples.length > 0 ? ["", "outside, for instance", ...examples] : []),
    "",
  ].join("\n");
}
