// Means along axes.
import { sizeOf } from "../text/positions.ts";
import type { Kernel } from "./kernel.ts";
import { add } from "./reduction.ts";
import { rowReduction } from "./reductions.ts";

export const mean: Kernel<readonly number[]> = ({ inputs: [{ shape }], params: axes }) => {
  const length = sizeOf(axes.map((axis) => shape[axis] as number));
  const finish = (_body: unknown, total: string): string => `${total} / ${length}`;
  return { stages: rowReduction({ reads: [0], shape, axes, combine: add, finish, empty: Number.NaN }) };
};
