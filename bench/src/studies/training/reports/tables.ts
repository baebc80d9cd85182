/** Tables of the studies of training: accuracies beside the published ones, and where NaN came up. */
import type { ReportTable, Row } from "../../../report/report.ts";
import { deviationOf, grouped, meanOf } from "../../../report/statistics.ts";
import { modelLabel } from "../../../training/userNetwork.ts";
import { publishedPoint } from "../publishedAccuracies.ts";
import type { StudyName } from "../request.ts";
import { keyOf, type StudyRun, settingParts, settingText } from "./runs.ts";

/** What the number of the choice is called. */
const valueNames: Readonly<Record<StudyName, string>> = { maxpool: "beta", relu: "ReLU'(0)" };

/** Runs with one setting and one number. */
const cellsOf = (runs: readonly StudyRun[]): (readonly StudyRun[])[] =>
  grouped(runs, (run) => keyOf(run, settingParts)).flatMap(([, ofSetting]) =>
    grouped(ofSetting, ({ value }) => value).map(([, cell]) => cell),
  );

/** Means and deviations in percent, without the runs that ended in NaN; those are counted. */
export function accuracyTable(study: StudyName, runs: readonly StudyRun[]): ReportTable {
  return {
    ...{ id: "accuracies", title: `Test accuracy by ${valueNames[study]}, in percent` },
    caption:
      "Runs that ended in NaN are counted and in no mean. Published: what the papers' data have for the same network, data, optimizer, format and batch norm, after all their epochs; there NaN counts as chance, here it is said.",
    data: cellsOf(runs).map((cell) => rowOf(study, cell)),
  };
}

function rowOf(study: StudyName, runs: readonly StudyRun[]): Row {
  const [first] = runs as [StudyRun];
  const { network, data, optimizer, batchNorm, format, form, value } = first;
  const accuracies = runs.flatMap(({ accuracy }) => (accuracy === null ? [] : 100 * accuracy));
  return {
    ...{ network: modelLabel(network), data, optimizer, batchNorm: batchNorm ? "yes" : "no", format, form },
    published: publishedText(first),
    ...{ [valueNames[study]]: value, runs: runs.length, nan: runs.length - accuracies.length },
    ...{ mean: rounded(meanOf(accuracies)), deviation: rounded(deviationOf(accuracies)) },
  };
}

const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(2)));

function publishedText(run: StudyRun): string | null {
  const point = publishedPoint(run, run.value);
  if (point === null) return null;
  if (point.mean === null) return "NaN";
  return point.deviation === null ? `${point.mean}` : `${point.mean} ± ${point.deviation}`;
}

/** Where runs ended in NaN; no table when none did. */
export function nanTable(study: StudyName, runs: readonly StudyRun[]): ReportTable[] {
  const data = cellsOf(runs.filter(({ nan }) => nan !== null)).map((cell): Row => {
    const steps = cell.flatMap(({ nan }) => nan?.step ?? []).toSorted((a, b) => a - b);
    const places = grouped(cell, ({ nan }) => placeText(nan)).map(([place, of]) => `${place} (${of.length})`);
    const [first] = cell as [StudyRun];
    const [least, most] = [steps[0] ?? 0, steps.at(-1) ?? 0];
    return {
      ...{ setting: settingText(first), first: places.join(", ") },
      ...{ [valueNames[study]]: first.value, runs: cell.length, stepFrom: least, stepTo: most },
    };
  });
  const caption =
    "The operation and the layer that made the first infinity or NaN, and in which steps, counted from 1.";
  return data.length === 0 ? [] : [{ id: "nan", title: "Where runs ended in NaN", caption, data }];
}

const placeText = (nan: StudyRun["nan"]): string =>
  nan?.operation == null ? "not told" : `${nan.operation}${nan.site === null ? "" : ` at ${nan.site}`}`;
