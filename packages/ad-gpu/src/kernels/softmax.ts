// Soft maxima: the largest of each row, the sum of exponentials of distances to it, and what becomes of both.

import type { Shape } from "@nonsmooth/ad-core";
import { rowsAlong, sizeOf } from "../text/positions.ts";
import { larger } from "./extrema.ts";
import { after, type Kernel, type Stage, stage } from "./kernel.ts";
import { add } from "./reduction.ts";
import type { RowReduction } from "./reductions.ts";
import { rowReduction } from "./reductions.ts";
import { rowOfElement } from "./rowOfElement.ts";

/** The stages of both; the last but one of them is numbered in `top`. */
function softStages(
  shape: Shape,
  axes: readonly number[],
  finish?: RowReduction["finish"],
): { stages: Stage[]; top: number } {
  const tops = rowReduction({ reads: [0], shape, axes, combine: larger, empty: Number.NaN });
  const top = tops.length - 1;
  const totals = rowReduction({
    ...{ reads: [0, { stage: -1 }], shape, axes, combine: add, empty: 0 },
    of: (x, row, [, largest]) => `ownExp(${x} - ${largest}[${row}])`,
    ...(finish ? { finish } : {}),
  });
  return { stages: after(tops, totals), top };
}

/** A result for each element, from it and from the largest and the total of its row. */
const perElement =
  (result: (x: string, top: string, total: string) => string): Kernel<number> =>
  ({ inputs: [{ shape }], params: axis }) => {
    if (rowsAlong(shape, [axis]).length === 0) return { stages: [] };
    const { stages, top } = softStages(shape, [axis]);
    const last = stage(
      [0, { stage: top }, { stage: stages.length - 1 }],
      sizeOf(shape),
      (body, at, [a, tops, totals]) => {
        const row = rowOfElement(body, at, shape, [axis]);
        return result(`${a}[${at}]`, `${tops}[${row}]`, `${totals}[${row}]`);
      },
    );
    return { stages: [...stages, last] };
  };

export const softmax: Kernel<number> = perElement((x, top, total) => `ownExp(${x} - ${top}) / ${total}`);
export const logSoftmax: Kernel<number> = perElement((x, top, total) => `(${x} - ${top}) - Math.log(${total})`);

/** A row whose largest is infinite or NaN has that. */
export const logSumExp: Kernel<readonly number[]> = ({ inputs: [{ shape }], params: axes }) => {
  const { stages } = softStages(shape, axes, (body, total, row, [, tops]) => {
    const top = body.variable(`${tops}[${row}]`);
    const result = body.variable(top);
    body.if(`Math.abs(${top}) <= 3.4028234663852886e38`, () => body.set(result, `${top} + Math.log(${total})`));
    return result;
  });
  return { stages };
};
