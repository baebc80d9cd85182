import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { accuracyByBeta } from "./accuracyByBeta.ts";
import { divergenceCurves } from "./divergence.ts";
import { heatTable } from "./heat.ts";
import { differencesByDecade } from "./histogram.ts";
import type { Figure } from "./report.ts";
import { volumeByPrecision } from "./volume.ts";

const texts = { id: "a", title: 'A "<b>" & $& title', caption: "c" };

const makers: Readonly<Record<string, () => Figure>> = {
  accuracyByBeta: () =>
    accuracyByBeta(
      [
        { series: "16 <bits>", beta: 0, accuracy: 0.5 },
        { series: "16 <bits>", beta: 0, accuracy: 0.75 },
        { series: "16 <bits>", beta: 1000, accuracy: null },
        { series: "16 <bits>", beta: 1000, accuracy: 0.25 },
        { series: "32 bits", beta: 10, accuracy: 0.5 },
      ],
      texts,
    ),
  volumeByPrecision: () =>
    volumeByPrecision(
      [
        { network: "mlp", precision: "f16", successes: 5, trials: 10 },
        { network: "mlp", precision: "f32", successes: 0, trials: 10 },
        { network: "vgg", precision: "f16", successes: 9999, trials: 10000 },
      ],
      texts,
    ),
  differencesByDecade: () =>
    differencesByDecade(
      [0, 0, 0.01, 0.0999, 10, null].map((difference) => ({ series: "f32", difference })),
      texts,
    ),
  divergenceCurves: () =>
    divergenceCurves(
      [0, 1e-8, 1e-4, null].flatMap((value, step) => [
        { series: "a", step, value },
        { series: "b", step, value: 0 },
        { series: "c", step, value: null },
      ]),
      texts,
    ),
  heatTable: () =>
    heatTable(
      [
        { row: "r", column: "x", value: 0 },
        { row: "r", column: "y", value: 1 },
        { row: "s", column: "x", value: null },
      ],
      texts,
      { row: "rows", column: "columns", format: (value) => `${100 * value} %` },
    ),
};

const figure = (name: string): Figure => (makers[name] as () => Figure)();

/** The texts of a picture, in its order. */
const textsOf = ({ svg }: Figure): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text as string);
/** How many elements of a name stand in the groups of a mark. */
const count = ({ svg }: Figure, mark: string, element: string): number =>
  parseHTML(svg).document.querySelectorAll(`[aria-label="${mark}"] ${element}`).length;

/** Elements nest, attributes are quoted, and no sign is left that XML does not know. */
function expectWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml.replace(/<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_tag, end, name, _, alone) => {
    if (end === "/") expect(open.pop()).toBe(name);
    else if (alone === "") open.push(name);
    return "";
  });
  expect(open).toEqual([]);
  expect(rest).not.toContain("<");
  expect(xml).not.toMatch(/&(?!(amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i);
}

test.each(Object.keys(makers))("%s is one well-formed picture, the same each time, without NaN", (name) => {
  const { svg, title, id } = figure(name);
  expectWellFormed(svg);
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*>/);
  expect(svg.match(/<title>(.*?)<\/title>/)?.[1]).toBe('A "&lt;b&gt;" &amp; $&amp; title');
  expect([title, id]).toEqual([texts.title, texts.id]);
  expect(svg.replace(/>[^<]*</g, "><")).not.toMatch(/NaN|undefined|Infinity/);
  expect(figure(name).svg).toBe(svg);
});

test("accuracies: means of finite runs, NaN runs counted apart", () => {
  const found = figure("accuracyByBeta");
  expect(found.data).toEqual([
    { series: "16 <bits>", beta: 0, runs: 2, nanRuns: 0, mean: 0.625, deviation: Math.sqrt(0.03125) },
    { series: "16 <bits>", beta: 1000, runs: 2, nanRuns: 1, mean: 0.25, deviation: null },
    { series: "32 bits", beta: 10, runs: 1, nanRuns: 0, mean: 0.5, deviation: null },
  ]);
  expect(textsOf(found)).toEqual(expect.arrayContaining(["0", "10", "100", "1000", "β", "NaN", "1/2"]));
  expect(textsOf(found)).toEqual(expect.arrayContaining(["16 &lt;bits&gt;", "32 bits"]));
  // Three means, the symbol of one NaN count, two of the legend.
  expect(count(found, "dot", "path") + count(found, "dot", "circle")).toBe(6);
});

test("accuracies without NaN have no row for it, and one series no legend", () => {
  const plain = accuracyByBeta([{ series: "one", beta: 1, accuracy: 0.5 }], texts);
  expect(textsOf(plain)).not.toEqual(expect.arrayContaining(["NaN"]));
  expect(textsOf(plain)).not.toEqual(expect.arrayContaining(["one"]));
  const broken = accuracyByBeta([{ series: "one", beta: 1, accuracy: null }], texts);
  expect(textsOf(broken)).toEqual(expect.arrayContaining(["NaN", "1/1", "0 %", "100 %"]));
});

test("volumes: a bar for each row with Wilson's interval, and 100 % only when exact", () => {
  const found = figure("volumeByPrecision");
  expect(found.data[0]).toMatchObject({ network: "mlp", precision: "f16", share: 0.5, successes: 5, trials: 10 });
  expect(found.data[0]?.low).toBeCloseTo(0.2366, 4);
  expect(found.data[1]).toMatchObject({ share: 0, low: 0 });
  expect(count(found, "bar", "rect")).toBe(3);
  expect(textsOf(found)).toEqual(expect.arrayContaining(["mlp", "vgg", "f16", "f32", "50.0", "0", "&gt; 99.9"]));
});

