// Sums along axes.

import type { Kernel } from "./kernel.ts";
import { add } from "./reduction.ts";
import { rowReduction } from "./reductions.ts";

export const sum: Kernel<readonly number[]> = ({ inputs: [{ shape }], params: axes }) => ({
  stages: rowReduction({ reads: [0], shape, axes, combine: add, empty: 0 }),
});
