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

test("what a bar says stands beyond bar and mark, and long names have room", () => {
  const name = "a name as long as a line of text that has more to say than others";
  const [short, long] = [
    { name: "a", value: 0.5, mark: 1, says: "0.5 <= 1" },
    { name, value: 1, mark: null },
  ];
  const [, left = ""] = /<rect x="(\d+)" y/.exec(barChart({ title: "", bars: [short, long] })) ?? [];
  const svg = barChart({ title: "", bars: [short] });
  expect(svg).toContain(">0.5 &lt;= 1<");
  expect(Number(left)).toBeGreaterThan(6 * name.length);
  const [, says = ""] = /<text x="([\d.]+)" y="54">0.5/.exec(svg) ?? [];
  const [, mark = ""] = /<line x1="([\d.]+)"/.exec(svg) ?? [];
  expect(Number(says)).toBeGreaterThan(Number(mark));
});

test("no bars make an empty chart", () => {
  expect(barChart({ title: "none", bars: [] })).toContain("</svg>");
});
