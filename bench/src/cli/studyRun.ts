/** A study from its plan to its report: what all commands that make sweeps have in common. */
import { join } from "node:path";
import type { Report } from "../report/report.ts";
import { kinds } from "../studies/jobs.ts";
import type { Manifest } from "../sweeps/manifest.ts";
import { runSweep } from "../sweeps/runSweep.ts";
import { CheckFailed, Interrupted, type Output } from "./output.ts";
import { stopper } from "./stopper.ts";
import { sweepTeller } from "./sweepTeller.ts";
import { table } from "./table.ts";

/** What a study's command was told about its run. */
export interface StudyRun {
  readonly threads?: number;
  readonly planOnly?: true;
  readonly json?: true;
}

/** Makes the results that are missing, and the report of all of them. Ctrl-C stops it; running it again goes on. */
export async function runStudy(output: Output, folder: string, manifest: Manifest, run: StudyRun): Promise<void> {
  if (run.planOnly) return output.write(planText(manifest, run.json));
  const stop = stopper();
  const { threads } = run;
  try {
    const progress = { onProgress: sweepTeller(output), signal: stop.signal };
    const end = await runSweep({ kinds, manifest, folder, ...progress, ...(threads === undefined ? {} : { threads }) });
    output.warn("\n");
    if (end.status === "stopped") throw new Interrupted(`${manifest.study}: stopped; the same command goes on`);
    if (end.failed > 0)
      throw new CheckFailed(`${manifest.study}: jobs failed; nonsmooth sweep status ${folder} says why`);
  } finally {
    stop.release();
  }
  // Plots take a while to load.
  const [{ reportOf, writeReport }, { reportFor }] = await Promise.all([
    import("../report/writeReport.ts"),
    import("../studies/reports.ts"),
  ]);
  const report = reportOf(folder, reportFor);
  const files = writeReport(report, join(folder, "report.html"));
  output.write(run.json ? jsonText(manifest, report, files) : `${reportText(report)}\n${files[0]}\n`);
}

function planText({ study, jobs }: Manifest, json?: true): string {
  if (json) return `${JSON.stringify({ schema: "nonsmooth.plan/1", study, jobs })}\n`;
  return `${study}: ${jobs.length} jobs\n`;
}

function jsonText({ study }: Manifest, { title, claims, tables }: Report, files: readonly string[]): string {
  const data = Object.fromEntries(tables.map(({ id, data: rows }) => [id, rows]));
  return `${JSON.stringify({ schema: "nonsmooth.study/1", study, title, claims, tables: data, files })}\n`;
}

/** Tables, then claims with the numbers that decide. */
function reportText({ title, claims, tables }: Report): string {
  const shown = tables.flatMap((one) => [one.title, "", ...tableText(one.data), "", one.caption, ""]);
  const judged = claims.flatMap(({ verdict, statement, interval, note }) => {
    const range =
      interval === undefined ? "" : ` [${interval.map((value) => Number(value.toPrecision(3))).join(", ")}]`;
    return [`${verdict}: ${statement}`, `    ${note}${range}`];
  });
  return [title, "", ...shown, ...judged, ""].join("\n");
}

function tableText(data: Report["tables"][number]["data"]): string[] {
  const names = Object.keys(data[0] ?? {});
  const isNumber = (name: string): boolean => data.every((row) => row[name] === null || typeof row[name] === "number");
  const texts = names.filter((name) => !isNumber(name));
  const numbers = names.filter(isNumber);
  const cell = (value: number | string | null | undefined): string =>
    typeof value === "number" ? numberText(value) : (value ?? "-");
  const rows = data.map((row) => [...texts, ...numbers].map((name) => cell(row[name])));
  return table([[...texts, ...numbers], ...rows], texts.length).map((line) => `  ${line}`);
}

/** Whole numbers as they are, others with four digits, small ones with an exponent. */
function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return `${value}`;
  return Math.abs(value) < 1e-3 ? value.toExponential(2) : `${Number(value.toPrecision(4))}`;
}
