/** Where a run that diverged went wrong: its last steps are made again, operation by operation. */
import { type Batch, type Culprit, firstNonFinite, recordStep, stepKey, type Trainer, toPaths } from "@nonsmooth/nets";

/** A step as it was before it was made. */
export interface Made {
  /** Counted from 0. */
  readonly step: number;
  readonly carry: Trainer["carry"];
  readonly batch: Batch;
}

/** The first operation that was not finite, and in which step, counted from 1. */
export type Divergence = Culprit & { readonly step: number };

/**
 * The operation that made infinity or NaN, in one of these steps.
 *
 * A loss that is not finite may come of parameters that the step before has spoilt, so that one is made again first.
 *
 * @param steps - the last ones, the oldest first
 */
export function divergenceOf(trainer: Trainer, steps: readonly Made[]): Divergence | null {
  for (const { step, carry, batch } of steps) {
    const key = stepKey(trainer.seed, "step", step);
    const program = recordStep(trainer.settings, carry, batch, key);
    const culprit = firstNonFinite(program, Object.values(toPaths([carry, batch, key] as never)));
    if (culprit !== null) return { ...culprit, step: step + 1 };
  }
  return null;
}
