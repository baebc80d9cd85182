/** The figure: gradient differences by decade, those that are exactly 0 first. */
import { axisX, axisY, barY, frame, gridY, text } from "@observablehq/plot";
import { decadeOf } from "./decades.ts";
import { drawn } from "./drawn.ts";
import { alarm, colourOf, faint, neutral } from "./palette.ts";
import type { Figure, FigureText } from "./report.ts";
import { distinct, grouped } from "./statistics.ts";

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
 */
export function differencesByDecade(rows: readonly DifferenceRow[], texts: FigureText): Figure {
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
  const [low, high] = [Math.min(...decades), Math.max(...decades)];
  const names = decades.length === 0 ? [] : Array.from({ length: high - low + 1 }, (_, i) => String(low + i));
  return [zero, ...names, ...(rows.some(({ difference }) => difference === null) ? [notFinite] : [])];
}

function draw(bins: readonly Bin[], title: string): string {
  const series = distinct(bins.map((bin) => bin.series));
  const names = distinct(bins.map(({ bin }) => bin));
  const place = { x: "bin", fy: "series" } as const;
  const shown = bins.filter(({ count }) => count > 0);
  const fill = ({ bin }: Bin): string => (bin === zero ? neutral : bin === notFinite ? alarm : colourOf(0));
  return drawn(title, {
    height: 80 + 118 * series.length,
    marginRight: 16 + 8 * Math.max(...series.map(({ length }) => length)),
    x: { domain: names, label: null, padding: 0.15 },
    fy: { domain: series, label: null, padding: 0.14 },
    y: { domain: [0, 1.18], label: null },
    marks: [
      gridY([0, 0.5, 1], { stroke: faint, strokeOpacity: 1 }),
      frame({ stroke: faint }),
      axisY([0, 0.5, 1], { tickFormat: (share: number) => `${100 * share} %`, tickSize: 0, label: null }),
      axisX({
        tickSize: 0,
        label: "e: difference from 10^(e−1) to below 10^e",
        labelAnchor: "center",
        labelArrow: "none",
      }),
      barY(shown, { ...place, y: "share", fill }),
      text(shown, { ...place, y: "share", text: ({ share }: Bin) => shareText(share), dy: -8, fontSize: 11.5 }),
    ],
  });
}

/** In percent with three digits. */
const shareText = (share: number): string => String(Number((100 * share).toPrecision(3)));
