// What is known about an element, and how it was found.
import { AdError, add, mul, type Tensor } from "@nonsmooth/ad-core";
import { isReal, type LikeAll } from "@nonsmooth/ad-core/transforms";
import type { LockedInstruction } from "../sweep/locked.ts";
import { numbersOf } from "../sweep/numbers.ts";

/** How far a small step is from what the gradient predicts. */
export interface Residual {
  readonly step: number;
  /** `(f(x + t d) - f(x) - t <g, d>) / t`, which falls to 0 with t; null where a recorded program does not hold. */
  readonly residual: number | null;
}

/** How an element of the Clarke subdifferential was found, and what was checked. */
export interface Certificate<Args extends readonly unknown[] = readonly unknown[]> {
  /**
   * The direction that locked the branches, and where branches tied along it a second one that told them apart. A list
   * like the arguments each.
   */
  readonly directions: readonly LikeAll<Args>[];
  /** The instructions at which branches tied, in the order of the run, with the branches taken. */
  readonly locked: readonly LockedInstruction[];
  /** At how many places the branches tie along all directions too; the first one was taken there. */
  readonly undecided: number;
  /** `f'(x; d)` along the first direction, by forward mode. */
  readonly slope: number;
  /** `<g, d>`, which the choice being the same in both modes makes equal to it. */
  readonly product: number;
  readonly residuals: readonly Residual[];
  /** `exact` when no operation of the run was rounded: all ties and speeds were compared as they are. */
  readonly arithmetic: "exact" | "numerical";
  /** Numbers that differ by no more were taken as equal. */
  readonly tolerance: number;
  /** How many sweeps it took: along directions, and back. */
  readonly sweeps: { readonly forward: number; readonly reverse: number };
  /** What all this amounts to, in words. */
  readonly claim: string;
}

/** What a claim depends on. */
interface Grounds {
  readonly arithmetic: Certificate["arithmetic"];
  readonly tolerance: number;
  readonly undecided: number;
  /** Of how many directions one may miss that two branches differ. */
  readonly draws: number;
}

/** The strongest sentence that holds. */
export function claimOf({ arithmetic, tolerance, undecided, draws }: Grounds): string {
  if (tolerance > 0) return `numbers within ${tolerance} were taken as equal: nothing is promised for this point`;
  const places = undecided === 1 ? "1 place" : `${undecided} places`;
  const unless =
    undecided === 0
      ? ""
      : `, unless the directions miss that branches differ at one of ${places}, which at most one in ${draws} does at each`;
  if (arithmetic === "exact") return `an element of the Clarke subdifferential${unless}`;
  return `an element of the Clarke subdifferential up to rounding, with ties and speeds compared as rounded numbers${unless}`;
}

/** Inner product of the leaves that carry derivatives. */
export function innerProduct(where: string, a: readonly Tensor[], b: readonly Tensor[]): number {
  let total = 0;
  a.forEach((x, i) => {
    if (!isReal(x.dtype)) return;
    const [left, right] = [numbersOf(where, x).data, numbersOf(where, b[i] as Tensor).data];
    for (let j = 0; j < left.length; j++) total += (left[j] as number) * (right[j] as number);
  });
  return total;
}

/** The value at `x + t d`; null where a recorded program stops at a guard. */
function valueAt(
  run: (x: readonly Tensor[]) => number,
  x: readonly Tensor[],
  d: readonly Tensor[],
  step: number,
): number | null {
  const moved = x.map((leaf, i) => (isReal(leaf.dtype) ? add(leaf, mul(d[i] as Tensor, step)) : leaf));
  try {
    return run(moved);
  } catch (error) {
    if (error instanceof AdError && error.code === "guard") return null;
    throw error;
  }
}

/** Small steps along the direction, compared with what the gradient predicts. */
export const residualsOf = (
  run: (x: readonly Tensor[]) => number,
  at: { readonly leaves: readonly Tensor[]; readonly direction: readonly Tensor[] },
  known: { readonly value: number; readonly product: number },
  steps: readonly number[],
): Residual[] =>
  steps.map((step) => {
    const moved = valueAt(run, at.leaves, at.direction, step);
    return { step, residual: moved === null ? null : (moved - known.value - step * known.product) / step };
  });
