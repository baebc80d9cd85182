/** Seeded numbers for the arguments of programs. */
import { add, cast, mul, randomUniform, type Tensor } from "@nonsmooth/ad-core";
import type { RealDType } from "@nonsmooth/nets";

/** Uniform numbers from `low` to `high`, drawn in f64 and rounded once, so that all formats get the same ones. */
export const uniformBetween = (
  from: Tensor,
  shape: readonly number[],
  [low, high]: readonly [number, number],
  dtype: RealDType,
): Tensor => cast(add(mul(randomUniform(from, shape), high - low), low), dtype);
