import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commanded } from "./commanded.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-compare-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A run of 40 steps in two epochs; `rate` is how fast its loss falls. */
function write(name: string, rate: number): string {
  const path = join(folder, name);
  mkdirSync(path);
  const lines = Array.from({ length: 40 }, (_, i) => ({
    step: i + 1,
    epoch: Math.floor(i / 20),
    loss: Math.exp(-rate * i),
  }));
  const tests = [20, 40].map((step) => ({
    step,
    epoch: step / 20 - 1,
    testLoss: 1 / step,
    testAccuracy: 1 - 1 / step,
    count: 9,
  }));
  const all = [...lines.slice(0, 20), tests[0], ...lines.slice(20), tests[1]];
  writeFileSync(join(path, "log.jsonl"), all.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return path;
}

test("runs stand in a table, as they stand in their logs", async () => {
  const { code, written } = await commanded("compare", write("fast", 0.1), write("slow", 0.01));
  expect(code).toBe(0);
  expect(written).toMatchInlineSnapshot(`
    "run   steps  epochs  test loss  test accuracy     best
    fast     40       2     0.0250        97.50 %  97.50 %
    slow     40       2     0.0250        97.50 %  97.50 %
    "
  `);
});

test.each(["loss", "testLoss", "testAccuracy"])("the curve of %s is drawn for each run", async (curve) => {
  const [svg, html] = [join(folder, "a.svg"), join(folder, "a.html")];
  await commanded("compare", write("fast", 0.1), write("slow", 0.01), "--curve", curve, "--svg", svg, "--html", html);
  const text = readFileSync(svg, "utf8");
  expect(text.match(/<polyline/g)).toHaveLength(2);
  expect(text).toContain("fast");
  expect(text).not.toContain("NaN");
  expect(readFileSync(html, "utf8")).toContain(text);
});

test("one object, and what is no run is told", async () => {
  const found = JSON.parse((await commanded("compare", write("a", 1), "--json")).written);
  expect(found).toEqual({
    schema: "nonsmooth.compare/1",
    runs: [{ run: "a", steps: 40, epochs: 2, testLoss: 0.025, testAccuracy: 0.975, bestAccuracy: 0.975 }],
  });
  expect(await commanded("compare", folder)).toMatchObject({
    code: 2,
    warned: expect.stringContaining("no run in this folder"),
  });
});
