/** Reports of folders of sweeps, written as a page with its figures beside it. */
import { basename, dirname, extname, join } from "node:path";
import { AdError } from "@nonsmooth/ad-core";
import { writeWhole } from "../files/writeWhole.ts";
import type { Manifest } from "../sweeps/manifest.ts";
import { collect, statusOf } from "../sweeps/status.ts";
import { type Collected, SweepFolder } from "../sweeps/sweepFolder.ts";
import { checkReport } from "./checks.ts";
import { renderPage } from "./page.ts";
import type { Report } from "./report.ts";

/** Makes a report of what was collected, at least one result, and of what the manifest says was planned. */
export type MakeReport = (results: readonly Collected[], settings: Manifest["settings"]) => Report;

/**
 * The report of what is in a sweep's folder; it says how much is missing.
 *
 * @param reportFor - what makes the report of a study, by name
 *
 * @throws AdError "missing" when there is no sweep, no result, or no report for its study
 */
export function reportOf(folder: string, reportFor: (study: string) => MakeReport): Report {
  const { study, jobs, done, failed } = statusOf(folder);
  const make = reportFor(study);
  if (done === 0) throw noResults(folder);
  const report = make(collect(folder), new SweepFolder(folder).manifest().settings);
  if (done === jobs) return report;
  const failures = failed.length === 0 ? "" : `, and ${failed.length} failed`;
  const warning = `This page is of an unfinished sweep: ${done} of ${jobs} results are there${failures}.`;
  return { ...report, intro: [warning, ...report.intro] };
}

/**
 * Writes the page, and each figure as `NAME-ID.svg` beside it; returns the paths.
 *
 * @throws AdError "domain" for a report with bad ids or claims, "data" where no file can be written
 */
export function writeReport(report: Report, file: string): string[] {
  checkReport(report);
  const stem = join(dirname(file), basename(file, extname(file)));
  const figures = report.figures.map(({ id, svg }) => ({ path: `${stem}-${id}.svg`, svg }));
  for (const { path, svg } of figures) writeWhole(path, svg);
  writeWhole(file, renderPage(report));
  return [file, ...figures.map(({ path }) => path)];
}

function noResults(folder: string): AdError {
  const [problem, expected] = ["nothing to report", "a result at least"];
  const remedy = `run nonsmooth sweep run ${folder} first`;
  return new AdError({ code: "missing", where: "report", problem, expected, got: "none", remedy });
}
