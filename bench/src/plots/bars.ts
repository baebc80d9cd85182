/** Bars beside each other, each with the mark that it shall not pass, as SVG. */
import { escaped } from "./lines.ts";

/** One bar. */
export interface Bar {
  readonly name: string;
  /** At least 0. */
  readonly value: number;
  /** Where a line is drawn across it; null for none. */
  readonly mark: number | null;
}

/** What is drawn. */
export interface BarChart {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const [width, left, right, rowHeight, top] = [720, 300, 60, 26, 40];

/** Draws the chart. Bars that pass their mark have another colour, and all say their number. */
export function barChart({ title, bars }: BarChart): string {
  const most = Math.max(1, ...bars.flatMap(({ value, mark }) => [value, mark ?? 0]));
  const xOf = (value: number): number => left + (value / most) * (width - left - right);
  const rows = bars.map(({ name, value, mark }, i) => {
    const y = top + i * rowHeight;
    const isOver = mark !== null && value > mark;
    const line =
      mark === null
        ? ""
        : `<line x1="${at(xOf(mark))}" x2="${at(xOf(mark))}" y1="${y - 2}" y2="${y + 20}" stroke="black"/>`;
    return [
      `<text x="${left - 8}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${left}" y="${y}" width="${at(xOf(value) - left)}" height="18" fill="${isOver ? "#c44" : "#48a"}"/>`,
      `<text x="${at(xOf(value) + 5)}" y="${y + 14}">${value.toFixed(2)}</text>${line}`,
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
