/** The figure: test accuracy after training, by beta. */
import { axisX, axisY, dot, frame, gridY, line, type Markish, ruleX, text } from "@observablehq/plot";
import { needNumbers, needRows } from "./checks.ts";
import { labelsOf, placesOf, type ZeroLogAxis, zeroLogAxis } from "./decades.ts";
import { drawn, margins, width } from "./drawn.ts";
import { alarm, colourOf, faint, neutral, symbolOf } from "./palette.ts";
import type { Figure, FigureText } from "./report.ts";
import { deviationOf, distinct, grouped, meanOf } from "./statistics.ts";

/** One run. */
export interface AccuracyRow {
  /** Such as a precision or a network. */
  readonly series: string;
  /** From 0 on. */
  readonly beta: number;
  /** From 0 to 1; null for a run that ended in NaN. */
  readonly accuracy: number | null;
}

/** All runs of a series with one beta; the form of the figure's data. */
interface Point {
  readonly series: string;
  readonly beta: number;
  readonly runs: number;
  readonly nanRuns: number;
  readonly mean: number | null;
  readonly deviation: number | null;
}

/**
 * Means with deviations, a line for each series; runs that ended in NaN are counted below, and in no mean.
 *
 * @throws AdError "domain" without rows, and for a beta or an accuracy that is negative or not finite
 */
export function accuracyByBeta(rows: readonly AccuracyRow[], texts: FigureText): Figure {
  needRows("accuracyByBeta", rows);
  const numbers = rows.flatMap(({ beta, accuracy }) => [beta, accuracy]);
  needNumbers("accuracyByBeta", numbers, 0);
  const points = pointsOf(rows);
  const axis = zeroLogAxis(points.map(({ beta }) => beta));
  return { ...texts, svg: drawAccuracies(points, texts.title, axis, "β"), data: points.map((point) => ({ ...point })) };
}

/** The points of all series, each from low to high. */
export function pointsOf(rows: readonly AccuracyRow[]): Point[] {
  return grouped(rows, ({ series }) => series).flatMap(([series, ofSeries]) => {
    const sorted = ofSeries.toSorted((a, b) => a.beta - b.beta);
    return grouped(sorted, ({ beta }) => beta).map(([beta, runs]) => pointOf(series, beta, runs));
  });
}

function pointOf(series: string, beta: number, runs: readonly AccuracyRow[]): Point {
  const values = runs.flatMap(({ accuracy }) => accuracy ?? []);
  const nanRuns = runs.length - values.length;
  return { series, beta, runs: runs.length, nanRuns, mean: meanOf(values), deviation: deviationOf(values) };
}

/** A point with its place. */
interface Mark extends Point {
  /** Of its series. */
  readonly index: number;
  /** Of its beta. */
  readonly at: number;
  /** Beside it, so that series do not cover each other. */
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** Between the series at one beta, and between the rows at the foot. */
const [apart, rowHeight] = [9, 17];

/** The picture, on any axis, whose name is `label`. */
export function drawAccuracies(points: readonly Point[], title: string, axis: ZeroLogAxis, label: string): string {
  const names = distinct(points.map(({ series }) => series));
  const domain = [axis.domain[0] - 0.4, axis.domain[1] + 0.4] as const;
  const unit = (domain[1] - domain[0]) / (width - margins.marginLeft - margins.marginRight);
  const marks = points.map((point): Mark => {
    const [index, at] = [names.indexOf(point.series), axis.at(point.beta)];
    const x = at + apart * unit * (index - (names.length - 1) / 2);
    const [mean, deviation] = [point.mean ?? 0, point.deviation ?? 0];
    return { ...point, index, at, x, low: mean - deviation, high: mean + deviation };
  });
  const broken = marks.filter(({ nanRuns }) => nanRuns > 0);
  const rows = distinct(broken.map(({ index }) => index));
  const insetBottom = rows.length === 0 ? 6 : 10 + rowHeight * rows.length;
  const x = { domain, label: null };
  const y = { label: null, nice: true, insetBottom, insetTop: 6, ...yDomain(marks) };
  const legend = names.map((name, i) => ({ name, colour: colourOf(i), symbol: symbolOf(i) }));
  return drawn(
    title,
    { x, y, symbol: { type: "identity" }, marks: [ground(axis, label), means(marks), foot(broken, rows)] },
    legend,
  );
}

/** What the marks need; when there are none, everything. */
const yDomain = (marks: readonly Mark[]) =>
  marks.some(({ mean }) => mean !== null) ? {} : { domain: [0, 1] as const };

const ground = (axis: ZeroLogAxis, label: string): Markish[] => [
  gridY({ stroke: faint, strokeOpacity: 1 }),
  frame({ stroke: faint }),
  axisY({ label: "test accuracy", labelAnchor: "top", labelArrow: "none", tickFormat: percent, tickSize: 0 }),
  axisX(placesOf(axis), { tickFormat: labelsOf(axis), label, labelAnchor: "center", labelArrow: "none" }),
  ruleX(axis.gap === null ? [] : [axis.gap], { stroke: neutral, strokeDasharray: "1 4" }),
];

function means(marks: readonly Mark[]): Markish[] {
  const found = marks.filter(({ mean }) => mean !== null);
  return [
    line(marks, { x: "x", y: "mean", z: "series", stroke: colour, strokeWidth: 1.6 }),
    ruleX(found, { x: "x", y1: "low", y2: "high", stroke: colour, strokeWidth: 1.6 }),
    dot(found, { x: "x", y: "mean", fill: colour, symbol: (mark: Mark) => symbolOf(mark.index), r: 4.5 }),
  ];
}

/** How many of the runs ended in NaN, a row for each series that has such. */
function foot(broken: readonly Mark[], rows: readonly number[]): Markish[] {
  const name = { frameAnchor: "bottom-left", dx: -8, textAnchor: "end", lineAnchor: "bottom", fill: alarm } as const;
  return [
    rows.length === 0 ? null : text(["NaN"], { ...name, dy: -3 }),
    ...broken.map((mark) => {
      const place = { x: [mark.at], frameAnchor: "bottom" } as const;
      const dy = -10 - rowHeight * (rows.length - 1 - rows.indexOf(mark.index));
      const share = {
        text: [`${mark.nanRuns}/${mark.runs}`],
        textAnchor: "start",
        lineAnchor: "middle",
        fontSize: 12,
      } as const;
      return [
        dot([mark], { ...place, dx: -14, dy, fill: colourOf(mark.index), symbol: symbolOf(mark.index), r: 3.5 }),
        text([mark], { ...place, ...share, dx: -6, dy, fill: alarm }),
      ];
    }),
  ];
}

const colour = ({ index }: Mark): string => colourOf(index);
const percent = (share: number): string => `${Number((100 * share).toFixed(3))} %`;
