// Numbers that land on kinks, and numbers that stay clear of them.
import type { DType } from "@nonsmooth/ad-core";
import fc from "fast-check";
import { isReal, type RealDType } from "../tools/tolerances.ts";

/** Settings of sources of numbers. */
export interface NumberOptions {
  /** `f64` when absent. */
  readonly dtype?: DType;
}

/** Significant bits after the leading one, and the exponent of the least positive number. */
const precision: Readonly<Record<RealDType, readonly [fraction: number, least: number]>> = {
  f64: [52, -1074],
  f32: [23, -149],
  f16: [10, -24],
  bf16: [7, -133],
};

/** Small whole numbers, the smallest ones most often, so that ties are frequent. */
const lattice: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(-1, 0, 1) },
  { weight: 1, arbitrary: fc.integer({ min: -3, max: 3 }) },
);

/** The next number of the format, up or down; from 0 it is the least subnormal. */
function neighbour(x: number, up: boolean, dtype: RealDType): number {
  const [fraction, least] = precision[dtype];
  const sign = up ? 1 : -1;
  if (x === 0) return sign * 2 ** least;
  const magnitude = Math.abs(x);
  const exponent = Math.floor(Math.log2(magnitude));
  const shrinksBelowPowerOfTwo = sign * x < 0 && magnitude === 2 ** exponent;
  return x + sign * 2 ** (exponent - fraction - (shrinksBelowPowerOfTwo ? 1 : 0));
}

function besideLattice(dtype: RealDType): fc.Arbitrary<number> {
  return fc.tuple(lattice, fc.boolean()).map(([x, up]) => neighbour(x, up, dtype));
}

function subnormal(dtype: RealDType): fc.Arbitrary<number> {
  const [, least] = precision[dtype];
  return fc.integer({ min: 1, max: 100 }).map((n) => n * 2 ** least);
}

/**
 * Numbers that land on kinks: mostly small whole numbers, so that ties are frequent; both zeros; the next numbers
 * above and below; subnormal numbers.
 *
 * @param options - `dtype`: every number is one of that format; `i32` and `bool` get whole numbers and 0 or 1
 * @returns the source
 * @example
 * fc.sample(kinkyNumber({ dtype: "i32" }), 20).every(Number.isInteger) // true
 */
export function kinkyNumber({ dtype = "f64" }: NumberOptions = {}): fc.Arbitrary<number> {
  if (dtype === "bool") return fc.constantFrom(0, 1);
  if (!isReal(dtype)) return lattice;
  return fc.oneof(
    { weight: 12, arbitrary: lattice },
    { weight: 2, arbitrary: fc.constant(-0) },
    { weight: 1, arbitrary: besideLattice(dtype) },
    { weight: 1, arbitrary: subnormal(dtype) },
  );
}

/**
 * Lists of numbers that stay clear of kinks: magnitudes are different odd multiples of 1/16, so no two numbers tie,
 * not even after a change of sign, and none is whole or zero.
 *
 * @param count - how many numbers
 * @param options - `positive`: all above zero
 * @returns the source of lists
 * @example
 * fc.sample(smoothNumbers(3, { positive: true }), 20).every((list) => list.every((v) => v >= 1 / 16)) // true
 */
export function smoothNumbers(
  count: number,
  { positive = false }: { positive?: boolean } = {},
): fc.Arbitrary<number[]> {
  const magnitudes = Array.from({ length: count + 2 }, (_, i) => (2 * i + 1) / 16);
  const chosen = fc.shuffledSubarray(magnitudes, { minLength: count, maxLength: count });
  const signs = fc.array(positive ? fc.constant(1) : fc.constantFrom(-1, 1), { minLength: count, maxLength: count });
  return fc.tuple(chosen, signs).map(([list, sign]) => list.map((v, i) => v * (sign[i] as number)));
}
