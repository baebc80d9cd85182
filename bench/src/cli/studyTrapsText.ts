/** The study of traps as text. */
import type { Trap, TrapStudy } from "../studies/traps/index.ts";
import { table } from "./table.ts";

/** One table for each group; rows that differ in the format alone are one line. */
export function trapsText({ rows }: TrapStudy): string {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const tables = groups.flatMap((group) => [group, "", ...tableOf(rows.filter((row) => row.group === group)), ""]);
  const wrong = rows.filter(({ agree }) => !agree).length;
  return [...tables, ...notes, "", `${rows.length} derivatives, ${wrong} other than expected`, ""].join("\n");
}

const head = ["function", "at", "choice", "format", "source", "AD", "expected", "derivative", "zone", ""];

const notes = [
  "AD: what the engine returns; expected: what it should return; derivative: that of the function over the reals",
  "zone: bifurcation, wrong over the reals or there is no derivative; compensation, right over the reals, wrong in floats",
  "source: published output or code of the study, or derived from the rule by hand",
];

function tableOf(rows: readonly Trap[]): string[] {
  const lines = new Map<string, { cells: (formats: string) => string[]; formats: string[] }>();
  for (const row of rows) {
    const cells = (formats: string): string[] => cellsOf(row, formats);
    const known = lines.get(cells("").join("|")) ?? { cells, formats: [] };
    lines.set(cells("").join("|"), { cells: known.cells, formats: [...known.formats, row.dtype] });
  }
  const full = [...lines.values()].map(({ cells, formats }) =>
    cells(formats.length === 4 ? "all four" : formats.join(" ")),
  );
  const body = full.map(([what = "", ...rest], i) => [what === full[i - 1]?.[0] ? "" : what, ...rest]);
  return table([head, ...body], 5).map((line) => `  ${line}`);
}

const cellsOf = (row: Trap, formats: string): string[] => [
  ...[row.what, row.at, row.choice, formats, row.source],
  ...[listText(row.returned), listText(row.expected), row.derivative === null ? "none" : listText(row.derivative)],
  ...[row.zone === "none" ? "-" : row.zone, row.agree ? "agrees" : "DIFFERS"],
];

const listText = (values: readonly number[]): string =>
  values.length === 1 ? numberText(values[0] as number) : `(${values.map(numberText).join(", ")})`;

/** Powers of two below 2^-6 by their exponent; a zero without its sign. */
function numberText(value: number): string {
  const exponent = Math.log2(Math.abs(value));
  if (!Number.isInteger(exponent) || exponent > -7) return `${value === 0 ? 0 : value}`;
  return `${value < 0 ? "-" : ""}2^${exponent}`;
}
