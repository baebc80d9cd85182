/** The figure: test accuracy after training, by beta. */
import { axisX, axisY, dot, frame, gridY, line, ruleX, text } from "@observablehq/plot";
import { zeroLogAxis } from "./decades.ts";
import { drawn } from "./drawn.ts";
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

/** Means with deviations, a line for each series; runs that ended in NaN are counted below, and in no mean. */
export function accuracyByBeta(rows: readonly AccuracyRow[], texts: FigureText): Figure {
  const points = pointsOf(rows);
  return { ...texts, svg: draw(points, texts.title), data: points.map((point) => ({ ...point })) };
}

function pointsOf(rows: readonly AccuracyRow[]): Point[] {
  return grouped(rows, ({ series }) => series).flatMap(([series, ofSeries]) =>
    grouped(
      ofSeries.toSorted((a, b) => a.beta - b.beta),
      ({ beta }) => beta,
    ).map(([beta, runs]) => {
      const values = runs.flatMap(({ accuracy }) => accuracy ?? []);
      const nanRuns = runs.length - values.length;
      return { series, beta, runs: runs.length, nanRuns, mean: meanOf(values), deviation: deviationOf(values) };
    }),
  );
}

/** A point with its place. */
interface Mark extends Point {
  readonly x: number;
  readonly index: number;
  readonly low: number;
  readonly high: number;
}

function draw(points: readonly Point[], title: string): string {
  const names = distinct(points.map(({ series }) => series));
  const axis = zeroLogAxis(points.map(({ beta }) => beta));
  const marks = points.map((point): Mark => {
    const [index, mean, deviation] = [names.indexOf(point.series), point.mean ?? 0, point.deviation ?? 0];
    const x = axis.at(point.beta) + 0.05 * (index - (names.length - 1) / 2);
    return { ...point, x, index, low: mean - deviation, high: mean + deviation };
  });
  const [found, broken] = [marks.filter(({ mean }) => mean !== null), marks.filter(({ nanRuns }) => nanRuns > 0)];
  const isBroken = broken.length > 0;
  const options = {
    x: { domain: [axis.domain[0] - 0.3, axis.domain[1] + 0.3], label: null },
    y: { label: null, nice: true, insetBottom: isBroken ? 12 + 17 * names.length : 6, insetTop: 6 },
    marks: [
      gridY({ stroke: faint, strokeOpacity: 1 }),
      frame({ stroke: faint }),
      axisY({ label: "test accuracy", labelAnchor: "top", tickFormat: percent, tickSize: 0 }),
      axisX(
        axis.ticks.map(({ at }) => at),
        {
          tickFormat: (at: number) => axis.ticks.find((tick) => tick.at === at)?.label ?? "",
          label: "β",
          labelAnchor: "center",
        },
      ),
      ruleX(axis.gap === null ? [] : [axis.gap], { stroke: neutral, strokeDasharray: "1 4" }),
      line(marks, { x: "x", y: "mean", z: "series", stroke: colour, strokeWidth: 1.6 }),
      ruleX(found, { x: "x", y1: "low", y2: "high", stroke: colour, strokeWidth: 1.6 }),
      dot(found, { x: "x", y: "mean", fill: colour, symbol: (mark: Mark) => symbolOf(mark.index), r: 4.5 }),
      broken.map((mark) =>
        text([mark], { ...nanPlace(mark, names.length), text: [`× ${mark.nanRuns} of ${mark.runs} NaN`], fill: alarm }),
      ),
      broken.map((mark) => dot([mark], { ...nanPlace(mark, names.length, -52), fill: colourOf(mark.index), r: 3.5 })),
    ],
  };
  return drawn(
    title,
    { ...options, symbol: { type: "identity" } },
    names.map((name, i) => ({ name, colour: colourOf(i) })),
  );
}

/** At the foot, a line for each series. */
const nanPlace = ({ x, index }: Mark, count: number, dx = 0) =>
  ({ x: [x], frameAnchor: "bottom", dy: -8 - 17 * (count - 1 - index), dx, fontSize: 12 }) as const;

const colour = ({ index }: Mark): string => colourOf(index);
const percent = (share: number): string => `${Number((100 * share).toFixed(3))} %`;
