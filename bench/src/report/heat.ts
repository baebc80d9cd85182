/** The figure: numbers by two settings, darker where they are larger. */
import { axisX, axisY, cell, text } from "@observablehq/plot";
import { drawn } from "./drawn.ts";
import { faint, ink } from "./palette.ts";
import type { Figure, FigureText } from "./report.ts";
import { distinct } from "./statistics.ts";

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

/** A table of colours with the numbers in it; rows and columns in the order of their first coming. */
export function heatTable(rows: readonly HeatRow[], texts: FigureText, labels: HeatLabels): Figure {
  return { ...texts, svg: draw(rows, texts.title, labels), data: rows.map((row) => ({ ...row })) };
}

function draw(rows: readonly HeatRow[], title: string, labels: HeatLabels): string {
  const names = { rows: distinct(rows.map(({ row }) => row)), columns: distinct(rows.map(({ column }) => column)) };
  const values = rows.flatMap(({ value }) => value ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const place = { x: "column", y: "row" } as const;
  const found = rows.filter(({ value }) => value !== null);
  const textFill = ({ value }: HeatRow): string => ((value ?? low) - low > darkFrom * (high - low) ? "white" : ink);
  return drawn(title, {
    ...{ height: 90 + 40 * names.rows.length, marginTop: 48, marginBottom: 16 },
    marginLeft: 32 + 8 * Math.max(labels.row.length, ...names.rows.map(({ length }) => length)),
    x: { domain: names.columns, padding: 0.04 },
    y: { domain: names.rows, padding: 0.06 },
    color: { type: "linear", domain: high > low ? [low, high] : [low, low + 1], range: [light, dark] },
    marks: [
      axisX({ anchor: "top", label: labels.column, labelAnchor: "center", labelArrow: "none", tickSize: 0 }),
      axisY({ label: labels.row, labelAnchor: "top", labelArrow: "none", tickSize: 0 }),
      cell(rows, { ...place, fill: "white", stroke: faint }),
      cell(found, { ...place, fill: "value" }),
      text(rows, { ...place, text: textOf(labels.format), fill: textFill }),
    ],
  });
}

const textOf =
  (format: (value: number) => string) =>
  ({ value }: HeatRow): string =>
    value === null ? "–" : format(value);
