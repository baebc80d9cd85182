// Rows less their mean, divided by their deviation: mean, mean of the distances, deviation, and the quotients.
import type { Shape } from "@nonsmooth/ad-core";
import { rowsAlong, sizeOf } from "../text/positions.ts";
import { after, type Kernel, type Stage, stage } from "./kernel.ts";
import { add } from "./reduction.ts";
import { constantStage, rowReduction } from "./reductions.ts";
import { rowOfElement } from "./rowOfElement.ts";

interface Params {
  readonly axes: readonly number[];
  readonly epsilon: number;
}

/** Which stages hold the mean of each row, and the mean of what is left. */
interface Measured {
  readonly stages: Stage[];
  readonly center: number;
  readonly shift: number;
}

/** Measures the rows; the last stage has what `end` makes of √(variance + epsilon). */
function measured(shape: Shape, { axes, epsilon }: Params, end: (deviation: string) => string): Measured {
  const { length } = rowsAlong(shape, axes);
  const common = { shape, axes, combine: add, empty: Number.NaN };
  const mean = (_body: unknown, total: string): string => `${total} / ${length}`;
  const centers = rowReduction({ ...common, reads: [0], finish: mean });
  const center = centers.length - 1;
  const shifts = rowReduction({
    ...{ ...common, reads: [0, { stage: center - centers.length }], finish: mean },
    of: (x, row, [, mid]) => `${x} - ${mid}[${row}]`,
  });
  const both = after(centers, shifts);
  const shift = both.length - 1;
  const deviations = rowReduction({
    ...{ ...common, reads: [0, { stage: center - both.length }, { stage: shift - both.length }] },
    of: (x, row, [, mid, more]) => `square((${x} - ${mid}[${row}]) - ${more}[${row}])`,
    finish: (_body, total) => end(`Math.sqrt(${total} / ${length} + ${epsilon})`),
  });
  return { stages: after(both, deviations), center, shift };
}

export const normalize: Kernel<Params> = ({ inputs: [{ shape }], params }) => {
  const { axes } = params;
  if (sizeOf(shape) === 0) return { stages: [] };
  const { stages, center, shift } = measured(shape, params, (deviation) => deviation);
  const reads = [0, { stage: center }, { stage: shift }, { stage: stages.length - 1 }];
  const last = stage(reads, sizeOf(shape), (body, at, [a, mid, more, deviation]) => {
    const row = rowOfElement(body, at, shape, axes);
    return `((${a}[${at}] - ${mid}[${row}]) - ${more}[${row}]) / ${deviation}[${row}]`;
  });
  return { stages: [...stages, last] };
};

export const inverseDeviation: Kernel<Params> = ({ inputs: [{ shape }], output, params }) =>
  rowsAlong(shape, params.axes).length === 0
    ? { stages: [constantStage(Number.NaN, sizeOf(output.shape))] }
    : { stages: measured(shape, params, (deviation) => `1 / ${deviation}`).stages };
