// Loops of sums that stay in registers.
import { op } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";

/** A loop: what one step does, and how addresses move on behind so many of them. */
export interface Turns {
  readonly step: (index: number) => void;
  readonly advance: (steps: number) => void;
}

/** Steps of one round. */
const stepsAtOnce = 4;

/**
 * Does the first `count` steps of at most `most`, at least one.
 *
 * It may end behind each of them. Because the sums are needed there, the host computes them before it loads the factors
 * of the next step; otherwise it would load those of all steps at first, which are more than registers hold.
 */
export function upTo(f: FunctionBuilder, count: Local, most: number, step: (index: number) => void): void {
  const steps = (index: number): void => {
    step(index);
    if (index + 1 < most) f.if(op("i32.gt_s", count, index + 1), () => steps(index + 1));
  };
  steps(0);
}

/** Does `count` steps, at least one, a few in each round; `count` is used up. */
export function inTurn(f: FunctionBuilder, count: Local, { step, advance }: Turns): void {
  f.do(
    () => {
      upTo(f, count, stepsAtOnce, step);
      advance(stepsAtOnce);
      f.update(count, "i32.sub", stepsAtOnce);
    },
    () => op("i32.gt_s", count, 0),
  );
}
