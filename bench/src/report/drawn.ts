/** Plots as SVG texts, without a browser. */
import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escaped } from "../plots/lines.ts";
import { ink } from "./palette.ts";

/** One entry of a legend. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
}

const width = 760;
/** Of legends, generously. */
const [letterWidth, rowHeight, swatch] = [7.2, 22, 12];

/** Draws a plot with its title for readers of screens, and a legend above it when there are several entries. */
export function drawn(title: string, options: PlotOptions, legend: readonly LegendEntry[] = []): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const rows = legend.length > 1 ? placed(legend, Number(options.marginLeft ?? 64)) : [];
  const legendHeight = rows.length === 0 ? 0 : rowHeight * (1 + Math.max(...rows.map(({ row }) => row))) + 8;
  const marginTop = Number(options.marginTop ?? 28) + legendHeight;
  const made = plot({
    ...{ marginLeft: 64, marginRight: 24, marginBottom: 48 },
    ...options,
    ...{ document, width, marginTop, height: Number(options.height ?? 360) + legendHeight },
    style: { background: "white", color: ink, fontSize: "13px", fontFamily: "system-ui, sans-serif" },
  });
  return withTitle(made.outerHTML, title, rows.map(entryText).join(""));
}

interface Placed extends LegendEntry {
  readonly x: number;
  readonly row: number;
}

/** Entries from left to right, in as many rows as they need. */
function placed(legend: readonly LegendEntry[], left: number): Placed[] {
  let [x, row] = [left, 0];
  return legend.map((entry) => {
    const room = swatch + 6 + entry.name.length * letterWidth + 18;
    if (x > left && x + room > width) [x, row] = [left, row + 1];
    const place = { ...entry, x, row };
    x += room;
    return place;
  });
}

function entryText({ name, colour, x, row }: Placed): string {
  const y = 6 + row * rowHeight;
  const square = `<rect x="${x}" y="${y}" width="${swatch}" height="${swatch}" rx="2" fill="${colour}"/>`;
  return `${square}<text x="${x + swatch + 6}" y="${y + 11}" text-anchor="start">${escaped(name)}</text>`;
}

/** The same picture as a file of its own can be read. */
function withTitle(svg: string, title: string, more: string): string {
  const opened = svg.replace(/^<svg/, '<svg xmlns="http://www.w3.org/2000/svg" role="img"');
  return `${opened.replace(">", `><title>${escaped(title)}</title>`).replace(/<\/svg>$/, `${more}</svg>`)}\n`;
}
