/** The reports of studies, by the study's name in a manifest. A new report is a file and a line here. */
import { AdError } from "@nonsmooth/ad-core";
import { maxpoolReport, reluReport } from "../studies/training/reports/trainingReport.ts";
import type { Manifest } from "../sweeps/manifest.ts";
import type { Collected } from "../sweeps/sweepFolder.ts";
import { divergenceReport } from "../zones/reports/divergenceReport.ts";
import { thresholdReport } from "../zones/reports/thresholdReport.ts";
import { volumeReport } from "../zones/reports/volumeReport.ts";
import { gradientDifferenceReport } from "./gradientDifferenceReport.ts";
import type { Report } from "./report.ts";

/** Makes a report of what was collected, at least one result, and of what the manifest says was planned. */
export type MakeReport = (results: readonly Collected[], settings: Manifest["settings"]) => Report;

const studies: Readonly<Record<string, MakeReport>> = {
  "gradient-difference": gradientDifferenceReport,
  "zones-volume": volumeReport,
  "zones-threshold": thresholdReport,
  "zones-divergence": divergenceReport,
  maxpool: maxpoolReport,
  relu: reluReport,
};

/**
 * The report of a study.
 *
 * @throws AdError "missing" when the study has none
 */
export function reportFor(study: string): MakeReport {
  const found = Object.hasOwn(studies, study) ? studies[study] : undefined;
  if (found !== undefined) return found;
  const [problem, expected] = ["no report for this study", `one of ${Object.keys(studies).join(", ")}`];
  const remedy = "use `nonsmooth sweep collect`, which prints the results of any study";
  throw new AdError({ code: "missing", where: "report", problem, expected, got: study, remedy });
}
