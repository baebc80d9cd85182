// Exponents and whole numbers of doubles, from their bits.
import { constant, type Expression, op, select, type Value } from "../encoding/expression.ts";
import type { Local } from "../encoding/function.ts";
import { add } from "./formula.ts";

/** Adding and subtracting 1.5 * 2^52 rounds to the nearest integer. */
export const rounder = 6755399441055744;

/** The whole number whose sum with {@link rounder} is given, modulo 2^32: it stands in the last bits of the sum. */
export const wholeOf = (sum: Expression): Expression => op("i32.wrap_i64", op("i64.reinterpret_f64", sum));

/** A whole double below 2^51 in magnitude as an integer modulo 2^32. */
export const asInteger = (x: Value): Expression => wholeOf(add(x, rounder));

/** Upper word of a double: sign, 11 exponent bits, 20 fraction bits. */
export const highWord = (x: Value): Expression =>
  op("i32.wrap_i64", op("i64.shr_u", op("i64.reinterpret_f64", x), constant("i64", 32)));

/** `2^k` for k from -1022 to 1023. */
export const normalPower = (k: Value): Expression =>
  op("f64.reinterpret_i64", op("i64.shl", op("i64.extend_i32_s", op("i32.add", k, 1023)), 52));

/** `2^k` for k from -1074 to 1023: below the normal doubles the power is a single bit. */
export function powerOfTwo(k: Local): Expression {
  const bit = op("i64.shl", 1, op("i64.extend_i32_s", op("i32.add", k, 1074)));
  return select(op("i32.lt_s", k, -1022), op("f64.reinterpret_i64", bit), normalPower(k));
}
