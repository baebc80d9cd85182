/** Reports of cost as text: tables for people. */
import type { CostClass, CostRow, EngineCount } from "@nonsmooth/ad-core";
import type { ElementCost } from "../studies/clarkeCost.ts";
import type { CostStudy } from "../studies/cost.ts";
import type { CostSweep } from "../studies/sweep.ts";
import { table } from "./table.ts";

/** 12345 as 12,345. */
export const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

const ratio = (value: number): string => (value >= 1000 ? whole(value) : value.toFixed(2));

/** Milliseconds with three digits. */
const milliseconds = (value: number): string =>
  value >= 100 ? whole(value) : value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(3);

const parametersText = (parameters: CostStudy["parameters"]): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

/** The report of one program. */
export function costText(study: CostStudy): string {
  const { program, description, parameters, directions, prices } = study;
  const { add, mul, nonlinear } = prices;
  return [
    `${program}: ${description}`,
    `${parametersText(parameters)}; gradient with ${whole(directions)} entries`,
    "",
    ...indent(table(ratioRows(study))),
    "",
    "operations of the engine by class",
    ...indent(table(classRows(study))),
    "",
    "ratio  to one evaluation, in the same column before it; value included",
    "bound  of the model's ratio, for every program of the same elementary functions",
    `model  the literal algorithms on scalars; prices: addition ${add}, product ${mul}, nonlinear or sign test ${nonlinear}`,
    "engine operations of the simplified programs; move is not in the total",
    ...elementNotes(study),
    study.time
      ? `ms     medians of ${study.time.repeats} rounds on the machine ${study.time.machine}`
      : "ms     not timed",
    "",
  ].join("\n");
}

