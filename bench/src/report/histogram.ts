/** The figure: gradient differences by decade, those that are exactly 0 first. */
import { axisX, axisY, barY, frame, gridY, type Markish, text } from "@observablehq/plot";
import { needNumbers, needRows } from "./checks.ts";
import { decadeOf } from "./decades.ts";
import { drawn } from "./drawn.ts";
import { alarm, colourOf, faint, neutral } from "./palette.ts";
import type { Figure, FigureText } from "./report.ts";
import { distinct, extentOf, grouped } from "./statistics.ts";

/** One mini-batch. */
export interface DifferenceRow {
  readonly series: string;
  /** From 0 on; null when it was not finite. */
  readonly difference: number | null;
}

/** One bar; the form of the figure's data. */
interface Bin {
  readonly series: string;
  /** The number e, or `exactly 0`, or `not finite`. */
  readonly bin: string;
  readonly count: number;
  readonly share: number;
}

/** In print exactly 0 is often labelled 0; here 0 is the decade from 0.1 to below 1. */
const [zero, notFinite] = ["exactly 0", "not finite"];
const binOf = (value: number | null): string => {
  if (value === null) return notFinite;
  return value === 0 ? zero : String(decadeOf(value));
};

/**
 * A panel of shares for each series. The label e is the bin from 10^(e-1) to below 10^e; every panel has all decades between
 * the least and the largest.
 *
 * @throws AdError "domain" without rows, and for a difference that is negative or not finite
 */
export function differencesByDecade(rows: readonly DifferenceRow[], texts: FigureText): Figure {
  needRows("differencesByDecade", rows);
  const numbers = rows.map(({ difference }) => difference);
  needNumbers("differencesByDecade", numbers, 0);
  const bins = binsOf(rows);
  return { ...texts, svg: draw(bins, texts.title), data: bins.map((bin) => ({ ...bin })) };
}

function binsOf(rows: readonly DifferenceRow[]): Bin[] {
  const names = binNames(rows);
  return grouped(rows, ({ series }) => series).flatMap(([series, ofSeries]) =>
    names.map((bin) => {
      const count = ofSeries.filter(({ difference }) => binOf(difference) === bin).length;
      return { series, bin, count, share: count / ofSeries.length };
    }),
  );
}

function binNames(rows: readonly DifferenceRow[]): string[] {
  const decades = rows.flatMap(({ difference }) =>
    difference === null || difference === 0 ? [] : decadeOf(difference),
  );
  const [low, high] = extentOf(decades) ?? [0, -1];
  const names = Array.from({ length: high - low + 1 }, (_, i) => String(low + i));
  return [zero, ...names, ...(rows.some(({ difference }) => difference === null) ? [notFinite] : [])];
}

function draw(bins: readonly Bin[], title: string): string {
  const series = distinct(bins.map((bin) => bin.series));
  const names = distinct(bins.map(({ bin }) => bin));
  return drawn(title, {
    height: 80 + 118 * series.length,
    marginRight: 16 + 8 * Math.max(...series.map(({ length }) => length)),
    x: { domain: names, label: null, padding: 0.15 },
    fy: { domain: series, label: null, padding: 0.14 },
    y: { domain: [0, 1.18], label: null },
    marks: [ground(names), barMarks(bins)],
  });
}

/** With more bins only every second decade is named. */
const most = 22;

function ground(names: readonly string[]): Markish[] {
  const isNamed = (bin: string): boolean => names.length <= most || Number.isNaN(Number(bin)) || Number(bin) % 2 === 0;
  const labels = { labelAnchor: "center", labelArrow: "none", label: "e: from 10^(e−1) to below 10^e" } as const;
  return [
    gridY([0, 0.5, 1], { stroke: faint, strokeOpacity: 1 }),
    frame({ stroke: faint }),
    axisY([0, 0.5, 1], { tickFormat: (share: number) => `${100 * share} %`, tickSize: 0, label: null }),
    axisX({ ...labels, tickSize: 0, tickFormat: (bin: string) => (isNamed(bin) ? binLabel(bin) : "") }),
  ];
}

/** Short enough for a narrow bar; the data have the names in full. */
function binLabel(bin: string): string {
  if (bin === zero) return "zero";
  return bin === notFinite ? "NaN" : bin.replace("-", "−");
}

function barMarks(bins: readonly Bin[]): Markish[] {
  const place = { x: "bin", fy: "series", y: "share" } as const;
  const shown = bins.filter(({ count }) => count > 0);
  const fill = ({ bin }: Bin): string => (bin === zero ? neutral : bin === notFinite ? alarm : colourOf(0));
  return [
    barY(shown, { ...place, fill }),
    text(shown, { ...place, text: ({ share }: Bin) => percentText(share), dy: -8, fontSize: 11 }),
  ];
}

/** In percent, with few digits so that neighbours do not touch. */
function percentText(share: number): string {
  const text = String(Number((100 * share).toFixed(1)));
  return text === "0" ? "< 0.1" : text;
}
