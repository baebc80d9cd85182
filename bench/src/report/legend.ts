/** Legends: each mark with its name, in as many rows as they need. */
import { dot, type Markish, type PlotOptions, plot, ruleY, text } from "@observablehq/plot";
import { ink, type symbolOf } from "./palette.ts";

/** One entry: a symbol, or a line when it has a dash. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  readonly symbol?: ReturnType<typeof symbolOf>;
  readonly dash?: string;
}

/** How a plot is written. */
export const font: Readonly<Record<string, string>> = {
  ...{ color: ink, background: "white", fontSize: "13px", fontFamily: "system-ui, sans-serif" },
};

/** The document that a picture is made in, and the picture. */
export type Document = PlotOptions["document"];
export type Picture = ReturnType<typeof plot>;

/** Letters are measured generously. */
const [left, letterWidth, rowHeight, lineWidth] = [12, 7.2, 22, 26];

interface Placed extends LegendEntry {
  readonly x: number;
  readonly y: number;
}

/** A picture of its own, of this width. */
export function legendOf(entries: readonly LegendEntry[], width: number, document: Document): Picture {
  const places = placed(entries, width);
  const height = (places.at(-1)?.y ?? 0) + rowHeight / 2 + 6;
  const scale = (end: number) => ({ domain: [0, end], range: [0, end], axis: null });
  const marks = places.map(entryMarks);
  return plot({ document, width, height, margin: 0, x: scale(width), y: scale(height), marks, style: font });
}

/** Entries from left to right, in as many rows as they need. */
function placed(entries: readonly LegendEntry[], width: number): Placed[] {
  let [x, y] = [left, 6 + rowHeight / 2];
  return entries.map((entry) => {
    const room = lineWidth + entry.name.length * letterWidth + 24;
    if (x > left && x + room > width) [x, y] = [left, y + rowHeight];
    const place = { ...entry, x, y };
    x += room;
    return place;
  });
}

function entryMarks({ name, colour, symbol = "circle", dash, x, y }: Placed): Markish[] {
  const middle = x + lineWidth / 2;
  const line = { x1: x, x2: x + lineWidth, stroke: colour, strokeWidth: 2, strokeDasharray: dash ?? "none" };
  return [
    dash === undefined ? dot([y], { x: [middle], y: [y], fill: colour, symbol, r: 5 }) : ruleY([y], ends(line)),
    text([name], { x: [x + lineWidth + 6], y: [y], text: [name], textAnchor: "start" }),
  ];
}

/** The ends of a rule as channels. */
const ends = <T extends { x1: number; x2: number }>({ x1, x2, ...style }: T) => ({ ...style, x1: [x1], x2: [x2] });