/** What the row of the Clarke element means. */
function elementNotes({ clarke }: CostStudy): string[] {
  if (!clarke) return [];
  const { goal, withTwo } = clarke;
  return [
    `Clarke the operations of one run along a random direction and one sweep back; ${goal} is this project's goal, not a theorem;`,
    `       a further run with two directions, needed where branches tie along the first: ${whole(withTwo.cost)}, ratio ${ratio(withTwo.ratio)}`,
  ];
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

function ratioRows({ model, engine, time, directions, clarke }: CostStudy): string[][] {
  const ms = (value: number | null | undefined): string[] =>
    time && value !== null && value !== undefined ? [milliseconds(value), ratio(value / time.evaluateMs)] : ["-", "-"];
  const counted = (cost: number, bound: number, total: number | null): string[] => [
    whole(cost),
    ratio(cost / model.evaluate),
    ratio(bound),
    ...(total === null ? ["-", "-"] : [whole(total), ratio(total / engine.evaluate.total)]),
  ];
  const { forwardFull } = model;
  return [
    ["", "model", "ratio", "bound", "engine", "ratio", "ms", "ratio"],
    ["one evaluation", ...counted(model.evaluate, 1, engine.evaluate.total), ...ms(time?.evaluateMs)],
    [
      "value and gradient, backward",
      ...counted(model.backward, model.omegaB, engine.backward.total),
      ...ms(time?.backwardMs),
    ],
    [
      "value and one tangent, forward",
      ...counted(model.forward, model.omegaF, engine.forward.total),
      ...ms(time?.forwardMs),
    ],
    [
      `full gradient, forward (${whole(directions)} tangents)`,
      ...counted(forwardFull.cost, forwardFull.bound, null),
      ...ms(time?.forwardFullMs),
    ],
    ...(clarke ? [["an element of the Clarke subdifferential", ...elementCells(clarke)]] : []),
  ];
}

const elementCells = ({ cost, ratio: found, goal }: ElementCost): string[] => [
  ...[whole(cost), ratio(found), ratio(goal)],
  ...["-", "-", "-", "-"],
];

const columns: readonly (CostClass | "total" | "move")[] = ["mul", "add", "div", "cmp", "nonlinear", "total", "move"];

const countCells = (count: EngineCount): string[] => columns.map((name) => whole(count[name]));

const classRows = ({ engine }: CostStudy): string[][] => [
  ["", ...columns],
  ["one evaluation", ...countCells(engine.evaluate)],
  ["value and gradient, backward", ...countCells(engine.backward)],
  ["value and one tangent, forward", ...countCells(engine.forward)],
];

/** How rows are put together. */
export type Grouping = "op" | "site";

/** The share of a group of rows, with its name. */
export interface Share {
  readonly group: string;
  readonly model: CostRow["model"];
  /** Totals. */
  readonly engine: { readonly evaluate: number; readonly backward: number };
}

/** Adds up the rows of each operation or site, most expensive first. */
export function sharesBy(rows: readonly CostRow[], by: Grouping): Share[] {
  const shares = new Map<string, Share>();
  for (const { name, site, model, engine } of rows) {
    const group = by === "op" ? name : site;
    const old = shares.get(group);
    shares.set(group, {
      group,
      model: {
        evaluate: (old?.model.evaluate ?? 0) + model.evaluate,
        backward: (old?.model.backward ?? 0) + model.backward,
      },
      engine: {
        evaluate: (old?.engine.evaluate ?? 0) + engine.evaluate.total,
        backward: (old?.engine.backward ?? 0) + engine.backward.total,
      },
    });
  }
  return [...shares.values()].toSorted((a, b) => b.engine.backward - a.engine.backward);
}

/** The shares of operations or sites. */
export function sharesText(study: CostStudy, by: Grouping): string {
  const { model, engine } = study;
  const percent = (part: number, of: number): string => `${((100 * part) / of).toFixed(1)} %`;
  const rows = sharesBy(study.rows, by).map((share) => [
    share.group === "" ? "(no site)" : share.group,
    whole(share.model.evaluate),
    whole(share.model.backward),
    whole(share.engine.evaluate),
    percent(share.engine.evaluate, engine.evaluate.total),
    whole(share.engine.backward),
    percent(share.engine.backward, engine.backward.total),
  ]);
  const head = [by === "op" ? "operation" : "site", "model f", "backward", "engine f", "share", "backward", "share"];
  const sums = [
    whole(model.evaluate),
    whole(model.backward),
    whole(engine.evaluate.total),
    "",
    whole(engine.backward.total),
    "",
  ];
  return [...indent(table([head, ...rows, ["in all", ...sums]])), "", ""].join("\n");
}

/** The report of a sweep. */
export function sweepText({
  program,
  description,
  sweeps,
  points,
  backwardSpread,
  forwardFullPower,
}: CostSweep): string {
  const rows = points.map(({ inputs, study: { directions, model, engine, time, clarke } }) => [
    whole(inputs),
    whole(directions),
    whole(model.evaluate),
    ratio(model.backwardRatio),
    ratio(model.omegaB),
    ratio(model.forwardFull.ratio),
    ratio(engine.backwardRatio),
    ...(time
      ? [milliseconds(time.evaluateMs), ratio(time.backwardRatio), fullRatio(time.forwardFullMs, time.evaluateMs)]
      : ["-", "-", "-"]),
    ...(clarke ? [ratio(clarke.ratio), ratio(clarke.goal)] : []),
  ]);
  const counted = points.some(({ study }) => study.clarke);
  const over = ["", "", "model", "", "", "", "engine", "time", "", "", ...(counted ? ["Clarke, model", ""] : [])];
  const head = [
    "inputs",
    "gradient",
    "evaluate",
    "backward",
    "bound",
    "forward full",
    "backward",
    "evaluate ms",
    "backward",
    "forward full",
    ...(counted ? ["element", "goal"] : []),
  ];
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return [
    `${program}: ${description}`,
    `inputs: ${sweeps}`,
    "",
    ...indent(table([over, head, ...rows])),
    "",
    `backward, value included, to one evaluation: spread over the sizes ${percent(backwardSpread.model)} in the model, ${percent(backwardSpread.engine)} in the engine`,
    `full gradient by forward mode: its ratio grows as the number of tangents to the power ${forwardFullPower.toFixed(3)}`,
    "",
  ].join("\n");
}

const fullRatio = (full: number | null, evaluate: number): string => (full === null ? "-" : ratio(full / evaluate));
