/** The figure: how far apart runs are, step by step. */
import { axisX, axisY, dot, frame, gridY, line, text } from "@observablehq/plot";
import { zeroLogAxis } from "./decades.ts";
import { drawn } from "./drawn.ts";
import { alarm, colourOf, dashOf, faint } from "./palette.ts";
import type { Figure, FigureText } from "./report.ts";
import { distinct, grouped } from "./statistics.ts";

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

/** A curve for each pair on a logarithmic axis, at whose foot 0 has a place; a cross where a curve ended in NaN. */
export function divergenceCurves(
  rows: readonly DivergenceRow[],
  texts: FigureText,
  labels: DivergenceLabels = { step: "step", value: "distance" },
): Figure {
  return { ...texts, svg: draw(rows, texts.title, labels), data: rows.map((row) => ({ ...row })) };
}

interface Place {
  readonly step: number;
  readonly y: number;
}

function draw(rows: readonly DivergenceRow[], title: string, labels: DivergenceLabels): string {
  const names = distinct(rows.map(({ series }) => series));
  const axis = zeroLogAxis(rows.flatMap(({ value }) => value ?? []));
  const curves = grouped(rows, ({ series }) => series).map(([, ofSeries]) => {
    const sorted = ofSeries.toSorted((a, b) => a.step - b.step);
    return sorted.map(({ step, value }) => ({ step, y: value === null ? Number.NaN : axis.at(value) }));
  });
  const options = {
    x: { label: null, nice: true },
    y: { domain: [...axis.domain], label: null, insetBottom: 8, insetTop: 8 },
    marks: [
      gridY(
        axis.ticks.map(({ at }) => at),
        { stroke: faint, strokeOpacity: 1 },
      ),
      frame({ stroke: faint }),
      axisY(
        axis.ticks.map(({ at }) => at),
        {
          ...{ label: labels.value, labelAnchor: "top", labelArrow: "none", tickSize: 0 },
          tickFormat: (at: number) => axis.ticks.find((tick) => tick.at === at)?.label ?? "",
        },
      ),
      axisX({ label: labels.step, labelAnchor: "center", labelArrow: "none", ticks: 8 }),
      curves.map((curve, i) => curveMarks(curve, i)),
    ],
  } as const;
  return drawn(
    title,
    { ...options, marks: [...options.marks], y: { ...options.y, domain: [...axis.domain] } },
    names.map((name, i) => ({ name, colour: colourOf(i) })),
  );
}

function curveMarks(curve: readonly Place[], index: number) {
  const stroke = colourOf(index);
  const place = { x: "step", y: "y" } as const;
  const last = curve.findLast(({ y }) => !Number.isNaN(y));
  const hasEnded = last !== undefined && last !== curve.at(-1);
  return [
    line(curve, { ...place, stroke, strokeWidth: 1.8, strokeDasharray: dashOf(index) }),
    curve.length < 40 ? dot(curve, { ...place, fill: stroke, r: 2.6 }) : null,
    hasEnded
      ? text([last], { ...place, text: ["× NaN"], fill: alarm, fontWeight: "bold", textAnchor: "start", dx: -4 })
      : null,
  ];
}
