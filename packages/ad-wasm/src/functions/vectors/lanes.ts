// What functions of vectors share: constants, rows of tables, and sums that are rounded once.
import { constant, type Expression, lane, load, op, shuffle, vector } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { add, equal, sub } from "../formula.ts";

/** What a function computes of two doubles. */
export interface Both {
  readonly y: Expression;
  /** A mask of the lanes in which y has the bits of the function of one number; null when it always has. */
  readonly isSure: Expression | null;
}

/** Constants in both lanes, from a table: to read them is less work than to make them of words. */
export function constantsOf<const Values extends readonly number[]>(
  module: ModuleBuilder,
  name: string,
  values: Values,
): { readonly [I in keyof Values]: Expression } {
  const table = module.table(`constants of ${name}`, Float64Array.from(values.flatMap((value) => [value, value])));
  const reads = values.map((_, i) => load("v128.load", constant("i32", 0), table + 16 * i));
  return reads as { readonly [I in keyof Values]: Expression };
}

/** Of each lane the first where the mask is set, else the second. */
export const chosen = (mask: Expression, a: Expression, b: Expression): Expression => op("v128.bitselect", a, b, mask);

/** A size with the sign bits of others. */
export const withSign = (size: Expression, x: Expression): Expression =>
  op("v128.or", size, op("v128.and", x, vector(Float64Array.of(-0, -0))));

/** Addresses of rows of a table, one for each lane. */
export type Rows = readonly [Local, Local];

/** The addresses that are computed from the lower words of both doubles. */
export const rowsOf = (f: FunctionBuilder, words: Local, address: (word: Expression) => Expression): Rows => [
  f.let(address(lane("i32x4", words, 0))),
  f.let(address(lane("i32x4", words, 2))),
];

export const lowHalves: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
export const highHalves: readonly number[] = lowHalves.map((byte) => byte + 8);

/** Two neighbours in each row, as a vector of the first ones and a vector of the second ones. */
export function columnsAt(f: FunctionBuilder, rows: Rows, offset: number): readonly [Local, Local] {
  const [a, b] = rows.map((row) => f.let(load("v128.load", row, offset))) as [Local, Local];
  return [f.let(shuffle(a, b, lowHalves)), f.let(shuffle(a, b, highHalves))];
}

/** `y + below`, which is sure where nothing changes when `below` moves by a distance. */
export function rounded(
  f: FunctionBuilder,
  y: Local,
  below: Local,
  distance: Local,
): Both & { readonly isSure: Expression } {
  const sum = f.let(add(y, sub(below, distance)));
  return { y: sum, isSure: equal(sum, add(y, add(below, distance))) };
}
