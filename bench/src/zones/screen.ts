/** A quick look at a mini-batch: whether it meets a kink at all at which two sides differ. */
import {
  compile,
  type Executable,
  hashOf,
  isFinite,
  type Machine,
  type ProgramData,
  type Tensor,
  type Tree,
  trace,
} from "@nonsmooth/ad-core";
import { flattenTree } from "@nonsmooth/ad-core/machines";
import { type KinkedStep, replayed, tiesAt } from "./forward.ts";

/** What a look found. */
export interface Seen {
  /** Elements on a kink, for each of the kinks. */
  readonly ties: readonly number[];
  /** Whether the two gradients have the same bits for certain: no element is on a kink, and the loss is a number. */
  readonly isSame: boolean;
}

/** Looks at mini-batches; null where a look proves nothing, as the sides compute different values. */
export type Screen = (args: readonly Tree[]) => Seen;

/** All leaves of arguments, in the order of a program's inputs. */
export const leavesOf = (args: readonly Tree[]): readonly Tensor[] =>
  flattenTree("zones", args as unknown as Tree).leaves as readonly Tensor[];

/**
 * The look at two sides, by the programs of their values. Where these are equal, the gradients are the same program but for
 * the weights at the kinks, and so they have the same bits unless an element is on one.
 */
export function screenOf(
  [one, other]: readonly [ProgramData, ProgramData],
  kinks: readonly KinkedStep[],
  args: readonly Tree[],
  machine: Machine,
): Screen | null {
  if (hashOf(one) !== hashOf(other)) return null;
  const program = trace(
    (...leaves: Tensor[]) => {
      const ties: Tensor[] = [];
      const loss = replayed(one, leaves, (met) => {
        if (kinks.some(({ index }) => index === met.index)) ties.push(tiesAt(met));
      });
      return { isNumber: isFinite(loss), ties };
    },
    [...leavesOf(args)],
  );
  const executable: Executable = compile(program, machine);
  return (at) => {
    const found = executable.run([...leavesOf(at)]) as { isNumber: Tensor; ties: readonly Tensor[] };
    const ties = found.ties.map(({ data }) => data[0] as number);
    return { ties, isSame: found.isNumber.data[0] === 1 && ties.every((count) => count === 0) };
  };
}
