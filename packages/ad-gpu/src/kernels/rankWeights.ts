// Weights where order statistics tie: of the median, and of each place of a sorted row.
import type { TieParams } from "@nonsmooth/ad-core";
import type { Body } from "../text/body.ts";
import { sizeOf } from "../text/positions.ts";
import { outOfTable } from "./faults.ts";
import { after, type Read, type Stage, stage, type Task, type Work } from "./kernel.ts";
import { cyclic, rankInRun, runOf } from "./runs.ts";
import { shareReads, shareText } from "./shares.ts";
import { sortedRows } from "./sorted.ts";

export function rankWeights({ inputs: [rows], output, params }: Task<TieParams>): Work {
  const width = rows.shape.at(-1) as number;
  const count = sizeOf(rows.shape) / width;
  const sorted = sortedRows(0, { count, width });
  const reads: Read[] = [0, { stage: sorted.length - 1 }, ...shareReads(params, sizeOf(rows.shape))];
  const build = params.order === "sort" ? placeWeight : medianWeight;
  const weights = stage(reads, sizeOf(output.shape), (body, at, args) => build(body, at, args, width, params));
  const faults = params.selection.table ? { faults: after([tiesStage(count, width)], outOfTable(count * width)) } : {};
  return { stages: [...sorted, weights], ...faults };
}

/** How many elements tie with each. */
const tiesStage = (count: number, width: number): Stage =>
  stage([0], count * width, (body, at, [a]) => {
    const row = body.variable(`${width} * quotient(${at}, ${width})`);
    return runOf(body, a as string, row, width, `${a}[${at}]`).ties;
  });

/** The weight of one element at one place of its row. */
function placeWeight(
  body: Body,
  at: string,
  [a, sorted, numbers]: readonly string[],
  width: number,
  params: TieParams,
): string {
  const line = body.variable(`quotient(${at}, ${width})`);
  const element = body.variable(`${at} - ${line} * ${width}`);
  const number = body.variable(`quotient(${line}, ${width})`);
  const row = body.variable(`${number} * ${width}`);
  const value = body.variable(`${sorted}[${line}]`);
  const result = body.variable("0");
  body.if(`isTied(${a}[${row} + ${element}], ${value}) > 0.5`, () => {
    const { start, ties } = runOf(body, a as string, row, width, value);
    const own = rankInRun(body, a as string, row, width, value, element);
    const rank = cyclic(body, own, `(${line} - ${row} - ${start})`, ties);
    body.set(result, shareText(body, params, { rank, ties, kink: body.variable(`${row} + ${start}`), numbers }));
  });
  return result;
}

/** The weight of one element in the median of its row. */
function medianWeight(
  body: Body,
  at: string,
  [a, sorted, numbers]: readonly string[],
  width: number,
  params: TieParams,
): string {
  const row = body.variable(`${width} * quotient(${at}, ${width})`);
  const element = body.variable(`${at} - ${row}`);
  const end = width - 1;
  const [lower, upper] = [body.variable(String(Math.floor(end / 2))), body.variable(String(Math.ceil(end / 2)))];
  body.if(`isNumber(${sorted}[${row} + ${end}]) < 0.5`, () => {
    body.set(lower, String(end));
    body.set(upper, String(end));
  });
  const [below, above] = [body.variable(`${sorted}[${row} + ${lower}]`), body.variable(`${sorted}[${row} + ${upper}]`)];
  const runs = [runOf(body, a as string, row, width, below), runOf(body, a as string, row, width, above)] as const;
  const total = body.variable("0");
  const factor = body.variable(`${lower} === ${upper} ? 1 : 0.5`);
  const deal = (value: string, k: 0 | 1, shift: string): void =>
    body.if(`isTied(${a}[${at}], ${value}) > 0.5`, () => {
      const { start, ties } = runs[k];
      const own = rankInRun(body, a as string, row, width, value, element);
      const rank = cyclic(body, own, shift, ties);
      const kink = body.variable(`${row} + ${start}`);
      const share = shareText(body, params, { rank, ties, kink, numbers });
      body.set(total, `${total} + ${factor} * ${share}`);
    });
  deal(below, 0, "0");
  body.if(`${upper} > ${lower}`, () => {
    const shift = body.variable(`${runs[0].start} === ${runs[1].start} ? 1 : 0`);
    deal(above, 1, shift);
  });
  return total;
}
