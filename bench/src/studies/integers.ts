/** Small whole numbers drawn from keys, so that arithmetic on them is exact. */
import { add, floor, mul, randomUniform, type Tensor } from "@nonsmooth/ad-core";

/** Whole numbers from `-largest` to `largest`, all equally likely. */
export const integersFrom = (key: Tensor, shape: readonly number[], largest: number): Tensor =>
  add(floor(mul(randomUniform(key, shape), 2 * largest + 1)), -largest);
