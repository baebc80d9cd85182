/** The figure: how far apart runs are, step by step. */
import { axisX, axisY, dot, frame, gridY, line, type Markish, text } from "@observablehq/plot";
import { needNumbers, needRows } from "./checks.ts";
import { labelsOf, placesOf, type ZeroLogAxis, zeroLogAxis } from "./decades.ts";
import { drawn } from "./drawn.ts";
import { alarm, colourOf, dashOf, faint } from "./palette.ts";
import type { Figure, FigureText } from "./report.ts";
import { extentOf, grouped } from "./statistics.ts";

/** One step of a pair of runs. */
export interface DivergenceRow {
  /** Which pair. */
  readonly series: string;
  readonly step: number;
  /** The distance, from 0 on; null when it was not finite. */
  readonly value: number | null;
}

/** What the axes say. */
export interface DivergenceLabels {
  readonly step: string;
  readonly value: string;
}

/**
 * A curve for each pair on a logarithmic axis, at whose foot 0 has a place; a cross where a curve ended in NaN.
 *
 * @throws AdError "domain" without rows, and for a step or a distance that is negative or not finite
 */
export function divergenceCurves(
  rows: readonly DivergenceRow[],
  texts: FigureText,
  labels: DivergenceLabels = { step: "step", value: "distance" },
): Figure {
  needRows("divergenceCurves", rows);
  const numbers = rows.flatMap(({ step, value }) => [step, value]);
  needNumbers("divergenceCurves", numbers, 0);
  return { ...texts, svg: draw(rows, texts.title, labels), data: rows.map((row) => ({ ...row })) };
}

interface Curve {
  readonly name: string;
  readonly index: number;
  readonly places: readonly Place[];
  /** The last place, when the curve goes on without being finite; it has none when it never was. */
  readonly broken: { readonly last: Place | undefined } | null;
}

interface Place {
  readonly step: number;
  readonly y: number;
}

function draw(rows: readonly DivergenceRow[], title: string, labels: DivergenceLabels): string {
  const axis = zeroLogAxis(rows.flatMap(({ value }) => value ?? []));
  const curves = grouped(rows, ({ series }) => series).map(([name, ofSeries], i) => curveOf(name, ofSeries, i, axis));
  const [from, to] = extentOf(rows.map(({ step }) => step)) ?? [0, 1];
  const x = { label: null, nice: true, ...(from < to ? {} : { domain: [from, from + 1] }) };
  const y = { domain: [...axis.domain], label: null, insetBottom: 8, insetTop: 8 };
  const legend = curves.map(({ name, index, broken }) => ({
    name: broken !== null && broken.last === undefined ? `${name} (NaN throughout)` : name,
    ...{ colour: colourOf(index), dash: dashOf(index) },
  }));
  const marks = [ground(axis, labels), ...curves.map(curveMarks), ...curves.map((curve) => ending(curve, from, to))];
  return drawn(title, { x, y, marks }, legend);
}

function curveOf(name: string, rows: readonly DivergenceRow[], index: number, axis: ZeroLogAxis): Curve {
  const sorted = rows.toSorted((a, b) => a.step - b.step);
  const places = sorted.map(({ step, value }) => ({ step, y: value === null ? Number.NaN : axis.at(value) }));
  const last = places.findLast(({ y }) => !Number.isNaN(y));
  return { name, index, places, broken: last === places.at(-1) ? null : { last } };
}

const ground = (axis: ZeroLogAxis, labels: DivergenceLabels): Markish[] => [
  gridY(placesOf(axis), { stroke: faint, strokeOpacity: 1 }),
  frame({ stroke: faint }),
  axisY(placesOf(axis), {
    ...{ label: labels.value, labelAnchor: "top", labelArrow: "none", tickSize: 0 },
    tickFormat: labelsOf(axis),
  }),
  axisX({ label: labels.step, labelAnchor: "center", labelArrow: "none", ticks: 8 }),
];

function curveMarks({ places, index }: Curve): Markish[] {
  const [stroke, place] = [colourOf(index), { x: "step", y: "y" } as const];
  return [
    line(places, { ...place, stroke, strokeWidth: 1.8, strokeDasharray: dashOf(index) }),
    places.length < 40 ? dot(places, { ...place, fill: stroke, r: 2.6 }) : null,
  ];
}

/** A cross on the last place, with its word on the side where there is room. */
function ending({ broken }: Curve, from: number, to: number): Markish {
  if (broken?.last === undefined) return null;
  const isLate = broken.last.step - from > 0.9 * (to - from);
  const word = isLate
    ? { text: ["NaN ×"], textAnchor: "end" as const, dx: 4 }
    : { text: ["× NaN"], textAnchor: "start" as const, dx: -4 };
  return text([broken.last], { ...word, x: "step", y: "y", fill: alarm, fontWeight: "bold" });
}
