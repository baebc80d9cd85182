// The middle of rows; a NaN is the middle of all.
import { after, type Kernel, stage } from "./kernel.ts";
import { plainRows, sortedRows } from "./sorted.ts";

export const median: Kernel<readonly number[]> = ({ inputs: [{ shape }], params: axes }) => {
  const { stage: plain, rows } = plainRows(0, shape, axes);
  const { count, width } = rows;
  const stages = after([plain], sortedRows({ stage: -1 }, rows));
  const end = width - 1;
  const last = stage([{ stage: stages.length - 1 }], count, (body, at, [sorted]) => {
    const row = body.variable(`${at} * ${width}`);
    const largest = body.variable(`${sorted}[${row} + ${end}]`);
    const middle = body.variable(`${sorted}[${row} + ${Math.floor(end / 2)}]`);
    if (width % 2 === 0) body.set(middle, `(${middle} + ${sorted}[${row} + ${Math.ceil(end / 2)}]) * 0.5`);
    body.if(`isNumber(${largest}) < 0.5`, () => body.set(middle, largest));
    return middle;
  });
  return { stages: [...stages, last] };
};
