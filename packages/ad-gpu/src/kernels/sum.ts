// Sums along axes.
import { add } from "../text/reduction.ts";
import type { Kernel } from "./kernel.ts";
import { rowReduction } from "./reductions.ts";

export const sum: Kernel<readonly number[]> = ({ inputs: [{ shape }], params: axes }) => ({
  stages: rowReduction({ reads: [0], shape, axes, combine: add, empty: 0 }),
});