test("differences: bins from 10^(e-1) to below 10^e, those without a row too, exactly 0 and NaN apart", () => {
  const found = figure("differencesByDecade");
  expect(found.data.map(({ bin, count: rows }) => [bin, rows])).toEqual([
    ...[
      ["exactly 0", 2],
      ["-1", 2],
      ["0", 0],
      ["1", 0],
      ["2", 1],
    ],
    ["not finite", 1],
  ]);
  expect(found.data[0]?.share).toBeCloseTo(1 / 3, 12);
  expect(count(found, "bar", "rect")).toBe(4);
  expect(textsOf(found)).toEqual(expect.arrayContaining(["zero", "−1", "2", "NaN", "33.3", "16.7", "f32"]));
});

test("many decades: every second is named, so that names do not touch", () => {
  const rows = [1e-18, 1e9].map((difference) => ({ series: "f64", difference }));
  const found = textsOf(differencesByDecade(rows, texts));
  expect(found).toEqual(expect.arrayContaining(["−16", "10"]));
  expect(found).not.toEqual(expect.arrayContaining(["−15"]));
});

test("divergence: a curve for each pair, 0 on the axis, a cross where NaN begins", () => {
  const found = figure("divergenceCurves");
  expect(found.data).toHaveLength(12);
  expect(found.data[0]).toEqual({ series: "a", step: 0, value: 0 });
  expect(textsOf(found)).toEqual(expect.arrayContaining(["0", "10⁻⁸", "10⁻⁴", "step", "distance"]));
  expect(textsOf(found)).toEqual(expect.arrayContaining(["a", "b", "c (NaN throughout)"]));
  expect(textsOf(found).filter((text) => /[×]/.test(text))).toEqual(["× NaN"]);
  // None for the pair that never had a distance.
  expect(count(found, "line", "path")).toBe(2);
  expect(count(found, "dot", "circle")).toBe(3 + 4);
});

test("a curve that breaks late has its word on the left", () => {
  const rows = Array.from({ length: 50 }, (_, step) => ({ series: "a", step, value: step < 49 ? 1 : null }));
  expect(textsOf(divergenceCurves(rows, texts))).toEqual(expect.arrayContaining(["NaN ×"]));
});

test("heat: each cell with its number, light text on dark ones, a dash where there is none", () => {
  const found = figure("heatTable");
  expect(found.data).toHaveLength(3);
  expect(textsOf(found)).toEqual(expect.arrayContaining(["r", "s", "x", "y", "rows", "columns", "0 %", "100 %", "–"]));
  expect(count(found, "text", "text")).toBe(3);
  const onDark = parseHTML(found.svg).document.querySelectorAll('[fill="white"] > text');
  expect([...onDark].map(({ textContent }) => textContent)).toEqual(["100 %"]);
  expect(count(found, "cell", "rect")).toBe(3 + 2);
});

test.each([
  ["no accuracies", "nothing to draw", () => accuracyByBeta([], texts)],
  [
    "NaN as an accuracy",
    "a number that has no place",
    () => accuracyByBeta([{ series: "a", beta: 1, accuracy: Number.NaN }], texts),
  ],
  [
    "a negative beta",
    "a number that has no place",
    () => accuracyByBeta([{ series: "a", beta: -1, accuracy: 1 }], texts),
  ],
  ["no bars", "nothing to draw", () => volumeByPrecision([], texts)],
  [
    "more successes than trials",
    "no share",
    () => volumeByPrecision([{ network: "a", precision: "b", successes: 2, trials: 1 }], texts),
  ],
  [
    "two bars in one place",
    "two rows for one place",
    () =>
      volumeByPrecision(
        [1, 2].map((successes) => ({ network: "a", precision: "b", successes, trials: 9 })),
        texts,
      ),
  ],
  ["no differences", "nothing to draw", () => differencesByDecade([], texts)],
  [
    "a negative difference",
    "a number that has no place",
    () => differencesByDecade([{ series: "a", difference: -1 }], texts),
  ],
  ["no steps", "nothing to draw", () => divergenceCurves([], texts)],
  [
    "an infinite distance",
    "a number that has no place",
    () => divergenceCurves([{ series: "a", step: 0, value: Infinity }], texts),
  ],
  ["no cells", "nothing to draw", () => heatTable([], texts, { row: "", column: "", format: String })],
  [
    "two cells in one place",
    "two rows for one place",
    () =>
      heatTable(
        [1, 2].map((value) => ({ row: "a", column: "b", value })),
        texts,
        { row: "", column: "", format: String },
      ),
  ],
] as const)("refused: %s", (_name, problem, make) => {
  expect(make).toThrowError(
    expect.objectContaining({ name: "AdError", code: "domain", message: expect.stringContaining(problem) }),
  );
});

test("a hundred thousand rows are no problem", () => {
  const rows = Array.from({ length: 150_000 }, (_, i) => ({
    series: "f32",
    difference: i % 3 === 0 ? 0 : 10 ** -(i % 7),
  }));
  expect(differencesByDecade(rows, texts).data[0]).toMatchObject({ bin: "exactly 0", count: 50_000 });
});
