/** The study of a formula's networks as text. */
import type { Unit } from "../studies/sat/field.ts";
import type { NetworkReport, SatStudy, Verdict } from "../studies/sat/study.ts";
import { whole } from "./costText.ts";
import { table } from "./table.ts";

/** More entries than this are cut off; `--json` has all. */
const few = 12;

const short = (value: number): string => String(Number(value.toPrecision(6)));

function shown(vector: readonly number[]): string {
  const cut = vector.length > few ? [`... ${vector.length} entries`] : [];
  return `[${[...vector.slice(0, few).map(short), ...cut].join(", ")}]`;
}

const pathText = (path: readonly Unit[]): string =>
  path.map(({ layer, unit }) => `${unit + 1} of layer ${layer + 1}`).join(", ");

/** What is known, and how. */
function verdictText({ answer, point, value }: Verdict, timeLimit: number): string {
  if (answer === "undecided") return `undecided within ${timeLimit} s`;
  if (answer === "differentiable")
    return "differentiable: no signs satisfy the formula, so F = 0 everywhere and the Clarke subdifferential is {0}";
  return `not differentiable: F = ${short(value as number)} at ${shown(point as readonly number[])}, and F >= 0 with F(0) = 0`;
}

function networkLines(report: NetworkReport, timeLimit: number): string[] {
  const { network, matrices, depth, weights, backpropagation, field, clarke, verdict } = report;
  const [first, second] = field.elements;
  const rows = [
    ...backpropagation.map(({ reluAtZero, gradient }) => [
      `backpropagation at 0, relu'(0) = ${reluAtZero}`,
      shown(gradient),
    ]),
    ["an element of its field", shown(first ?? [])],
    second
      ? ["another one", `${shown(second)}, by slope 1 at units ${pathText(field.path)}`]
      : ["no other element", ""],
    [`element of the Clarke subdifferential, seed ${clarke.seed}`, shown(clarke.gradient)],
    ["its certificate", clarke.claim],
    ["derivative at 0", verdictText(verdict, timeLimit)],
  ];
  return [
    `network ${network}: ${matrices.length} matrices, ${depth} layers of relus, ${whole(weights)} weights of -1 or 1`,
    `  ${matrices.map(({ rows: height, columns }) => `${height}x${columns}`).join(", ")}`,
    ...table(rows, 2).map((line) => `  ${line}`),
    "",
  ];
}

/** Everything that the study found, for people. */
export function satText(file: string, study: SatStudy): string {
  const { variables, clauses, tautologies, timeLimit, networks } = study;
  const left =
    tautologies === 0 ? [] : [`clauses with a variable and its negation always hold and are left out: ${tautologies}`];
  return [
    `${file}: ${variables} variables, ${clauses} clauses`,
    ...left,
    "F >= 0, F(0) = 0, and F is positive somewhere exactly when signs satisfy the formula: so F has a derivative at 0 exactly",
    "when none do. An element of the Clarke subdifferential alone does not tell whether there is another one.",
    "",
    ...networks.flatMap((report) => networkLines(report, timeLimit)),
  ].join("\n");
}
