/** Claims about beta of max-pooling, each where its runs are there. */
import type { Claim } from "../../../report/report.ts";
import { distinct, grouped } from "../../../report/statistics.ts";
import { type PublishedSetting, publishedFor } from "../publishedAccuracies.ts";
import { largerFall, lowerThanAtZero, moreEndInNan, mostEndInNan, sameForAll } from "./judging.ts";
import { among, largest, type Pair, pairsOf } from "./pairs.ts";
import { type FigureOf, headOf, keyOf, listed, type StudyRun, settingParts, settingText } from "./runs.ts";

/** All that can be judged. */
export function maxpoolClaims(runs: readonly StudyRun[], figureOf: FigureOf): Claim[] {
  const settings = grouped(runs, (run) => keyOf(run, settingParts)).map(([, group]) => group);
  return [
    ...settings.flatMap((group) => ofSetting(group, figureOf)),
    ...pairsOf(runs, "form", "coded", "fused").flatMap((pair) => formClaim(pair, figureOf)),
    ...pairsOf(runs, "format", "f16", "f32").flatMap((pair) => formatClaim(pair, figureOf)),
    ...pairsOf(runs, "batchNorm", false, true).flatMap((pair) => normClaim(pair, figureOf)),
    ...pairsOf(runs, "optimizer", "sgd", "adam").flatMap((pair) => optimizerClaim(pair, figureOf)),
    ...pairsOf(runs, "optimizer", "sgd", "innaprop").flatMap((pair) => optimizerClaim(pair, figureOf)),
  ];
}

/** Where a setting was published: which numbers ended in NaN, changed nothing, or lowered the accuracy. */
interface Expected {
  readonly nan: readonly number[];
  readonly same: readonly number[];
  readonly lower: readonly number[];
}

/** Of a point of a hundred, as in the judging. */
const noticed = 1;

function expectedOf({ points }: PublishedSetting, values: readonly number[]): Expected {
  const there = points.filter(({ value }) => values.includes(value));
  const first = there.find(({ value }) => value === 0)?.mean ?? 0;
  const of = (is: (mean: number | null) => boolean): number[] =>
    there.filter(({ mean }) => is(mean)).map(({ value }) => value);
  return {
    nan: of((mean) => mean === null),
    same: of((mean) => mean !== null && mean > first - noticed),
    lower: of((mean) => mean !== null && mean <= first - noticed),
  };
}

function ofSetting(runs: readonly StudyRun[], figureOf: FigureOf): Claim[] {
  const [first] = runs as [StudyRun];
  const published = publishedFor(first);
  if (published === null) return [];
  const { nan, same, lower } = expectedOf(published, distinct(runs.map(({ value }) => value)));
  const about = (says: string) => ({
    statement: `${settingText(first)}: ${says}`,
    ...{ source: sourceText(published), figure: figureOf(first) },
  });
  const at = (values: readonly number[]): StudyRun[] => runs.filter(({ value }) => values.includes(value));
  return [
    ...(nan.length === 0 ? [] : [mostEndInNan(about(`training ends in NaN at beta ${listed(nan)}.`), at(nan))]),
    ...(same.length < 2 || !same.includes(0)
      ? []
      : [sameForAll(about(`beta ${listed(same)} give the same accuracy.`), at(same))]),
    ...lower.map((value) =>
      lowerThanAtZero(about(`accuracy at beta ${value} is below that at 0.`), at([...same, value]), value),
    ),
  ];
}

const sourceText = ({ source, data, format, runs, epochs }: PublishedSetting): string =>
  `${source}: the coded form on ${data} in ${format}, ${runs} runs of ${epochs} epochs`;

/** The numbers at which the published runs of a setting ended in NaN, among those that are there. */
function nanValues(run: StudyRun, runs: readonly StudyRun[]): number[] {
  const published = publishedFor(run);
  return published === null ? [] : [...expectedOf(published, distinct(runs.map(({ value }) => value))).nan];
}

function formClaim({ one, other }: Pair, figureOf: FigureOf): Claim[] {
  const [first] = one as [StudyRun];
  const values = nanValues(first, one);
  if (values.length === 0) return [];
  const statement = `${headOf(first)}, ${first.format}: at beta ${listed(values)} more runs end in NaN in the coded form than in the fused one, so that the forward pass is to blame.`;
  const about = {
    statement,
    source: "a question of ours: the published runs had the coded form",
    figure: figureOf(first),
  };
  return [moreEndInNan(about, among(one, values), among(other, values))];
}

function formatClaim({ one, other }: Pair, figureOf: FigureOf): Claim[] {
  const [first] = one as [StudyRun];
  const values = nanValues(first, one);
  if (values.length === 0) return [];
  const statement = `${headOf(first)}, ${first.form}: at beta ${listed(values)} more runs end in NaN with 16 bits than with 32.`;
  const about = { statement, source: "Bou24: more bits reduce the influence", figure: figureOf(first) };
  return [moreEndInNan(about, among(one, values), among(other, values))];
}

function normClaim(pair: Pair, figureOf: FigureOf): Claim[] {
  const [[first], top] = [pair.one as [StudyRun], largest(pair)];
  if (top === null) return [];
  const statement = `${headOf(first)}, ${first.format}, ${first.form}: batch norm buffers the effect of beta ${top}.`;
  const about = { statement, source: "Bou24: batch norm reduces the influence", figure: figureOf(first) };
  return [largerFall(about, pair.one, pair.other, top)];
}

function optimizerClaim(pair: Pair, figureOf: FigureOf): Claim[] {
  const [[first], [second], top] = [pair.one as [StudyRun], pair.other as [StudyRun], largest(pair)];
  if (top === null) return [];
  const statement = `${headOf(first)} against ${headOf(second)}, ${first.format}, ${first.form}: the second buffers the effect of beta ${top}.`;
  const about = { statement, source: "Bou24: optimizers like Adam reduce the influence", figure: figureOf(first) };
  return [largerFall(about, pair.one, pair.other, top)];
}
