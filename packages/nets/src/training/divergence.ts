// Where a run that diverged went wrong: its last steps are made again, operation by operation.
import { type Culprit, firstNonFinite } from "./firstNonFinite.ts";
import { type Batch, type Carry, recordStep } from "./step.ts";
import { stepKey } from "./stepKeys.ts";
import type { Trainer } from "./trainer.ts";

/** A step as it was before it was made. */
export interface StepBefore {
  /** Counted from 0. */
  readonly step: number;
  readonly carry: Carry;
  readonly batch: Batch;
}

/** The first operation that was not finite, and in which step, counted from 1. */
export type Divergence = Culprit & { readonly step: number };

/**
 * The operation that made infinity or NaN, in one of these steps, the oldest first; null when none did.
 *
 * A loss that is not finite may come of parameters that the step before has spoilt, so two steps are needed.
 */
export function divergenceOf(trainer: Trainer, steps: readonly StepBefore[]): Divergence | null {
  for (const { step, carry, batch } of steps) {
    const key = stepKey(trainer.seed, "step", step);
    const program = recordStep(trainer.settings, carry, batch, key);
    const culprit = firstNonFinite(program, [carry, batch, key] as never);
    if (culprit !== null) return { ...culprit, step: step + 1 };
  }
  return null;
}
