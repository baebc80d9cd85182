import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobFor } from "../studies/gradientDifference/jobFor.ts";
import { kinds } from "../studies/jobs.ts";
import { manifestOf } from "../sweeps/manifest.ts";
import { runSweep } from "../sweeps/runSweep.ts";
import { SweepFolder } from "../sweeps/sweepFolder.ts";
import { commanded } from "./commanded.ts";

let root = "";
const at = (name: string): string => join(root, name);
const jobs = [{ dtype: "f64" }, { dtype: "f32" }, { dtype: "bf16", grid: 0 }, { grid: 0 }].map(jobFor);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "nonsmooth-report-"));
  await runSweep({ kinds, manifest: manifestOf("gradient-difference", jobs), folder: at("whole"), threads: 1 });
  const withBad = manifestOf("gradient-difference", [
    ...jobs.slice(0, 2),
    jobFor({ dtype: "f8" }),
    jobFor({ seed: 2 }),
  ]);
  const stopping = new AbortController();
  const onProgress = ({ failed }: { failed: number }): void => void (failed > 0 && stopping.abort());
  await runSweep({ kinds, manifest: withBad, folder: at("part"), threads: 1, onProgress, signal: stopping.signal });
  new SweepFolder(at("none")).begin(manifestOf("gradient-difference", jobs));
  new SweepFolder(at("other")).begin(manifestOf("no-such-study", jobs));
});
afterAll(() => rmSync(root, { recursive: true }));

const ids = ["volume", "grids", "differences"];

test("the page and its figures are written beside the results, the same bytes each time", async () => {
  const { code, written, warned } = await commanded("report", at("whole"));
  expect([code, warned]).toEqual([0, ""]);
  const files = [at("whole/report.html"), ...ids.map((id) => at(`whole/report-${id}.svg`))];
  expect(written).toMatch(/^Gradients of a small network under two choices for ReLU'\(0\)\n/);
  expect(written).toMatch(/\n {2}undecided at this size {2}With 64 bits/);
  expect(written.trim().split("\n").slice(-4)).toEqual(files);
  const bytes = files.map((file) => readFileSync(file, "utf8"));
  for (const svg of bytes.slice(1)) expect(bytes[0]).toContain(svg);
  await commanded("report", at("whole"));
  expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(bytes);
  expect(bytes[0]).not.toContain("unfinished");
});

test("--out says where, --json prints claims and files", async () => {
  const { written } = await commanded("report", at("whole"), "--out", at("elsewhere/a.html"), "--json");
  const { schema, title, claims, files } = JSON.parse(written);
  expect([schema, title]).toEqual([
    "nonsmooth.report/1",
    "Gradients of a small network under two choices for ReLU'(0)",
  ]);
  expect(claims[0]).toMatchObject({ verdict: "undecided at this size", figure: "volume" });
  expect(files).toEqual([at("elsewhere/a.html"), ...ids.map((id) => at(`elsewhere/a-${id}.svg`))]);
  expect(files.every(existsSync)).toBe(true);
});

test("an unfinished sweep is told on the page and beside it", async () => {
  const { code, warned } = await commanded("report", at("part"));
  expect([code, warned]).toEqual([0, "report: 2 of 4 results are missing; the page says so\n"]);
  expect(readFileSync(at("part/report.html"), "utf8")).toContain(
    "<p>This page is of an unfinished sweep: 2 of 4 results are there, and 1 failed.</p>",
  );
});

test.each([
  ["no sweep is here", "nowhere"],
  ["nothing to report: expected a result at least, got none; run nonsmooth sweep run", "none"],
  ["no report for this study: expected one of gradient-difference", "other"],
])("bad input is told, and nothing is written: %s", async (message, name) => {
  const { code, written, warned } = await commanded("report", at(name));
  expect([code, written]).toEqual([2, ""]);
  expect(warned).toContain(message);
  expect(existsSync(at(`${name}/report.html`))).toBe(false);
});
