// The code for one row of a tensor, or for as many neighbouring rows as a vector holds.
import type { DType } from "@nonsmooth/ad-core";
import { type Expression, op, type StoreName } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { roundedSingles } from "../functions/rounding.ts";
import { first, loadNumbers, type Numbers, oneOf, splat, storeNumbers, vectorOf } from "./numbers.ts";
import { type Axis, placesOf, type Rows } from "./rows.ts";
import { blockSize } from "./terms.ts";

/** What is known while the code of a row is written. */
export interface RowCode {
  readonly f: FunctionBuilder;
  readonly module: ModuleBuilder;
  readonly rows: Rows;
  /** What a number that belongs to the row is kept in: with a lane for each row, or for neighbours in one row. */
  readonly numbers: Numbers;
  /** Whether a vector holds neighbours of one row. */
  readonly isAlong: boolean;
  /** The dtype that results are rounded to. */
  readonly dtype: DType;
  /** Bytes of an element. */
  readonly bytes: 4 | 8;
  readonly scratch: Local;
}

/** Rounds numbers to the dtype of the results. */
function rounded({ f, dtype }: RowCode, n: Numbers, value: Expression): Expression {
  if (dtype !== "f16" && dtype !== "bf16") return value;
  if (n.width > 1) return roundedSingles(f, dtype, value);
  const four = vectorOf(n.format);
  return first(four, roundedSingles(f, dtype, splat(four, value)));
}

/** What becomes of elements; `own` makes a number of the row one of those that are computed with. */
export type Change = (n: Numbers, x: Local, own: (value: Local) => Expression) => Expression;

/** Which elements are changed, how, and where they are put. */
export interface Move {
  readonly from: Expression;
  readonly to: Expression;
  readonly change: Change;
  /** Whether the numbers stay as they are computed, because they will be changed again. */
  readonly isInterim?: true;
  /** Whether `from` and `to` are the same. */
  readonly isInPlace?: true;
}

/** A {@link Move} of which the addresses are known. */
interface Moving extends Move {
  readonly from: Local;
  readonly to: Local;
}

/** Writes the elements of a row anew. */
export function rewrite(row: RowCode, move: Move): void {
  const { f, rows, bytes, isAlong } = row;
  const moving = { ...move, from: f.let(move.from), to: f.let(move.to) };
  if (rows.length >= blockSize || isAlong) rewriteAlong(row, moving, rows.reduced);
  else for (const place of placesOf(rows.reduced)) rewriteOne(row, row.numbers, moving, place * bytes);
}

function rewriteAlong(row: RowCode, { from, to, ...move }: Moving, [axis, ...inner]: readonly Axis[]): void {
  const { f, bytes, isAlong } = row;
  const { count, step } = axis as Axis;
  if (isAlong && inner.length === 0) {
    rewriteRun(row, { from, to, ...move }, count);
    return;
  }
  f.range(0, count * step * bytes, step * bytes, (i) => {
    const here = { ...move, from: f.let(op("i32.add", from, i)), to: f.let(op("i32.add", to, i)) };
    if (inner.length > 0) rewriteAlong(row, here, inner);
    else rewriteOne(row, row.numbers, here, 0);
  });
}

/**
 * Elements one behind the other: vectors first. The rest is one vector more that begins in front of the end of the last
 * one; but what is changed where it lies must not be changed twice, so there the rest is done one by one.
 */
function rewriteRun(row: RowCode, { from, to, ...move }: Moving, count: number): void {
  const { f, bytes, numbers } = row;
  const whole = count - (count % numbers.width);
  f.range(0, whole * bytes, numbers.bytes, (i) => {
    const here = { ...move, from: f.let(op("i32.add", from, i)), to: f.let(op("i32.add", to, i)) };
    rewriteOne(row, numbers, here, 0);
  });
  if (whole === count) return;
  if (!move.isInPlace && count >= numbers.width) {
    rewriteOne(row, numbers, { from, to, ...move }, (count - numbers.width) * bytes);
    return;
  }
  for (let i = whole; i < count; i++) rewriteOne(row, oneOf(numbers.format), { from, to, ...move }, i * bytes);
}

function rewriteOne(row: RowCode, n: Numbers, { from, to, change, isInterim }: Moving, offset: number): void {
  const { f, numbers } = row;
  const own = (value: Local): Expression => (n.width === numbers.width ? value : first(numbers, value));
  const changed = change(n, f.let(loadNumbers(n, from, offset)), own);
  storeNumbers(f, n, to, isInterim ? changed : rounded(row, n, changed), offset);
}

/** Writes the one number that became of each row. */
export function storeResult(row: RowCode, address: Expression, value: Expression): void {
  const { f, numbers, isAlong } = row;
  const result = rounded(row, numbers, value);
  const lane: StoreName = numbers.width === 2 ? "v128.store64_lane" : "v128.store32_lane";
  if (isAlong) f.store(lane, address, result);
  else storeNumbers(f, numbers, address, result);
}
