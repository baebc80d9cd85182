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
type Grounds = Pick<Certificate, "arithmetic" | "tolerance" | "undecided" | "residuals" | "product">;

/** What small steps say against a gradient; null when they agree, or none was made. */
function objectionOf({ residuals, product }: Grounds): string | null {
  const made = residuals.filter(({ residual }) => residual !== null).toSorted((a, b) => a.step - b.step);
  const [finest, coarsest] = [made[0], made.at(-1)];
  if (!finest || !coarsest) return null;
  if (!made.every(({ residual }) => Number.isFinite(residual))) return "the function is not finite beside the point";
  const [fine, coarse] = [Math.abs(finest.residual as number), Math.abs(coarsest.residual as number)];
  const isSettled = fine <= 2 ** -10 * (1 + Math.abs(product)) || fine < coarse / 2;
  return isSettled || coarsest.step < 16 * finest.step ? null : "small steps do not agree with the gradient";
}

/** The strongest sentence that holds; a given hyperplane is hit by at most one direction in `draws`. */
export function claimOf(grounds: Grounds, draws: number): string {
  const { arithmetic, tolerance, undecided } = grounds;
  const objection = objectionOf(grounds);
  if (objection) return `nothing: ${objection}`;
  if (tolerance > 0) return `nothing for this point: numbers within ${tolerance} were taken as equal`;
  const places = undecided === 1 ? "the place" : `one of ${undecided} places`;
  const miss = `the directions miss that branches differ at ${places} where they tie, as at most one in ${draws} does at each`;
  const unless = undecided === 0 ? "" : `, unless ${miss}`;
  if (arithmetic === "exact") return `an element of the Clarke subdifferential${unless}`;
  return `an element of the Clarke subdifferential up to rounding: ties and speeds were compared as rounded numbers${unless}`;
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
