import { expect, test } from "vitest";
import { linePlot } from "./lines.ts";

const plot = (points: [number, number][], name = "a curve"): string =>
  linePlot({ title: "t", xLabel: "x", yLabel: "y", curves: [{ name, points }] });

const pathOf = (svg: string): string[] => (/<polyline points="([^"]*)"/.exec(svg)?.[1] ?? "").split(" ");

test("powers of ten stand at equal distances, from the lower left to the upper right", () => {
  expect(
    pathOf(
      plot([
        [1, 1],
        [10, 10],
        [100, 100],
      ]),
    ),
  ).toEqual(["70,400", "305,225", "540,50"]);
});

test("what a logarithm cannot show is left out", () => {
  expect(
    pathOf(
      plot([
        [1, 1],
        [10, 0],
        [10, NaN],
        [100, Infinity],
        [100, 10],
      ]),
    ),
  ).toEqual(["70,400", "540,50"]);
});

test("one value has an axis too", () => {
  expect(
    pathOf(
      plot([
        [1, 5],
        [10, 5],
      ]),
    ),
  ).toHaveLength(2);
  expect(plot([[3, 5]])).not.toContain("NaN");
});

test("axes end at powers of ten, rounding aside", () => {
  const svg = plot([
    [10, 1],
    [1000, 1000],
  ]);
  expect(svg).toContain(">1000</text>");
  expect(svg).not.toContain(">10000</text>");
});

test("bounds are dashed and have no dots", () => {
  const svg = linePlot({
    title: "t",
    xLabel: "x",
    yLabel: "y",
    curves: [
      {
        name: "b",
        isBound: true,
        points: [
          [1, 5],
          [10, 5],
        ],
      },
    ],
  });
  expect(svg).toContain("stroke-dasharray");
  expect(svg).not.toContain("<circle");
});

test("names are text", () => {
  expect(plot([[1, 1]], '<a href="x">&')).toContain("&lt;a href=&quot;x&quot;&gt;&amp;");
});

test("linear axes have round numbers around the values", () => {
  const svg = linePlot({
    title: "t",
    xLabel: "x",
    yLabel: "y",
    scales: { x: "linear", y: "linear" },
    curves: [
      {
        name: "c",
        points: [
          [0, 0.1],
          [50, -0.15],
          [100, 0.3],
        ],
      },
    ],
  });
  for (const tick of ["0", "20", "100", "-0.2", "0.3"]) expect(svg).toContain(`>${tick}</text>`);
  expect(pathOf(svg)).toEqual(["70,190", "305,365", "540,50"]);
});
