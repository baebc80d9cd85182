// Which arithmetic each dtype computes with.
import { type DType, roundTo } from "../dtypes/dtype.ts";
import type { Algebra, Arithmetic } from "./algebra.ts";
import { doubleSums, doubles, integers, roundedDoubles, singles } from "./numbers.ts";

/** The format in which 16-bit sums are kept: 32 bits as hardware does, or the storage format itself. */
export type Accumulate = "f32" | "storage";

const arithmetic = (each: Algebra<number>, sum: Algebra<number>): Arithmetic<number> => ({
  each,
  sum,
  allocate: (size) => new Float64Array(size),
  read: (value) => value,
});

const wide: Readonly<Record<DType, Arithmetic<number>>> = {
  f64: arithmetic(doubles, doubleSums),
  f32: arithmetic(doubles, singles),
  f16: arithmetic(doubles, singles),
  bf16: arithmetic(doubles, singles),
  i32: arithmetic(integers, integers),
  bool: arithmetic(doubles, doubles),
};

const narrow: Readonly<Partial<Record<DType, Arithmetic<number>>>> = {
  f16: arithmetic(doubles, roundedDoubles(roundTo("f16"))),
  bf16: arithmetic(doubles, roundedDoubles(roundTo("bf16"))),
};

/**
 * The arithmetic of a dtype. One elementary operation is computed in double and rounded once when stored, which for
 * `+ - * / sqrt` in 32 bits and less is the correctly rounded result, because 53 >= 2 * 24 + 2.
 */
export const arithmeticOf = (dtype: DType, accumulate: Accumulate = "f32"): Arithmetic<number> =>
  (accumulate === "storage" ? narrow[dtype] : undefined) ?? wide[dtype];
