/** The reports of the studies of training: accuracy by beta of max-pooling, and by ReLU'(0). */
import { accuracyByAlpha } from "../../../report/accuracyByAlpha.ts";
import { accuracyByBeta } from "../../../report/accuracyByBeta.ts";
import type { Figure } from "../../../report/report.ts";
import { grouped } from "../../../report/statistics.ts";
import type { MakeReport } from "../../../report/writeReport.ts";
import { rateOf } from "../protocol.ts";
import type { StudyRequest } from "../request.ts";
import { maxpoolClaims } from "./maxpoolClaims.ts";
import { reluClaims } from "./reluClaims.ts";
import { headOf, keyOf, type StudyRun, settingParts, studyRuns } from "./runs.ts";
import { accuracyTable, nanTable } from "./tables.ts";

/** The report of a sweep over beta. */
export const maxpoolReport: MakeReport = (results, settings) => {
  const runs = studyRuns(results);
  const { figures, figureOf } = figuresOf(runs, (group, texts) =>
    accuracyByBeta(
      group.map((run) => ({ series: seriesOf(run), beta: run.value, accuracy: run.accuracy })),
      texts,
    ),
  );
  return {
    title: "Training under beta-MaxPool",
    intro: [
      "The derivative of max-pooling where cells tie is beta times the minimal one (equal shares) and 1 - beta times the native one (the first cell). Over the reals every beta is right at almost all weights. The coded form adds both poolings, with the rounding of that; the fused one is an exact max-pooling with the same weights.",
      ...about(settings as unknown as StudyRequest, runs),
    ],
    claims: maxpoolClaims(runs, figureOf),
    figures,
    tables: [accuracyTable("maxpool", runs), ...nanTable("maxpool", runs)],
  };
};

/** The report of a sweep over ReLU'(0). */
export const reluReport: MakeReport = (results, settings) => {
  const runs = studyRuns(results);
  const { figures, figureOf } = figuresOf(runs, (group, texts) =>
    accuracyByAlpha(
      group.map((run) => ({ series: seriesOf(run), alpha: run.value, accuracy: run.accuracy })),
      texts,
    ),
  );
  return {
    title: "Training under ReLU'(0)",
    intro: [
      "ReLU'(0) is the number that backpropagation takes for the derivative of ReLU at 0. By multiply it is a factor of what arrives there; by assign it stands in its place, as in the code of the published study.",
      ...about(settings as unknown as StudyRequest, runs),
    ],
    claims: reluClaims(runs, figureOf),
    figures,
    tables: [accuracyTable("relu", runs), ...nanTable("relu", runs)],
  };
};

const seriesOf = ({ format, form }: StudyRun): string => `${format}, ${form}`;

const caption =
  "Means over seeds, with deviations; a row at the foot counts the runs of each line that ended in NaN, which are in no mean.";

/** A figure for each network, data set, optimizer and batch norm. */
function figuresOf(
  runs: readonly StudyRun[],
  draw: (group: readonly StudyRun[], texts: Pick<Figure, "id" | "title" | "caption">) => Figure,
): { readonly figures: Figure[]; readonly figureOf: (run: StudyRun) => string } {
  const head = (run: StudyRun): string => keyOf(run, ["network", "data", "optimizer", "batchNorm"]);
  const groups = grouped(runs, head);
  const ids = new Map(groups.map(([key], i) => [key, `accuracy-${i}`]));
  const figureOf = (run: StudyRun): string => ids.get(head(run)) as string;
  const figures = groups.map(([, group]) => {
    const [first] = group as [StudyRun];
    return draw(group, { id: figureOf(first), title: `${headOf(first)}: test accuracy`, caption });
  });
  return { figures, figureOf };
}

/** How the runs were made, in words. */
const about = ({ batch, rate, machine }: StudyRequest, runs: readonly StudyRun[]): string[] => [
  `${runs.length} runs with batches of ${batch}${machine === undefined ? "" : ` on the machine ${machine}, whose bits depend on the device`}. SGD has momentum 0.9 and decay 5e-4; rates fall with a cosine, epoch by epoch, to 0. The published runs are on whole data sets, 80 to 200 epochs long.`,
  rate === null ? ratesText(runs) : `The first rate is ${rate} for all.`,
];

function ratesText(runs: readonly StudyRun[]): string {
  const firsts = grouped(runs, (run) =>
    keyOf(
      run,
      settingParts.filter((name) => name !== "form"),
    ),
  ).map(([, [run]]) => run as StudyRun);
  const texts = firsts.map((run) => {
    const { rate, source } = rateOf(run);
    return `${headOf(run)}, ${run.format}: ${rate} (${source})`;
  });
  return `First rates: ${texts.join("; ")}.`;
}
