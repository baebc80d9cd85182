// Central differences that cross no kink.
import { add, mul, type Tensor, type Tree, trace } from "@nonsmooth/ad-core";
import { leavesOf, mapTree } from "../src/optimizers/tree.ts";
import { type SignedRun, sameBranches, signedRun } from "./kinkSignature.ts";

/** Along a direction of length 1. Steps that are shorter would show rounding. */
const steps = [1e-5, 1e-6, 1e-7];

/**
 * For directions d, (f(x + h d) - f(x - h d)) / 2h, with the first step h at which x and both ends are on the same branch
 * of every kink.
 *
 * @throws Error when a kink is so near that no step will do
 */
export function centralDifferences(f: (x: Tree) => Tensor, x: Tree): (direction: Tree) => number {
  const program = trace(f, [x]);
  const run = (at: Tree): SignedRun =>
    signedRun(
      program,
      leavesOf("centralDifferences", at).map(({ tensor }) => tensor),
    );
  const here = run(x);
  return (direction) => {
    for (const step of steps) {
      const along = (by: number): SignedRun =>
        run(mapTree("centralDifferences", [x, direction], ([a, d]) => add(a, mul(d, by))));
      const [after, before] = [along(step), along(-step)];
      if (!sameBranches(after, here) || !sameBranches(before, here)) continue;
      return (numberOf(after) - numberOf(before)) / (2 * step);
    }
    throw new Error(`a kink is nearer than ${steps.at(-1)}: choose another point or direction`);
  };
}

const numberOf = ({ outputs }: SignedRun): number => outputs[0]?.data[0] as number;
