import { expect, test } from "vitest";
import { barChart } from "./bars.ts";

test("bars say their number, and show whether they pass their mark", () => {
  const svg = barChart({
    title: "a < b",
    bars: [
      { name: "good", value: 0.5, mark: 0.75 },
      { name: "bad", value: 2, mark: 1 },
      { name: "free", value: 1, mark: null },
    ],
  });
  expect(svg).toContain("a &lt; b");
  expect(svg.match(/<rect/g)).toHaveLength(4);
  expect(svg.match(/<line/g)).toHaveLength(2);
  expect(svg.match(/#c44/g)).toHaveLength(1);
  expect(svg).toContain(">0.50<");
});

test("no bars make an empty chart", () => {
  expect(barChart({ title: "none", bars: [] })).toContain("</svg>");
});
