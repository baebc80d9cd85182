// The largest and the smallest of rows.
import type { Kernel } from "./kernel.ts";
import { rowReduction } from "./reductions.ts";

const extremum =
  (combine: (a: string, b: string) => string): Kernel<readonly number[]> =>
  ({ inputs: [{ shape }], params: axes }) => ({
    stages: rowReduction({ reads: [0], shape, axes, combine, empty: Number.NaN }),
  });

export const larger = (a: string, b: string): string => `larger(${a}, ${b})`;
export const max: Kernel<readonly number[]> = extremum(larger);
export const min: Kernel<readonly number[]> = extremum((a, b) => `smaller(${a}, ${b})`);
