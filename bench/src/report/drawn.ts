/** Plots as SVG texts, without a browser. */
import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Document, font, type LegendEntry, legendOf, type Picture } from "./legend.ts";

/** Of every figure; plots are as wide as that less the margins. */
export const width = 760;
export const margins = { marginLeft: 64, marginRight: 24, marginBottom: 48 } as const;

/** Draws a plot with its title for readers of screens, and a legend above it when there are several entries. */
export function drawn(title: string, options: PlotOptions, legend: readonly LegendEntry[] = []): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const made = plot({ ...margins, height: 360, ...options, document, width, style: font });
  if (legend.length > 1) putAbove(made, legend, document);
  const name = document.createElementNS(svg, "title");
  name.textContent = title;
  made.prepend(name);
  // The same picture as a file of its own can be read.
  made.setAttribute("xmlns", svg);
  made.setAttribute("role", "img");
  return `${made.outerHTML}\n`;
}

const svg = "http://www.w3.org/2000/svg";

/** The picture grows upwards; what is in it keeps its place. */
function putAbove(picture: Picture, entries: readonly LegendEntry[], document: Document): void {
  const made = legendOf(entries, width, document);
  const height = Number(made.getAttribute("height"));
  const whole = Number(picture.getAttribute("height")) + height;
  made.setAttribute("y", String(-height));
  picture.setAttribute("viewBox", `0 ${-height} ${width} ${whole}`);
  picture.setAttribute("height", String(whole));
  picture.append(made);
}
