/** The figure: share of mini-batches whose gradient depends on the choice at kinks, by precision and network. */
import { axisFx, axisX, axisY, barY, frame, gridY, type Markish, ruleX, text, tickY } from "@observablehq/plot";
import { needOnce, needRows } from "./checks.ts";
import { drawn, margins, width } from "./drawn.ts";
import { colourOf, faint, ink } from "./palette.ts";
import type { Figure, FigureText } from "./report.ts";
import { distinct, wilson } from "./statistics.ts";

/** One group of mini-batches. */
export interface VolumeRow {
  /** Or whatever else groups the bars, such as a batch size. */
  readonly network: string;
  readonly precision: string;
  /** Mini-batches that depend on the choice. */
  readonly successes: number;
  readonly trials: number;
}

/**
 * A bar for each precision, the networks side by side, each with its percent and with Wilson's interval of 95 %.
 *
 * @throws AdError "domain" without rows, for two rows with one place, and for what is no share
 */
export function volumeByPrecision(rows: readonly VolumeRow[], texts: FigureText): Figure {
  needRows("volumeByPrecision", rows);
  const places = rows.map(({ network, precision }) => `${network}, ${precision}`);
  needOnce("volumeByPrecision", places);
  const data = rows.map((row) => {
    const [low, high] = wilson(row.successes, row.trials);
    return { ...row, share: row.successes / row.trials, low, high };
  });
  return { ...texts, svg: draw(data, texts.title), data };
}

type Bar = VolumeRow & { readonly share: number; readonly low: number; readonly high: number };

function draw(bars: readonly Bar[], title: string): string {
  const precisions = distinct(bars.map(({ precision }) => precision));
  const networks = distinct(bars.map(({ network }) => network));
  const panel = (width - margins.marginLeft - margins.marginRight) / networks.length;
  const fill = ({ precision }: Bar): string => colourOf(precisions.indexOf(precision));
  return drawn(title, {
    marginTop: 52,
    x: { domain: precisions, label: null, padding: 0.25 },
    fx: { domain: networks, label: null, padding: 0.08 },
    y: { domain: [0, 1.08], label: null },
    marks: [ground(panel), barMarks(bars, fill, panel / precisions.length)],
  });
}

const quarters = [0, 0.25, 0.5, 0.75, 1];

/** The names of networks are broken into lines that fit above a panel. */
const ground = (panel: number): Markish[] => [
  gridY(quarters, { stroke: faint, strokeOpacity: 1 }),
  frame({ stroke: faint }),
  axisY(quarters, { tickFormat: (share: number) => `${100 * share} %`, tickSize: 0, label: null }),
  axisX({ tickSize: 0 }),
  axisFx({ fontWeight: "bold", lineWidth: panel / 15 }),
];

function barMarks(bars: readonly Bar[], fill: (bar: Bar) => string, room: number): Markish[] {
  const place = { x: "precision", fx: "network" } as const;
  // The ends of intervals are short lines, also on wide bars.
  const ends = { ...place, stroke: ink, inset: Math.max(0, 0.33 * room - 6) };
  return [
    barY(bars, { ...place, y: "share", fill, fillOpacity: 0.85 }),
    ruleX(bars, { ...place, y1: "low", y2: "high", stroke: ink, strokeWidth: 1.4 }),
    tickY(bars, { ...ends, y: "low" }),
    tickY(bars, { ...ends, y: "high" }),
    text(bars, { ...place, y: "high", text: ({ share }: Bar) => percentText(share), dy: -9, fontSize: 11.5 }),
  ];
}

/** In percent; 0 and 100 only when exact. */
function percentText(share: number): string {
  if (share === 0 || share === 1) return String(100 * share);
  const text = (100 * share).toFixed(1);
  if (text === "0.0") return "< 0.1";
  return text === "100.0" ? "> 99.9" : text;
}
