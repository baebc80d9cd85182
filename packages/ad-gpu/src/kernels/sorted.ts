// Rows in ascending order: the place of each element, then the element at each place.

import type { Body } from "../text/body.ts";
import { rowsAlong, sizeOf, sumText } from "../text/positions.ts";
import { after, type Kernel, type Read, type Stage, stage } from "./kernel.ts";

/** Rows that lie one after the other. */
export interface PlainRows {
  readonly count: number;
  readonly width: number;
}

/** Stages that sort plain rows. */
export function sortedRows(read: Read, { count, width }: PlainRows): Stage[] {
  const ranks = stage([read], count * width, (body, at, [a]) => {
    const row = body.variable(`${width} * quotient(${at}, ${width})`);
    const own = body.variable(`${a}[${at}]`);
    const rank = body.variable("0");
    body.repeat(width, (i) => {
      const other = body.variable(`${a}[${row} + ${i}]`);
      body.if(
        `isBefore(${other}, ${own}) > 0.5`,
        () => body.set(rank, `${rank} + 1`),
        () =>
          // elements that tie stay in their order
          body.if(`isTied(${other}, ${own}) > 0.5 && ${row} + ${i} < ${at}`, () => body.set(rank, `${rank} + 1`)),
      );
    });
    return rank;
  });
  const places = stage([read, { stage: 0 }], count * width, (body, at, [a, rank]) => {
    const row = body.variable(`${width} * quotient(${at}, ${width})`);
    const place = body.variable(`${at} - ${row}`);
    const found = body.variable("0");
    body.repeat(width, (i) => {
      body.if(`${rank}[${row} + ${i}] === ${place}`, () => body.set(found, `${a}[${row} + ${i}]`));
    });
    return found;
  });
  return [ranks, places];
}

/** A stage that puts the rows along axes one after the other. */
export function plainRows(
  read: Read,
  shape: readonly number[],
  axes: readonly number[],
): { stage: Stage; rows: PlainRows } {
  const rows = rowsAlong(shape, axes);
  const made = stage([read], sizeOf(shape), (body, at, [a]) => {
    const row = body.variable(`quotient(${at}, ${rows.length})`);
    const i = body.variable(`${at} - ${row} * ${rows.length}`);
    return `${a}[${sumText([rows.start(body, row), rows.step(body, i)])}]`;
  });
  return { stage: made, rows: { count: rows.count, width: rows.length } };
}

/** The number in plain rows of element number `at` of a tensor with rows along an axis. */
function plainPlace(body: Body, at: string, shape: readonly number[], axis: number): string {
  const inner = sizeOf(shape.slice(axis + 1));
  const length = shape[axis] as number;
  const above = body.variable(`quotient(${at}, ${inner})`);
  const block = body.variable(`quotient(${above}, ${length})`);
  const row = body.variable(`${block} * ${inner} + ${at} - ${above} * ${inner}`);
  return body.variable(`${row} * ${length} + ${above} - ${block} * ${length}`);
}

export const sort: Kernel<number> = ({ inputs: [{ shape }], params: axis }) => {
  if (sizeOf(shape) === 0) return { stages: [] };
  const { stage: plain, rows } = plainRows(0, shape, [axis]);
  const stages = after([plain], sortedRows({ stage: -1 }, rows));
  const last = stage([{ stage: stages.length - 1 }], sizeOf(shape), (body, at, [sorted]) => {
    return `${sorted}[${plainPlace(body, at, shape, axis)}]`;
  });
  return { stages: [...stages, last] };
};
