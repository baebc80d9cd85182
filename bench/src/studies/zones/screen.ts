/** A quick look at a mini-batch: whether it meets a kink at all at which two sides differ. */
import {
  compile,
  hashOf,
  isFinite,
  type Machine,
  type ProgramData,
  simplify,
  type Tensor,
  trace,
} from "@nonsmooth/ad-core";
import { leavesOf } from "../../programs/trees.ts";
import { type KinkedStep, replayed, tiesAt } from "./forward.ts";

/** What a look found. */
export interface Seen {
  /** Elements on a kink, for each of the kinks. */
  readonly ties: readonly number[];
  /** Whether the two gradients are equal for certain: no element is on a kink, and the loss is a number. */
  readonly isSame: boolean;
}

/** Looks at the arguments of a program. */
export type Screen = (args: readonly unknown[]) => Seen;

/**
 * The look at two sides, by the programs of their values. Where these are equal, the gradients are the same program but for
 * the weights at the kinks, and so they are equal to the bit unless an element is on one.
 *
 * @returns null where a look proves nothing: the sides compute different values, or the ties of some kink cannot be counted
 */
export function screenOf(
  [one, other]: readonly [ProgramData, ProgramData],
  kinks: readonly KinkedStep[],
  args: readonly unknown[],
  machine: Machine,
): Screen | null {
  if (hashOf(one) !== hashOf(other) || kinks.some(({ form }) => form === "other")) return null;
  const counting = (...leaves: Tensor[]) => {
    const ties: Tensor[] = [];
    const loss = replayed(one, leaves, (met) => {
      const kink = kinks.find(({ index }) => index === met.index);
      if (kink !== undefined) ties.push(tiesAt(met, kink.form));
    });
    return { isNumber: isFinite(loss), ties };
  };
  const executable = compile(simplify(trace(counting, [...leavesOf(args)])), machine);
  return (at) => {
    const found = executable.run([...leavesOf(at)]) as { isNumber: Tensor; ties: readonly Tensor[] };
    const ties = found.ties.map(({ data }) => data[0] as number);
    return { ties, isSame: found.isNumber.data[0] === 1 && ties.every((count) => count === 0) };
  };
}
