/** The reports of studies, by the study's name in a manifest. A new report is a file and a line here. */
import { AdError } from "@nonsmooth/ad-core";
import type { MakeReport } from "../report/writeReport.ts";
import { gradientDifferenceReport } from "./gradientDifference/report.ts";
import { maxpoolReport, reluReport } from "./training/reports/trainingReport.ts";
import { divergenceReport } from "./zones/reports/divergenceReport.ts";
import { thresholdReport } from "./zones/reports/thresholdReport.ts";
import { volumeReport } from "./zones/reports/volumeReport.ts";

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
