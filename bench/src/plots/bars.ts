/** Bars beside each other, each with the mark that it shall not pass, as SVG. */
import { escaped } from "./lines.ts";

/** One bar. */
export interface Bar {
  readonly name: string;
  /** At least 0. */
  readonly value: number;
  /** Where a line is drawn across it; null for none. */
  readonly mark: number | null;
  /** What stands beside it; the value when absent. */
  readonly says?: string;
}

/** What is drawn. */
export interface BarChart {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const [room, rowHeight, top] = [360, 26, 40];

/** A letter's width, generously. */
const letter = 6.8;

/** Room for the longest of some texts; at least so much. */
const roomFor = (texts: readonly string[], least: number): number =>
  Math.max(least, ...texts.map(({ length }) => Math.ceil(letter * length) + 16));

/** Draws the chart. Bars that pass their mark have another colour, and all say their number. */
export function barChart({ title, bars }: BarChart): string {
  const most = Math.max(1, ...bars.flatMap(({ value, mark }) => [value, mark ?? 0]));
  const textOf = ({ value, says }: Bar): string => says ?? value.toFixed(2);
  const left = roomFor(
    bars.map(({ name }) => name),
    300,
  );
  const width = left + room + roomFor(bars.map(textOf), 60);
  const xOf = (value: number): number => left + (value / most) * room;
  const rows = bars.map((bar, i) => {
    const { name, value, mark } = bar;
    const y = top + i * rowHeight;
    const isOver = mark !== null && value > mark;
    const line =
      mark === null
        ? ""
        : `<line x1="${at(xOf(mark))}" x2="${at(xOf(mark))}" y1="${y - 2}" y2="${y + 20}" stroke="black"/>`;
    return [
      `<text x="${left - 8}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${left}" y="${y}" width="${at(xOf(value) - left)}" height="18" fill="${isOver ? "#c44" : "#48a"}"/>`,
      `<text x="${at(xOf(Math.max(value, mark ?? 0)) + 5)}" y="${y + 14}">${escaped(textOf(bar))}</text>${line}`,
    ].join("");
  });
  const height = top + bars.length * rowHeight + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
<rect width="${width}" height="${height}" fill="white"/>
<text x="${width / 2}" y="22" text-anchor="middle" font-size="15">${escaped(title)}</text>
${rows.join("\n")}
</svg>
`;
}

const at = (value: number): string => value.toFixed(1);
