// `log` as a double-double: `x = 2^k m`, a short reciprocal c of m from a table, and a series in `r = c m - 1`.
import { logTable } from "@nonsmooth/ad-core/machines";
import { type Expression, load, op, type Value } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { powerOfTwo } from "./bits.ts";
import { halves, type Pair, productError, sumError } from "./doubleDouble.ts";
import { add, choose, equal, type Known, less, mul, series, sub } from "./formula.ts";

// log(2) in two parts; the first is a multiple of 2^-42, so that k times it is exact.
export const ln2High: number = 0.6931471805598903;
export const ln2Low: number = 5.497923018708371e-14;
/** The bits of 0.703125, where the table starts. */
export const start: number = 0x3fe68000 * 2 ** 32;

/** `log(1 + r) - r + r^2/2` for |r| < 0.004, cut after r^9. */
const logTail = (r: Local): Expression => mul(r, r, r, series(r, 1 / 3, -1 / 4, 1 / 5, -1 / 6, 1 / 7, -1 / 8, 1 / 9));

/** `log(x + rest)` as a double-double; x is positive and finite, rest at most half an ulp of it. */
export function logPair(module: ModuleBuilder, f: FunctionBuilder, x: Local, rest: Known): Pair {
  const normal = f.let(x);
  const k = f.local("i32");
  f.set(k, 0);
  f.if(less(x, 2.2250738585072014e-308), () => {
    f.set(normal, mul(x, 18014398509481984));
    f.set(k, -54);
  });
  const bits = f.let(op("i64.reinterpret_f64", normal));
  const offset = f.let(op("i64.sub", bits, start));
  f.update(k, "i32.add", op("i32.wrap_i64", op("i64.shr_s", offset, 52)));
  // Taking the exponent from the bits is the product with 2^-exponent, which is exact.
  const m = f.let(op("f64.reinterpret_i64", op("i64.sub", bits, op("i64.and", offset, -(2 ** 52)))));
  const row = f.let(rowAt(module.table("log", logTable), offset));
  const c = f.let(load("f64.load", row));
  // Each half of m times c is exact, c being short, and so is their sum less 1.
  const [half, other] = halves(f, m);
  const r = f.let(add(sub(mul(c, half), 1), mul(c, other)));
  const kReal = f.let(op("f64.convert_i32_s", k));
  const base = f.let(add(mul(kReal, ln2High), load("f64.load", row, 8)));
  const lowBase = add(mul(kReal, ln2Low), load("f64.load", row, 16));
  return logSum(f, base, lowBase, r, shiftOf(f, rest, c, k, r));
}

/** The address of the row for the eight bits behind the exponent. */
function rowAt(table: number, offset: Local): Expression {
  const index = op("i32.and", op("i32.wrap_i64", op("i64.shr_u", offset, 44)), 255);
  return op("i32.add", op("i32.mul", index, 24), table);
}

/** What `rest` adds to the logarithm. */
function shiftOf(f: FunctionBuilder, rest: Known, c: Local, k: Local, r: Local): Value {
  if (rest === 0) return 0;
  const negativeK = f.let(op("i32.sub", 0, k));
  const shift = choose(
    f,
    equal(rest, 0),
    () => 0,
    () => mul(rest, c, powerOfTwo(negativeK)),
  );
  return sub(shift, mul(shift, r));
}

/** `base + lowBase + log(1 + r) + shift`. */
export function logSum(f: FunctionBuilder, base: Known, lowBase: Value, r: Local, shift: Value): Pair {
  const half = f.let(mul(0.5, r));
  const square = f.let(mul(r, half));
  const sum = f.let(add(base, r));
  const head = f.let(sub(sum, square));
  const below = add(sub(lowBase, productError(f, r, half, square)), add(shift, logTail(r)));
  const low = f.let(add(sub(sub(sum, head), square), add(sumError(f, base, r, sum), below)));
  const hi = f.let(add(head, low));
  return { hi, lo: add(sub(head, hi), low) };
}

/** `log(1 + r)` as a double-double for r from -0.0019 to 0.0039, which needs no table. */
export const logNearOne = (f: FunctionBuilder, r: Local): Pair => logSum(f, 0, 0, r, 0);
