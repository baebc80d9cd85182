// Rounding from the format of sums to the dtype of results.
import type { DType } from "@nonsmooth/ad-core";
import type { Expression } from "../encoding/expression.ts";
import type { FunctionBuilder } from "../encoding/function.ts";
import { roundedSingles } from "../functions/rounding.ts";
import { first, type Numbers, splat, vectorOf } from "./numbers.ts";

/** Numbers rounded to a dtype; only the short ones are kept in a wider format. */
export function roundedTo(f: FunctionBuilder, n: Numbers, dtype: DType, value: Expression): Expression {
  if (dtype !== "f16" && dtype !== "bf16") return value;
  const many = vectorOf(n.format);
  return n.width > 1 ? roundedSingles(f, dtype, value) : first(many, roundedSingles(f, dtype, splat(many, value)));
}
