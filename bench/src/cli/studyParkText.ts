/** The study of where backpropagation is right as text. */
import type { Counterexample, ParkStudy } from "../studies/park/study.ts";
import { table } from "./table.ts";

const shown = (vector: readonly number[]): string => `[${vector.map((v) => Number(v.toPrecision(4))).join(", ")}]`;

function exampleLines(name: string, example: Counterexample | null): string[] {
  if (example === null) return [];
  const { trial, trained, choices, answer, direction, gap, arithmetic } = example;
  const chosen = Object.entries(choices).map(([place, choice]) => `${place}=${choice}`);
  return [
    `  ${name}: network ${trial}, gradient for its ${trained}, ${chosen.join(", ")}`,
    `    answer  ${shown(answer)}`,
    `    along   ${shown(direction)} it is larger than every element, by ${Number(gap.toPrecision(4))} (${arithmetic})`,
  ];
}

/** Everything that the study found, for people. */
export function parkText({ families, seed, limit }: ParkStudy): string {
  const rows = families.map((family) => [
    ...[family.name, family.theorem, family.description],
    ...[family.trials, family.members, family.others, family.undecided].map(String),
  ]);
  const head = ["family", "[PCL24]", "networks and choices", "trials", "elements", "others", "undecided"];
  const examples = families.flatMap(({ name, example }) => exampleLines(name, example));
  return [
    `answers of backpropagation at kinks of random networks from seed ${seed}: elements of the Clarke subdifferential, or not`,
    "",
    ...table([head, ...rows], 3).map((line) => `  ${line}`),
    "",
    "[PCL24]    Park, Chun and Lee: What does automatic differentiation compute for neural networks?, ICLR 2024",
    "elements   mixtures of limits of gradients, which a search over all that ties has found",
    "others     larger than every element along some direction",
    `undecided  the kinks are curved, or the search had more than ${limit} nodes`,
    ...(examples.length > 0 ? ["", "no elements, for instance", ...examples] : []),
    "",
  ].join("\n");
}
