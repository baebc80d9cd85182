// The algebra that computes nothing and counts everything.
import { internal } from "../errors/adError.ts";
import type { Algebra, Arithmetic, Atom, Histogram } from "./algebra.ts";
import { doubles } from "./numbers.ts";

/** An algebra on nothing, and the tally of what was asked of it. */
export interface Counter {
  readonly arithmetic: Arithmetic<null>;
  tally(): Histogram;
}

/**
 * Counts the scalar operations of whatever is computed with it. Kernels that look at values cannot be counted.
 *
 * @returns an arithmetic on nothing, and its tally so far
 * @example
 * const counting = counter();
 * counting.arithmetic.each.add(null, counting.arithmetic.each.exp(null));
 * counting.tally() // { exp: 1, add: 1 }
 */
export function counter(): Counter {
  const tally: Partial<Record<Atom, number>> = {};
  const count = (atom: Atom): (() => null) => {
    return () => {
      tally[atom] = (tally[atom] ?? 0) + 1;
      return null;
    };
  };
  const atoms = Object.keys(doubles).filter((name): name is Atom => name !== "constant");
  const counted = Object.fromEntries(atoms.map((atom) => [atom, count(atom)]));
  const algebra = { ...counted, constant: () => null } as unknown as Algebra<null>;
  const allocate = (size: number): null[] => new Array<null>(size).fill(null);
  const read = (): never => internal("a kernel that looks at values was counted");
  return { arithmetic: { each: algebra, sum: algebra, allocate, read }, tally: () => ({ ...tally }) };
}
