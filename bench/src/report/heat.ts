/** The figure: numbers by two settings, darker where they are larger. */
import { axisX, axisY, cell, type Markish, text } from "@observablehq/plot";
import { needNumbers, needOnce, needRows } from "./checks.ts";
import { drawn } from "./drawn.ts";
import { faint, ink } from "./palette.ts";
import type { Figure, FigureText } from "./report.ts";
import { distinct, extentOf } from "./statistics.ts";

/** One cell. */
export interface HeatRow {
  readonly row: string;
  readonly column: string;
  /** Null for a cell without a number. */
  readonly value: number | null;
}

/** What is written beside the cells, and in them. */
export interface HeatLabels {
  readonly row: string;
  readonly column: string;
  readonly format: (value: number) => string;
}

/** From light to dark; on cells up to {@link darkFrom} of the way dark text has more contrast. */
const [light, dark, darkFrom] = ["#f1f6fa", "#00456e", 0.6];

/**
 * A table of colours with the numbers in it; rows and columns in the order of their first coming.
 *
 * @throws AdError "domain" without rows, for two rows with one place, and for a number that is not finite
 */
export function heatTable(rows: readonly HeatRow[], texts: FigureText, labels: HeatLabels): Figure {
  needRows("heatTable", rows);
  const [numbers, places] = [rows.map(({ value }) => value), rows.map(({ row, column }) => `${row}, ${column}`)];
  needNumbers("heatTable", numbers);
  needOnce("heatTable", places);
  return { ...texts, svg: draw(rows, texts.title, labels), data: rows.map((row) => ({ ...row })) };
}

function draw(rows: readonly HeatRow[], title: string, labels: HeatLabels): string {
  const names = { rows: distinct(rows.map(({ row }) => row)), columns: distinct(rows.map(({ column }) => column)) };
  const [low, high] = extentOf(rows.flatMap(({ value }) => value ?? [])) ?? [0, 1];
  const isDark = ({ value }: HeatRow): boolean => (value ?? low) - low > darkFrom * (high - low);
  return drawn(title, {
    ...{ height: 90 + 40 * names.rows.length, marginTop: 48, marginBottom: 16 },
    marginLeft: 32 + 8 * Math.max(labels.row.length, ...names.rows.map(({ length }) => length)),
    x: { domain: names.columns, padding: 0.04 },
    y: { domain: names.rows, padding: 0.06 },
    color: { type: "linear", domain: [low, high > low ? high : low + 1], range: [light, dark] },
    marks: [axes(labels), cells(rows, labels.format, isDark)],
  });
}

const axes = ({ row, column }: HeatLabels): Markish[] => [
  axisX({ anchor: "top", label: column, labelAnchor: "center", labelArrow: "none", tickSize: 0 }),
  axisY({ label: row, labelAnchor: "top", labelArrow: "none", tickSize: 0 }),
];

function cells(rows: readonly HeatRow[], format: HeatLabels["format"], isDark: (row: HeatRow) => boolean): Markish[] {
  const place = { x: "column", y: "row" } as const;
  const found = rows.filter(({ value }) => value !== null);
  // A constant fill for each of the two, so that the scale of colours is that of the cells.
  const [light, dark] = [rows.filter((row) => !isDark(row)), rows.filter(isDark)];
  return [
    cell(rows, { ...place, fill: "white", stroke: faint }),
    cell(found, { ...place, fill: "value" }),
    text(light, { ...place, text: textOf(format), fill: ink }),
    text(dark, { ...place, text: textOf(format), fill: "white" }),
  ];
}

const textOf =
  (format: (value: number) => string) =>
  ({ value }: HeatRow): string =>
    value === null ? "–" : format(value);
