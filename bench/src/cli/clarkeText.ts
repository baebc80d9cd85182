/** The study of Clarke elements as text. */
import type { ClarkeStudy, ElementReport } from "../studies/clarke.ts";
import type { SetReport } from "../studies/clarkeSet.ts";
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

/** What elements alone say about the answer of backpropagation, and no more. */
function comparisonOf({ same, different, elements }: ClarkeStudy): string {
  if (same.length > 0) return `backpropagation's answer is the element of seed ${same.join(", ")}`;
  const found = different === 1 ? "all of them one vector" : `${different} different ones`;
  return `backpropagation's answer is none of the ${elements.length} elements that were found, ${found}`;
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** The limits of gradients: how many, whether all, and which. */
function limitsOf({ found, complete, undecided, claim, arithmetic, counts, gradients }: SetReport["limits"]): string[] {
  const open = undecided > 0 ? `, ${undecided} more undecided` : "";
  const work = `${counted(counts.switches, "place ties", "places tie")}, ${counted(counts.nodes, "node")}, ${counted(counts.programs, "linear program")}`;
  return [
    `limits of gradients: ${found}${complete ? ", all of them" : " found"}${open} (${arithmetic}; ${work})`,
    ...(complete ? [] : [`  ${claim}`]),
    ...(gradients ?? []).map((gradient) => `  ${shown(gradient)}`),
  ];
}

/** The verdict on the answer, with what shows it. */
function verdictOf({ verdict, claim, mixture, direction, gap, arithmetic }: SetReport["membership"]): string[] {
  const said = { member: "is an element", "not a member": "is no element", undecided: "may be an element" }[verdict];
  const isShown = mixture.length > 1 && mixture.every(({ gradient }) => gradient !== null);
  const weights = mixture.map(({ weight, gradient }) => `${short(weight)} ${shown(gradient)}`).join(" + ");
  return [
    `backpropagation's answer ${said} of the Clarke subdifferential (${arithmetic})`,
    ...(verdict === "undecided" ? [`  ${claim}`] : []),
    ...(isShown ? [`  it is ${weights}`] : []),
    ...(direction ? [`  along ${shown(direction)} it is larger than every element, by ${short(gap as number)}`] : []),
  ];
}

/** What the search for the whole set found. */
function setOf({ set }: ClarkeStudy): string[] {
  if (set === null) return [];
  const { gradient, norm, claim } = set.leastNorm;
  const least = `element of least norm: ${gradient === null ? "" : `${shown(gradient)}, `}norm ${short(norm)} (${claim})`;
  return ["", ...limitsOf(set.limits), "", ...verdictOf(set.membership), least];
}

/** Slopes along directions that were asked for. */
function slopesOf({ directions }: ClarkeStudy): string[] {
  if (directions.length === 0) return [];
  const rows = directions.map((one) => [shown(one.direction), short(one.slope), short(one.predicted)]);
  const lines = table([["direction", "f'(x; d)", "by backpropagation"], ...rows]);
  return ["", ...lines.map((line) => `  ${line}`)];
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
  const { program, description, at, value, entries, backpropagation, elements } = study;
  const rows = [
    head,
    ["backpropagation", shown(backpropagation.gradient), short(backpropagation.norm), "", "", "", ""],
    ...elements.map(rowOf),
  ];
  const claims = [...new Set(elements.map(({ certificate }) => certificate.claim))];
  return [
    `${program}: ${description}`,
    `${at ? `at ${shown(at)}: ` : ""}value ${short(value)}, gradient with ${counted(entries, "entry", "entries")}`,
    ...["", ...table(rows, 2).map((line) => `  ${line}`), ...slopesOf(study), "", ...locksOf(study)],
    ...setOf(study),
    ...["", comparisonOf(study), ...claims.map((claim) => `certificate of the elements: ${claim}`), ""],
  ].join("\n");
}
