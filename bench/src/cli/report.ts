/** `nonsmooth report`: a page with claims, figures and their data, made of a sweep's results. */
import { join } from "node:path";
import { Command } from "commander";
import type { Claim, Report } from "../report/report.ts";
import { statusOf } from "../sweeps/status.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";

interface ReportOptions {
  readonly out?: string;
  readonly json?: true;
}

/** The command. */
export function build(output: Output): Command {
  return new Command("report")
    .description("One page with claims, figures and their data, made of a sweep's results; figures as SVG beside it.")
    .argument("<dir>", "folder of the sweep")
    .option("--out <file>", "the page; DIR/report.html when absent")
    .option("--json", "print one JSON object")
    .action((dir: string, options: ReportOptions) => run(output, dir, options));
}

async function run(output: Output, dir: string, { out, json }: ReportOptions): Promise<void> {
  // Plots take a while to load, and only this command draws them.
  const [{ reportOf, writeReport }, { reportFor }] = await Promise.all([
    import("../report/writeReport.ts"),
    import("../studies/reports.ts"),
  ]);
  const report = reportOf(dir, reportFor);
  const files = writeReport(report, out ?? join(dir, "report.html"));
  const { title, claims } = report;
  const { missing, jobs } = statusOf(dir);
  if (missing > 0) output.warn(`report: ${missing} of ${jobs} results are missing; the page says so\n`);
  const schema = "nonsmooth.report/1";
  output.write(json ? `${JSON.stringify({ schema, title, claims, files })}\n` : reportText(report, files));
}

function reportText({ title, claims }: Report, files: readonly string[]): string {
  const rows = claims.map(({ verdict, statement }: Claim) => [verdict, statement]);
  return [title, "", ...table(rows, 2).map((line) => `  ${line}`), "", ...files, ""].join("\n");
}
