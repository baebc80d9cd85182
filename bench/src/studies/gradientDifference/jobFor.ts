/** Small jobs, for tests. */
import type { Job, Parameters } from "../../sweeps/job.ts";

/** A job of the kind `gradient-difference` that takes few milliseconds, with some parameters changed. */
export const jobFor = (changes: Parameters): Job => ({
  kind: "gradient-difference",
  parameters: {
    ...{ seed: 1, batches: 2, batch: 4, inputs: 6, width: 8, dtype: "f64", grid: 4, slope: 0, otherSlope: 1 },
    ...changes,
  },
});
