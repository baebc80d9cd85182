// The algebra that computes nothing and counts everything.
import { internal } from "../errors/adError.ts";
import type { Algebra, Arithmetic, Atom, Histogram } from "./algebra.ts";
import { doubles } from "./numbers.ts";

/** What a counter computes with: it knows only whether something is a number of the computation itself. */
export type Counted = "value" | "number";

/** An algebra on nothing, and the tally of what was asked of it. */
export interface Counter {
  readonly arithmetic: Arithmetic<Counted>;
  tally(): Histogram;
  /** How many of those had a value as first operand and a number as second. */
  fixed(): Histogram;
}

/**
 * Counts the scalar operations of whatever is computed with it. Kernels that look at values cannot be counted.
 *
 * @returns an arithmetic on nothing, and its tally so far
 * @example
 * const counting = counter();
 * counting.arithmetic.each.add("value", counting.arithmetic.each.exp("value"));
 * counting.tally() // { exp: 1, add: 1 }
 */
export function counter(): Counter {
  const tally: Partial<Record<Atom, number>> = {};
  const fixed: Partial<Record<Atom, number>> = {};
  const count = (atom: Atom) => {
    return (...operands: Counted[]): Counted => {
      tally[atom] = (tally[atom] ?? 0) + 1;
      if (!operands.includes("value")) return "number";
      if (operands[1] === "number") fixed[atom] = (fixed[atom] ?? 0) + 1;
      return "value";
    };
  };
  const atoms = Object.keys(doubles).filter((name): name is Atom => name !== "constant");
  const counted = Object.fromEntries(atoms.map((atom) => [atom, count(atom)]));
  const algebra = { ...counted, constant: () => "number" } as unknown as Algebra<Counted>;
  const allocate = (size: number): Counted[] => new Array<Counted>(size).fill("value");
  const read = (): never => internal("a kernel that looks at values was counted");
  const arithmetic = { each: algebra, sum: algebra, allocate, read };
  return { arithmetic, tally: () => ({ ...tally }), fixed: () => ({ ...fixed }) };
}
