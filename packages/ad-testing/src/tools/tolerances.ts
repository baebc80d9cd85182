// The one table of tolerances.

/** Number formats that carry derivatives. */
export type RealDType = "f64" | "f32" | "f16" | "bf16";

/** What rounding may cost in one dtype. */
export interface Tolerance {
  /** Two ways to the same number, relative to 1 plus the sum of the magnitudes that meet in it. */
  readonly sums: number;
  /** A difference quotient against a derivative, relative to 1 plus its magnitude. */
  readonly quotients: number;
  /** Steps of difference quotients, from long to short. */
  readonly steps: readonly number[];
}

const powersOfTwo = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, i) => 2 ** (from - i));

/** Tolerances and steps by dtype; no check has numbers of its own. */
export const tolerances: Readonly<Record<RealDType, Tolerance>> = {
  f64: { sums: 1e-9, quotients: 1e-5, steps: powersOfTwo(-8, -20) },
  f32: { sums: 1e-3, quotients: 2e-2, steps: powersOfTwo(-3, -10) },
  f16: { sums: 3e-2, quotients: 2e-1, steps: powersOfTwo(-1, -4) },
  bf16: { sums: 2e-1, quotients: 5e-1, steps: powersOfTwo(0, -2) },
};

/** The step of central differences in `f64`: the error of the formula and that of rounding are both below 1e-9. */
export const centralStep: number = 2 ** -17;

/** Whether values of this format carry derivatives. */
export const isReal = (dtype: string): dtype is RealDType => Object.hasOwn(tolerances, dtype);
