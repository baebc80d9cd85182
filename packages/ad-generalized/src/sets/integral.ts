// Integrals along a curve of something that jumps now and then, compared with a change that is known.

/** Value and rate at a time from 0 to 1. */
export type Rate = (t: number) => { readonly value: number; readonly rate: number };

/** The change of the value, and the integral of the rate. */
export interface Compared {
  readonly change: number;
  readonly integral: number;
  /** Whether they are one up to rounding. */
  readonly isEqual: boolean;
}

/** Points and weights of Gauss and Legendre on [0, 1], exact for polynomials up to degree 5. */
const nodes = [
  [0.5 - Math.sqrt(0.15), 5 / 18],
  [0.5, 4 / 9],
  [0.5 + Math.sqrt(0.15), 5 / 18],
] as const;

/** A part of the curve: from where, how long, and what it says. */
interface Part extends Compared {
  readonly start: number;
  readonly length: number;
}

/** Relative size of what counts as rounding. */
const rounding = 1e-9;

function partOf(f: Rate, start: number, length: number): Part {
  const integral = length * nodes.reduce((sum, [t, weight]) => sum + weight * f(start + t * length).rate, 0);
  const [before, after] = [f(start).value, f(start + length).value];
  const change = after - before;
  const size = Math.abs(before) + Math.abs(after);
  const isEqual = Math.abs(change - integral) <= rounding * (length * Math.abs(integral) + length + 2 ** -20 * size);
  return { start, length, change, integral, isEqual };
}

/** Halvings, and how many parts may disagree before they count as a stretch and not as single kinks. */
const [halvings, most] = [24, 40];

/**
 * Compares both, halving the parts that disagree: a kink that is crossed stays in one part, whose share falls to nothing; where
 * the rate is wrong all along a stretch the parts become more and more.
 */
export function integralOf(f: Rate): Compared {
  const whole = partOf(f, 0, 1);
  let differ = whole.isEqual ? [] : [whole];
  let settled = whole.isEqual ? whole.integral : 0;
  for (let i = 0; i < halvings && differ.length > 0 && differ.length <= most; i++) {
    const halves = differ.flatMap(({ start, length }) => [
      partOf(f, start, length / 2),
      partOf(f, start + length / 2, length / 2),
    ]);
    settled += halves.reduce((sum, part) => sum + (part.isEqual ? part.integral : 0), 0);
    differ = halves.filter((part) => !part.isEqual);
  }
  const integral = settled + differ.reduce((sum, part) => sum + part.integral, 0);
  const gap = Math.abs(whole.change - integral);
  return { change: whole.change, integral, isEqual: gap <= 2 ** -16 * (1 + Math.abs(whole.change)) };
}
