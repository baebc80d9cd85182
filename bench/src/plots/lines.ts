/** Curves as SVG, over logarithmic or linear axes. */

/** How far apart numbers stand: by their logarithms, or by their differences. */
export type Scale = "log" | "linear";

/** A curve; a dashed one is a bound. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly isBound?: boolean;
}

/** What is drawn. */
export interface LinePlot {
  readonly title: string;
  /** Logarithmic when absent. */
  readonly scales?: { readonly x: Scale; readonly y: Scale };
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
}

const size = { width: 760, height: 460 };
const frame = { left: 70, right: 540, top: 50, bottom: 400 };
/** Colours that people with any sight can tell apart (Okabe and Ito). */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/** From numbers to places, and the numbers that are named. */
interface Axis {
  readonly ticks: readonly number[];
  readonly place: (value: number) => number;
}

function axisOf(values: readonly number[], from: number, to: number, scale: Scale): Axis {
  return scale === "log" ? logAxis(values, from, to) : linearAxis(values, from, to);
}

/** The powers of ten around the numbers. */
function logAxis(values: readonly number[], from: number, to: number): Axis {
  const logs = values.map(Math.log10);
  const low = Math.floor(Math.min(...logs) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs) - 1e-9));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    place: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  };
}

/** Round numbers around the numbers: about five steps of 1, 2 or 5 times a power of ten. */
export function linearAxis(values: readonly number[], from: number, to: number): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = most > least ? most - least : Math.max(1, Math.abs(least));
  const power = 10 ** Math.floor(Math.log10(range / 5));
  const step = power * (([1, 2, 5] as const).find((factor) => range / (factor * power) <= 6) ?? 10);
  const [low, high] = [Math.floor(least / step), Math.max(Math.floor(least / step) + 1, Math.ceil(most / step))];
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => Number(((low + i) * step).toPrecision(12))),
    place: (value) => from + ((value / step - low) / (high - low)) * (to - from),
  };
}

/** Draws curves; what is not finite, or on a logarithmic axis not positive, is left out. */
export function linePlot({ title, xLabel, yLabel, curves, scales = { x: "log", y: "log" } }: LinePlot): string {
  const shown = curves.map((curve) => ({
    ...curve,
    points: curve.points.filter(([x, y]) => isShown(x, scales.x) && isShown(y, scales.y)),
  }));
  const all = shown.flatMap(({ points }) => points);
  const x = axisOf(
    all.map(([value]) => value),
    frame.left,
    frame.right,
    scales.x,
  );
  const y = axisOf(
    all.map(([, value]) => value),
    frame.bottom,
    frame.top,
    scales.y,
  );
  const parts = [
    text(size.width / 2, 26, title, "middle", 16),
    ...x.ticks.map((tick) => verticalLine(x.place(tick), tick)),
    ...y.ticks.map((tick) => horizontalLine(y.place(tick), tick)),
    text((frame.left + frame.right) / 2, frame.bottom + 42, xLabel, "middle"),
    `<g transform="rotate(-90 18 ${(frame.top + frame.bottom) / 2})">${text(18, (frame.top + frame.bottom) / 2, yLabel, "middle")}</g>`,
    ...shown.map((curve, i) => drawn(curve, colours[i % colours.length] as string, x, y)),
    ...shown.map((curve, i) => legend(curve, colours[i % colours.length] as string, i)),
  ];
  const box = `viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}"`;
  const back = `<rect width="${size.width}" height="${size.height}" fill="white"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${box} role="img">`,
    `<title>${escaped(title)}</title>`,
    back,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

const isShown = (value: number, scale: Scale): boolean =>
  scale === "log" ? value > 0 && value < Infinity : Number.isFinite(value);

const number = (value: number): string => String(Math.round(value * 10) / 10);

/** Text as it may stand in SVG and HTML. */
export const escaped = (value: string): string =>
  value.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] as string);

function text(x: number, y: number, value: string, anchor: "start" | "middle" | "end", height = 13): string {
  const font = `font-family="sans-serif" font-size="${height}"`;
  return `<text x="${number(x)}" y="${number(y)}" text-anchor="${anchor}" ${font}>${escaped(value)}</text>`;
}

const line = (x1: number, y1: number, x2: number, y2: number, style: string): string =>
  `<line x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}" ${style}/>`;

const grid = 'stroke="#dddddd"';
const tickText = (tick: number): string =>
  tick !== 0 && (Math.abs(tick) < 1e-3 || Math.abs(tick) >= 1e6) ? tick.toExponential().replace("+", "") : String(tick);

const verticalLine = (x: number, tick: number): string =>
  line(x, frame.top, x, frame.bottom, grid) + text(x, frame.bottom + 18, tickText(tick), "middle", 11);

const horizontalLine = (y: number, tick: number): string =>
  line(frame.left, y, frame.right, y, grid) + text(frame.left - 6, y + 4, tickText(tick), "end", 11);

function drawn({ points, isBound }: Curve, colour: string, x: Axis, y: Axis): string {
  const places = points.map(([a, b]) => [number(x.place(a)), number(y.place(b))] as const);
  const dashes = isBound ? ' stroke-dasharray="6 4"' : "";
  const path = places.map((place) => place.join(",")).join(" ");
  const dots = isBound ? [] : places.map(([a, b]) => `<circle cx="${a}" cy="${b}" r="3" fill="${colour}"/>`);
  return [`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/>`, ...dots].join("\n");
}

function legend({ name, isBound }: Curve, colour: string, index: number): string {
  const y = frame.top + 10 + 22 * index;
  const style = `stroke="${colour}" stroke-width="2"${isBound ? ' stroke-dasharray="6 4"' : ""}`;
  return line(frame.right + 16, y, frame.right + 44, y, style) + text(frame.right + 50, y + 4, name, "start", 12);
}
