import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { checkReport } from "./checks.ts";
import { heatTable } from "./heat.ts";
import { renderPage } from "./page.ts";
import type { Claim, Report, Row } from "./report.ts";

const data: readonly Row[] = [
  { name: 'a "b", c', value: 0.1 + 0.2 },
  { name: "d\ne", value: null, more: "é" },
];
const labels = { row: "r", column: "c", format: String };
const picture = heatTable(
  [{ row: "a", column: "b", value: 1 }],
  { id: "heat", title: "Heat <1>", caption: "&c" },
  labels,
);
const claim: Claim = {
  ...{ statement: "It <holds>", source: "BBPP23, table 2", verdict: "confirmed", figure: "heat" },
  ...{ interval: [0.123456, 0.5], note: "The share." },
};
const table = { id: "tab", title: "Numbers", caption: "All of them", data };
const report: Report = {
  ...{ title: "A & B", intro: ["First.", "Second <p>."], figures: [picture], tables: [table] },
  claims: [
    claim,
    { ...claim, verdict: "contradicted", figure: "tab", statement: "It fails" },
    { ...claim, verdict: "undecided at this size", statement: "Who knows" },
  ],
};
const page = renderPage(report);
const { document } = parseHTML(page);
const textOf = (selector: string): string[] =>
  [...document.querySelectorAll(selector)].map(({ textContent }) => (textContent ?? "").replace(/\s+/g, " ").trim());

/** What a link downloads. */
function download(name: string): string {
  const href = document.querySelector(`a[download="${name}"]`)?.getAttribute("href") ?? "";
  const [, base64 = ""] = href.match(/^data:[a-z/]+;charset=utf-8;base64,(.+)$/) ?? [];
  return Buffer.from(base64, "base64").toString("utf8");
}

test("claims stand with their verdicts, intervals, sources and what shows them", () => {
  expect(textOf(".claim .statement")).toEqual(["It <holds>", "It fails", "Who knows"]);
  expect(textOf(".claim .verdict")).toEqual(["✓ confirmed", "✗ contradicted", "? undecided at this size"]);
  expect(textOf(".claim")[0]).toContain(
    "The share. Interval: 0.123 to 0.5. Source: BBPP23, table 2. Shown by: Heat <1>.",
  );
  const links = [...document.querySelectorAll(".claim a")].map((link) => link.getAttribute("href") ?? "");
  expect(links).toEqual(["#heat", "#tab", "#heat"]);
  for (const link of links) expect(document.getElementById(link.slice(1))).not.toBeNull();
});

test("the page has everything: titles, paragraphs, picture, captions, tables", () => {
  expect(textOf("h1, h2, h3")).toEqual(["A & B", "Claims", "Figures", "Heat <1>", "Tables", "Numbers"]);
  expect(textOf("main > p")).toEqual(["First.", "Second <p>."]);
  expect(document.querySelectorAll("figure > svg")).toHaveLength(1);
  expect(textOf("figcaption, .caption")).toEqual(["&c", "All of them"]);
  expect(textOf("#tab td")).toEqual(['a "b", c', "0.3", "–", "d e", "–", "é"]);
});

test("nothing runs and nothing is fetched", () => {
  expect(page).not.toMatch(/<script|<link|<iframe|<img|<object|<embed|javascript:|\son\w+=|@import|url\(/i);
  const targets = [...page.matchAll(/\s(?:href|src|xlink:href)="([^"]*)"/g)].map(([, target = ""]) => target);
  expect(targets.filter((target) => !/^(#|data:text\/csv|data:application\/json)/.test(target))).toEqual([]);
  expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:/);
});

test("links hold the data, all digits and signs of them", () => {
  expect(JSON.parse(download("tab.json"))).toEqual(data);
  expect(download("tab.csv")).toBe('name,value,more\r\n"a ""b"", c",0.30000000000000004,\r\n"d\ne",,é\r\n');
  expect(JSON.parse(download("heat.json"))).toEqual(picture.data);
});

test("a long table is cut on the page, not in the links", () => {
  const long = Array.from({ length: 201 }, (_, i) => ({ i }));
  const found = renderPage({ ...report, tables: [{ ...table, data: long }] });
  expect(found).toContain("200 of 201 rows");
  expect(found.match(/<tr>/g)?.length).toBeLessThan(210);
});

test("equal reports are equal bytes; sections without content are left out", () => {
  expect(renderPage(structuredClone(report))).toBe(page);
  expect(renderPage({ ...report, claims: [], tables: [] })).not.toMatch(/<h2>(Claims|Tables)/);
});

test.each([
  ["a bad id", { ...report, figures: [{ ...picture, id: "../x" }], claims: [] }],
  ["two rows for one place", { ...report, tables: [{ ...table, id: "heat" }], claims: [] }],
  ["nothing shows a claim", { ...report, claims: [{ ...claim, figure: "none" }] }],
])("refused: %s", (problem, bad) => {
  expect(() => checkReport(bad)).toThrowError(
    expect.objectContaining({ code: "domain", message: expect.stringContaining(problem) }),
  );
  expect(() => checkReport(report)).not.toThrow();
});
