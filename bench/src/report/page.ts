/** Reports as one page that needs nothing else: no scripts, nothing that is fetched. */
import { escaped } from "../plots/lines.ts";
import { dataLinks, htmlTable } from "./dataTexts.ts";
import type { Claim, Figure, Report, ReportTable, Verdict } from "./report.ts";
import { style } from "./style.ts";

/** The page of a report; equal reports give equal pages. */
export function renderPage({ title, intro, claims, figures, tables }: Report): string {
  const titles = new Map([...figures, ...tables].map((one) => [one.id, one.title]));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${intro.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join("\n")}
${section(
  "Claims",
  claims.map((claim) => claimHtml(claim, titles)),
)}
${section("Figures", figures.map(figureHtml))}
${section("Tables", tables.map(tableHtml))}
<footer>Made by nonsmooth report. Every figure holds its data: the links under it download them.</footer>
</main>
</body>
</html>
`;
}

const section = (title: string, parts: readonly string[]): string =>
  parts.length === 0 ? "" : `<section>\n<h2>${title}</h2>\n${parts.join("\n")}\n</section>`;

const looks: Readonly<Record<Verdict, readonly [className: string, sign: string]>> = {
  confirmed: ["confirmed", "✓"],
  contradicted: ["contradicted", "✗"],
  "undecided at this size": ["undecided", "?"],
};

function claimHtml(claim: Claim, titles: ReadonlyMap<string, string>): string {
  const { statement, source, verdict, figure, interval, note } = claim;
  const [className, sign] = looks[verdict];
  const range = interval === undefined ? "" : ` Interval: ${interval.map(shortNumber).join(" to ")}.`;
  const place = `<a href="#${escaped(figure)}">${escaped(titles.get(figure) ?? "")}</a>`;
  return `<article class="claim ${className}">
<p class="statement">${escaped(statement)}</p>
<p><span class="verdict">${sign} ${verdict}</span> ${escaped(note)}${range}</p>
<p class="about">Source: ${escaped(source)}. Shown by: ${place}.</p>
</article>`;
}

const shortNumber = (value: number): string => String(Number(value.toPrecision(3)));

/** Up to so many rows stand open. */
const shortTable = 8;

function figureHtml({ id, title, caption, svg, data }: Figure): string {
  return `<figure id="${escaped(id)}">
<h3>${escaped(title)}</h3>
${svg}<figcaption>${escaped(caption)}</figcaption>
${dataLinks(id, data)}
<details${data.length <= shortTable ? " open" : ""}><summary>Table</summary>${htmlTable(data)}</details>
</figure>`;
}

function tableHtml({ id, title, caption, data }: ReportTable): string {
  return `<div class="table" id="${escaped(id)}">
<h3>${escaped(title)}</h3>
${htmlTable(data)}
<p class="caption">${escaped(caption)}</p>
${dataLinks(id, data)}
</div>`;
}
