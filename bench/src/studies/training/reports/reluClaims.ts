/** Claims about ReLU'(0), each where its runs are there. */
import type { Claim } from "../../../report/report.ts";
import { distinct, grouped } from "../../../report/statistics.ts";
import { largerFall, lowerThanAtZero, noneIsBetter } from "./judging.ts";
import { largest, type Pair, pairsOf } from "./pairs.ts";
import { type FigureOf, headOf, keyOf, type StudyRun, settingParts, settingText } from "./runs.ts";

/** All that can be judged. */
export function reluClaims(runs: readonly StudyRun[], figureOf: FigureOf): Claim[] {
  const settings = grouped(runs, (run) => keyOf(run, settingParts)).map(([, group]) => group);
  return [
    ...settings.flatMap((group) => ofSetting(group, figureOf)),
    ...pairsOf(runs, "batchNorm", false, true).flatMap((pair) => normClaim(pair, figureOf)),
    ...pairsOf(runs, "optimizer", "sgd", "adam").flatMap((pair) => optimizerClaim(pair, figureOf)),
    ...pairsOf(runs, "optimizer", "sgd", "innaprop").flatMap((pair) => optimizerClaim(pair, figureOf)),
    ...pairsOf(runs, "form", "assign", "multiply").flatMap((pair) => ruleClaim(pair, figureOf)),
  ];
}

/** What plain gradient descent is said to do. */
function ofSetting(runs: readonly StudyRun[], figureOf: FigureOf): Claim[] {
  const [first] = runs as [StudyRun];
  const values = distinct(runs.map(({ value }) => value));
  const top = topOf(values);
  if (first.optimizer !== "sgd" || top === null) return [];
  const about = (says: string, source: string) => ({
    statement: `${settingText(first)}: ${says}`,
    ...{ source, figure: figureOf(first) },
  });
  const falls = "BLGP21: accuracy falls as ReLU'(0) grows, with batch norm less";
  return [
    lowerThanAtZero(about(`accuracy at ReLU'(0) = ${top} is below that at 0.`, falls), runs, top),
    noneIsBetter(about("no other ReLU'(0) is better than 0.", "BLGP21: 0 is the best for SGD"), runs),
  ];
}

/** 1 where it is there, or else the largest number. */
function topOf(values: readonly number[]): number | null {
  const top = values.includes(1) ? 1 : Math.max(...values);
  return values.includes(0) && top > 0 ? top : null;
}

function normClaim(pair: Pair, figureOf: FigureOf): Claim[] {
  const [[first], top] = [pair.one as [StudyRun], largest(pair)];
  if (top === null) return [];
  const statement = `${headOf(first)}, ${first.format}, ${first.form}: batch norm buffers the effect of ReLU'(0) = ${top}.`;
  const about = { statement, source: "BLGP21: batch norm buffers the effect", figure: figureOf(first) };
  return [largerFall(about, pair.one, pair.other, top)];
}

function optimizerClaim(pair: Pair, figureOf: FigureOf): Claim[] {
  const [[first], [second], top] = [pair.one as [StudyRun], pair.other as [StudyRun], largest(pair)];
  if (top === null) return [];
  const statement = `${headOf(first)} against ${headOf(second)}, ${first.format}, ${first.form}: the second buffers the effect of ReLU'(0) = ${top}.`;
  const about = { statement, source: "BLGP21: Adam buffers the effect", figure: figureOf(first) };
  return [largerFall(about, pair.one, pair.other, top)];
}

function ruleClaim(pair: Pair, figureOf: FigureOf): Claim[] {
  const [[first], top] = [pair.one as [StudyRun], largest(pair)];
  if (top === null) return [];
  const statement = `${headOf(first)}, ${first.format}: ReLU'(0) = ${top} lowers the accuracy more when it is assigned than when it multiplies.`;
  const about = { statement, source: "a question of ours: the code of BLGP21 assigns", figure: figureOf(first) };
  return [largerFall(about, pair.one, pair.other, top)];
}
