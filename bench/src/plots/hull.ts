/** Points of the plane and their convex hull as SVG. */
import { escaped, linearAxis } from "./lines.ts";

/** A point of the plane. */
export type Point = readonly [x: number, y: number];

/** A point with a name and a mark of its own. */
export interface Marked {
  readonly name: string;
  readonly at: Point;
  readonly mark: "cross" | "ring";
  readonly colour: string;
}

/** What is drawn. */
export interface HullPlot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Dots, and the hull around them. */
  readonly points: readonly Point[];
  readonly pointsName: string;
  readonly hullName: string;
  readonly marked: readonly Marked[];
}

const side = 400;
const frame = { left: 70, top: 50, right: 70 + side, bottom: 50 + side };
const size = { width: 720, height: 520 };
const blue = "#0072b2";

const cross = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

/** Corners of the convex hull, one after the other around it: lower and upper chain of the sorted points. */
function hullOf(points: readonly Point[]): Point[] {
  const sorted = [...new Map(points.map((p) => [p.join(), p])).values()].toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (sorted.length < 3) return sorted;
  const chain = (list: readonly Point[]): Point[] => {
    const corners: Point[] = [];
    for (const p of list) {
      while (corners.length > 1 && cross(corners.at(-2) as Point, corners.at(-1) as Point, p) <= 0) corners.pop();
      corners.push(p);
    }
    return corners.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.toReversed())];
}

const text = (x: number, y: number, content: string, anchor: string, height = 12): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-family="sans-serif" font-size="${height}">${escaped(content)}</text>`;
const line = (x1: number, y1: number, x2: number, y2: number, style: string): string =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${style}/>`;
const grid = 'stroke="#dddddd"';
const short = (value: number): number => Math.round(value * 10) / 10;

/** One scale for both axes, so that distances are what they look like. */
function axes(points: readonly Point[]) {
  const middle = ([0, 1] as const).map((i) => {
    const values = points.map((p) => p[i]);
    return (Math.min(...values) + Math.max(...values)) / 2;
  }) as [number, number];
  const reach =
    0.6 * Math.max(1e-9, ...points.flatMap((p) => [Math.abs(p[0] - middle[0]), Math.abs(p[1] - middle[1])]));
  const around = (m: number): number[] => [m - 2 * reach, m + 2 * reach];
  const x = linearAxis(around(middle[0]), frame.left, frame.right);
  const y = linearAxis(around(middle[1]), frame.bottom, frame.top);
  return { x, y };
}

/** Draws points, their hull, the axes through 0, and what is marked. */
export function hullPlot({ title, xLabel, yLabel, points, pointsName, hullName, marked }: HullPlot): string {
  const { x, y } = axes([...points, ...marked.map(({ at }) => at)]);
  const place = ([a, b]: Point): Point => [short(x.place(a)), short(y.place(b))];
  const inside = (value: number, from: number, to: number): boolean => value >= from && value <= to;
  const xs = x.ticks.filter((tick) => inside(x.place(tick), frame.left - 1, frame.right + 1));
  const ys = y.ticks.filter((tick) => inside(y.place(tick), frame.top - 1, frame.bottom + 1));
  const corners = hullOf(points)
    .map((p) => place(p).join(","))
    .join(" ");
  const parts = [
    text(size.width / 2, 26, title, "middle", 16),
    ...xs.map((tick) =>
      line(x.place(tick), frame.top, x.place(tick), frame.bottom, tick === 0 ? 'stroke="#999999"' : grid),
    ),
    ...ys.map((tick) =>
      line(frame.left, y.place(tick), frame.right, y.place(tick), tick === 0 ? 'stroke="#999999"' : grid),
    ),
    ...xs.map((tick) => text(x.place(tick), frame.bottom + 18, String(tick), "middle", 11)),
    ...ys.map((tick) => text(frame.left - 6, y.place(tick) + 4, String(tick), "end", 11)),
    text((frame.left + frame.right) / 2, frame.bottom + 42, xLabel, "middle"),
    `<g transform="rotate(-90 18 ${(frame.top + frame.bottom) / 2})">${text(18, (frame.top + frame.bottom) / 2, yLabel, "middle")}</g>`,
    `<polygon points="${corners}" fill="${blue}" fill-opacity="0.15" stroke="${blue}"/>`,
    ...points.map((p) => dot(place(p))),
    ...marked.map(({ at, mark, colour }) => symbol(place(at), mark, colour)),
    ...legend(pointsName, hullName, marked),
  ];
  const box = `viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}"`;
  const back = `<rect width="${size.width}" height="${size.height}" fill="white"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${box} role="img">`,
    `<title>${escaped(title)}</title>`,
    ...[back, ...parts, "</svg>", ""],
  ].join("\n");
}

const dot = ([x, y]: Point): string => `<circle cx="${x}" cy="${y}" r="4" fill="${blue}"/>`;

function symbol([x, y]: Point, mark: Marked["mark"], colour: string): string {
  const style = `stroke="${colour}" stroke-width="2.5"`;
  if (mark === "ring") return `<circle cx="${x}" cy="${y}" r="8" fill="none" ${style}/>`;
  return line(x - 7, y - 7, x + 7, y + 7, style) + line(x - 7, y + 7, x + 7, y - 7, style);
}

function legend(pointsName: string, hullName: string, marked: readonly Marked[]): string[] {
  const x = frame.right + 24;
  const at = (row: number): number => frame.top + 10 + 26 * row;
  const area = `<rect x="${x - 8}" y="${at(1) - 8}" width="16" height="16" fill="${blue}" fill-opacity="0.15" stroke="${blue}"/>`;
  const named = (row: number, name: string): string => text(x + 18, at(row) + 4, name, "start");
  return [
    ...[dot([x, at(0)]), named(0, pointsName), area, named(1, hullName)],
    ...marked.flatMap(({ name, mark, colour }, i) => [symbol([x, at(i + 2)], mark, colour), named(i + 2, name)]),
  ];
}
