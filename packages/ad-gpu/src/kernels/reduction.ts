// Reductions in the stated order of the engine: groups of 4096 terms, 16 lanes within a group combined by halving, then the groups.

import type { Body } from "../text/body.ts";
import { type Read, type Stage, stage } from "./kernel.ts";

const lanes = 16;
const groupSize = 4096;

/** Fewer rows than this are cut into lanes, a thread for each: a device has thousands of threads. */
const manyRows = 4096;

/** Rows shorter than this stay with one thread. */
const longRow = 64;

/** Writes a term of a row, from the names of what the stage reads. */
export type Term = (body: Body, i: string) => string;

/** A reduction of each of `count` rows of `length` terms. */
export interface Reduction {
  readonly reads: readonly Read[];
  readonly count: number;
  /** At least 1. */
  readonly length: number;
  /** What to do once for a row, before its terms; returns the writer of its terms. */
  readonly row: (body: Body, row: string, args: readonly string[]) => Term;
  readonly combine: (a: string, b: string) => string;
  /** What becomes of the total: itself when absent. */
  readonly finish?: (body: Body, total: string, row: string, args: readonly string[]) => string;
}

export const add = (a: string, b: string): string => `${a} + (${b})`;

/** The stages of a reduction; the last one has a number for each row. */
export function reductionStages(reduction: Reduction): Stage[] {
  const { count, length } = reduction;
  if (length <= groupSize && (length <= longRow || count >= manyRows)) return [oneThreadPerRow(reduction)];
  return [oneThreadPerLane(reduction), lanesTogether(reduction)];
}

/** Combines the first `width` of the lanes of a group by halving; returns the total. */
function halved(body: Body, lane: string[], combine: Reduction["combine"]): string {
  const width = lane.length;
  for (let half = lanes / 2; half >= 1; half /= 2)
    for (let l = 0; l < half && l + half < width; l++)
      lane[l] = body.variable(combine(lane[l] as string, lane[l + half] as string));
  return lane[0] as string;
}

function oneThreadPerRow({ reads, count, length, row, combine, finish }: Reduction): Stage {
  return stage(reads, count, (body, at, args) => {
    const term = row(body, at, args);
    const width = Math.min(lanes, length);
    const lane = Array.from({ length: width }, (_, l) => body.variable(term(body, String(l))));
    const rounds = Math.floor(length / lanes) - 1;
    body.repeat(rounds, (round) => {
      const first = body.variable(`(${round} + 1) * ${lanes}`);
      lane.forEach((name, l) => {
        body.set(name, combine(name, term(body, `${first} + ${l}`)));
      });
    });
    const rest = length < lanes ? 0 : length % lanes;
    lane.slice(0, rest).forEach((name, l) => {
      body.set(name, combine(name, term(body, String(length - rest + l))));
    });
    const total = halved(body, [...lane], combine);
    return finish ? finish(body, total, at, args) : total;
  });
}

/** A number for each lane of each group of each row; lanes that have no term are 0, and nobody reads them. */
function oneThreadPerLane({ reads, count, length, row, combine }: Reduction): Stage {
  const perRow = Math.ceil(length / groupSize) * lanes;
  return stage(reads, count * perRow, (body, at, args) => {
    const number = body.variable(`quotient(${at}, ${perRow})`);
    const inRow = body.variable(`${at} - ${number} * ${perRow}`);
    const group = body.variable(`quotient(${inRow}, ${lanes})`);
    const first = body.variable(`${group} * ${groupSize} + ${inRow} - ${group} * ${lanes}`);
    const term = row(body, number, args);
    const total = body.variable("0");
    body.if(`${first} < ${length}`, () => body.set(total, term(body, first)));
    body.repeat(Math.ceil(Math.min(groupSize, length) / lanes) - 1, (round) => {
      const i = body.variable(`${first} + (${round} + 1) * ${lanes}`);
      body.if(`${i} < ${length}`, () => body.set(total, combine(total, term(body, i))));
    });
    return total;
  });
}

function lanesTogether({ reads, count, length, combine, finish }: Reduction): Stage {
  const groups = Math.ceil(length / groupSize);
  const perRow = groups * lanes;
  return stage([{ stage: 0 }, ...reads], count, (body, at, [partial, ...args]) => {
    const start = body.variable(`${at} * ${perRow}`);
    const groupTotal = (first: string, width: number): string => {
      const lane = Array.from({ length: width }, (_, l) => body.variable(`${partial}[${first} + ${l}]`));
      return halved(body, lane, combine);
    };
    const total = body.variable("0");
    const widthOfLast = Math.min(lanes, length - (groups - 1) * groupSize);
    if (groups > 1) {
      body.set(total, groupTotal(start, lanes));
      body.repeat(groups - 2, (round) => {
        const first = body.variable(`${start} + (${round} + 1) * ${lanes}`);
        body.set(total, combine(total, groupTotal(first, lanes)));
      });
    }
    const last = groupTotal(body.variable(`${start} + ${(groups - 1) * lanes}`), widthOfLast);
    body.set(total, groups > 1 ? combine(total, last) : last);
    return finish ? finish(body, total, at, args) : total;
  });
}
