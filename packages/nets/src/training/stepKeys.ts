// Random keys of training: functions of seed, purpose and step alone, so that a resumed run draws what it would have drawn.
import { apply, key, splitPrimitive, type Tensor } from "@nonsmooth/ad-core";

/** The parts of a run that draw, as numbers of children that no other part of the package uses. */
const purposes = { init: 0x7a1a0000, step: 0x7a1a0001 } as const;

const child = (parent: Tensor, number: number): Tensor => apply(splitPrimitive, [parent], number);

/**
 * The key of a run at a step.
 *
 * @param seed - of the run
 * @param purpose - `init` for the weights, `step` for what a step draws
 * @param step - counted from 0
 * @returns a key: different for each seed, purpose and step
 * @example
 * stepKey(1, "step", 0).shape // [2]
 */
export const stepKey = (seed: number, purpose: keyof typeof purposes, step: number): Tensor =>
  child(child(key(seed), purposes[purpose]), step);
