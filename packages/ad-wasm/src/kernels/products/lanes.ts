// Vectors of the numbers that products are summed in: a few of them in memory, squares of them, and their sums.
import type { DType } from "@nonsmooth/ad-core";
import { type Expression, lane, load, op, shuffle, type Value, vector, withLane } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { Vectors } from "../../encoding/module.ts";
import { roundedSingles } from "../../functions/rounding.ts";

/** How numbers of a dtype are multiplied and added: short reals as f32, rounded once at the end. */
export interface Lanes extends Vectors {
  readonly dtype: DType;
  readonly shape: "f32x4" | "f64x2" | "i32x4";
  /** How many numbers a vector holds. */
  readonly count: 2 | 4;
  /** Bytes of one number. */
  readonly bytes: 4 | 8;
  readonly type: "f32" | "f64" | "i32";
}

/** The vectors of a dtype in a module. */
export function lanesOf(dtype: DType, { isWide, isFused }: Vectors): Lanes {
  const how = { dtype, isWide, isFused };
  if (dtype === "f64") return { ...how, shape: "f64x2", count: 2, bytes: 8, type: "f64" };
  if (dtype === "i32") return { ...how, isFused: false, shape: "i32x4", count: 4, bytes: 4, type: "i32" };
  return { ...how, shape: "f32x4", count: 4, bytes: 4, type: "f32" };
}

/** Whether results are rounded to a format that is shorter than that of the sums. */
export const isShort = ({ dtype }: Lanes): boolean => dtype === "f16" || dtype === "bf16";

/** A sum rounded to the format that it is kept in. */
export const rounded = (f: FunctionBuilder, { dtype }: Lanes, sum: Expression): Expression =>
  dtype === "f16" || dtype === "bf16" ? roundedSingles(f, dtype, sum) : sum;

/** One number of memory in each lane. */
export const splatAt = ({ bytes }: Lanes, address: Value, offset: number): Expression =>
  load(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", address, offset);

/** `sum = sum + a * b`, in two roundings, or in one where products are fused. */
export function addProduct(
  f: FunctionBuilder,
  { shape, isFused }: Lanes,
  sum: Local,
  a: Expression,
  b: Expression,
): void {
  if (isFused && shape !== "i32x4") f.set(sum, op(`${shape}.relaxed_madd`, a, b, sum));
  else f.update(sum, `${shape}.add`, op(`${shape}.mul`, a, b));
}

/** What a sum of products begins with: every product added to it is itself. */
export const nothing = ({ type }: Lanes): Expression => {
  if (type === "i32") return zeros();
  return vector(type === "f64" ? Float64Array.of(-0, -0) : Float32Array.of(-0, -0, -0, -0));
};

export const zeros = (): Expression => vector(new Int32Array(4));

/** The first `count` lanes from memory, and no byte behind them; the others are 0. */
export function loadSome(
  { count: all, bytes, type, shape }: Lanes,
  address: Value,
  offset: number,
  count: number,
): Expression {
  if (count >= all) return load("v128.load", address, offset);
  const pair = count * bytes >= 8;
  const low = load(pair ? "v128.load64_zero" : "v128.load32_zero", address, offset);
  return count === 3 ? withLane(shape, low, 2, load(`${type}.load`, address, offset + 8)) : low;
}

/** Writes the first `count` lanes, and no byte behind them. */
export function storeSome(
  f: FunctionBuilder,
  { count: all, bytes, type, shape }: Lanes,
  address: Value,
  value: Local,
  offset: number,
  count: number,
): void {
  if (count >= all) {
    f.store("v128.store", address, value, offset);
    return;
  }
  f.store(count * bytes >= 8 ? "v128.store64_lane" : "v128.store32_lane", address, value, offset);
  if (count === 3) f.store(`${type}.store`, address, lane(shape, value, 2), offset + 8);
}

/** Words of 4 bytes of two vectors, by their numbers from 0 to 7. */
export const words = (a: Expression, b: Expression, ...order: readonly number[]): Expression =>
  shuffle(
    a,
    b,
    order.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte)),
  );

/** The columns of a square of numbers whose rows are vectors. */
export function transposed(f: FunctionBuilder, rows: readonly Expression[]): Expression[] {
  const [a, b, c, d] = rows.map((row) => f.let(row)) as [Local, Local, Local, Local];
  if (rows.length === 2) return [words(a, b, 0, 1, 4, 5), words(a, b, 2, 3, 6, 7)];
  const halves = [words(a, b, 0, 4, 1, 5), words(c, d, 0, 4, 1, 5), words(a, b, 2, 6, 3, 7), words(c, d, 2, 6, 3, 7)];
  const [low, lower, high, higher] = halves.map((half) => f.let(half)) as [Local, Local, Local, Local];
  return [
    words(low, lower, 0, 1, 4, 5),
    words(low, lower, 2, 3, 6, 7),
    words(high, higher, 0, 1, 4, 5),
    words(high, higher, 2, 3, 6, 7),
  ];
}
