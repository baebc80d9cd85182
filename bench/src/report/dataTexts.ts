/** The data of figures as texts: CSV, JSON, tables, and links that download them. */
import { escaped } from "../plots/lines.ts";
import type { Row } from "./report.ts";

/** Columns in the order of their first coming. */
const columnsOf = (data: readonly Row[]): string[] => [...new Set(data.flatMap((row) => Object.keys(row)))];

/** CSV by RFC 4180; nothing stands for null. */
function csvOf(data: readonly Row[]): string {
  const columns = columnsOf(data);
  const lines = data.map((row) => columns.map((column) => csvField(row[column] ?? null)));
  return [columns.map(csvField), ...lines].map((fields) => `${fields.join(",")}\r\n`).join("");
}

function csvField(value: number | string | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** JSON, a row on each line. */
const jsonOf = (data: readonly Row[]): string => `[\n${data.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`;

/** Links that download the data, which they hold themselves. */
export function dataLinks(id: string, data: readonly Row[]): string {
  const link = (type: string, ending: string, text: string, says: string): string => {
    const uri = `data:${type};charset=utf-8;base64,${Buffer.from(text).toString("base64")}`;
    return `<a download="${id}.${ending}" href="${uri}">data (${says})</a>`;
  };
  return `<p class="data">${link("text/csv", "csv", csvOf(data), "CSV")}${link("application/json", "json", jsonOf(data), "JSON")}</p>`;
}

/** Longer tables are cut on the page; the links have all rows. */
const longest = 200;

/** An HTML table. */
export function htmlTable(data: readonly Row[]): string {
  const columns = columnsOf(data);
  const isNumeric = (column: string): boolean =>
    data.every((row) => typeof (row[column] ?? 0) === "number") && data.some((row) => typeof row[column] === "number");
  const classOf = new Map(columns.map((column) => [column, isNumeric(column) ? ' class="number"' : ""]));
  const cells = (tag: string, text: (column: string) => string): string =>
    columns.map((column) => `<${tag}${classOf.get(column)}>${escaped(text(column))}</${tag}>`).join("");
  const body = data
    .slice(0, longest)
    .map((row) => `<tr>${cells("td", (column) => cellText(row[column] ?? null))}</tr>`);
  const cut = data.length > longest ? `<p class="data">${longest} of ${data.length} rows; the links have all.</p>` : "";
  const head = `<thead><tr>${cells("th", (column) => column)}</tr></thead>`;
  return `<div class="scroll"><table>${head}<tbody>\n${body.join("\n")}\n</tbody></table></div>${cut}`;
}

/** Numbers with four digits: the links have all of them. */
function cellText(value: number | string | null): string {
  if (typeof value !== "number") return value ?? "–";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
