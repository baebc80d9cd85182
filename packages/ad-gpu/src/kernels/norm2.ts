// Euclidean norms along axes; those of windows are another record.

import type { Kernel } from "./kernel.ts";
import { add } from "./reduction.ts";
import { rowReduction } from "./reductions.ts";

export const norm2: Kernel<readonly number[]> = ({ inputs: [{ shape }], params: axes }) => ({
  stages: rowReduction({
    ...{ reads: [0], shape, axes, combine: add, empty: 0 },
    of: (x) => `${x} * ${x}`,
    finish: (_body, total) => `Math.sqrt(${total})`,
  }),
});
