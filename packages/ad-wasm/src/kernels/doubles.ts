// Elements of any dtype, one at a time, as the doubles that the reference computes with.
import type { DType } from "@nonsmooth/ad-core";
import { type Expression, lane, load, op, type Value } from "../encoding/expression.ts";
import type { FunctionBuilder } from "../encoding/function.ts";
import { roundedSingles } from "../functions/rounding.ts";

/** An element as a double. */
export function loadDouble(dtype: DType, address: Value, offset = 0): Expression {
  if (dtype === "f64") return load("f64.load", address, offset);
  const isWhole = dtype === "i32" || dtype === "bool";
  if (isWhole) return op("f64.convert_i32_s", load("i32.load", address, offset));
  return op("f64.promote_f32", load("f32.load", address, offset));
}

/** Writes a double as a kernel of the reference leaves it: in the format of sums, and then in the one of the dtype. */
export function storeDouble(f: FunctionBuilder, dtype: DType, address: Value, value: Expression, offset = 0): void {
  if (dtype === "f64") f.store("f64.store", address, value, offset);
  else if (dtype === "i32") f.store("i32.store", address, op("i32.trunc_sat_f64_s", value), offset);
  else if (dtype === "bool") f.store("i32.store", address, op("f64.ne", value, 0), offset);
  else f.store("f32.store", address, roundedSingle(f, dtype, op("f32.demote_f64", value)), offset);
}

/** One number of 32 bits rounded to a dtype that is kept in so many. */
function roundedSingle(f: FunctionBuilder, dtype: DType, value: Expression): Expression {
  if (dtype !== "f16" && dtype !== "bf16") return value;
  return lane("f32x4", roundedSingles(f, dtype, op("f32x4.splat", value)), 0);
}
