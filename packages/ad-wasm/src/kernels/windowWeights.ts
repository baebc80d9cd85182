// Windows of a pooling: the share of a cotangent that each of their cells has.
import { constant, type Expression, lane, load, op, shuffle } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { plus } from "./frame.ts";
import { compute, loadNumbers, type Numbers, repeated, scaledBy, splat, vectorOf } from "./numbers.ts";
import { roundedTo } from "./roundedTo.ts";
import { isPick } from "./shares.ts";
import { exchanged } from "./tieFours.ts";
import { type Row, tiesWith, weightsTable } from "./tieRows.ts";

/** Windows over rows of pixels that are so many bytes apart. */
export interface WindowRows {
  readonly row: Row;
  readonly window: readonly [number, number];
  readonly pitch: number;
}

/** Takes what belongs to the pixels at so many bytes behind the first one. */
type Write = (value: Local, offset: number) => void;

/** The largest, or the smallest, of some numbers. */
function extremeOf(f: FunctionBuilder, n: Numbers, { order }: Row, values: readonly Local[]): Local {
  const best = f.let(values[0] as Local);
  for (const value of values.slice(1)) f.set(best, compute(n, order, best, value));
  return best;
}

/** One window, whose pixels begin at an address. */
export function weighedOne(
  { row, window, pitch }: WindowRows,
  f: FunctionBuilder,
  x: Local,
  g: Local,
  write: Write,
): void {
  const { one: n, bytes, dtype, width } = row;
  const offsets = Array.from({ length: width }, (_, i) => Math.floor(i / window[1]) * pitch + (i % window[1]) * bytes);
  const values = offsets.map((offset) => f.let(loadNumbers(n, x, offset)));
  const extreme = extremeOf(f, n, row, values);
  const sets = values.map((value, i) => op("i32.shl", tiesWith(n, value, extreme), i));
  const set = sets.reduce((all, some) => op("i32.or", all, some));
  const weights = f.let(plus(weightsTable(row), set, width * bytes));
  offsets.forEach((offset, i) => {
    const share = f.let(loadNumbers(n, weights, i * bytes));
    write(f.let(roundedTo(f, n, dtype, f.let(scaledBy(n, share, g)))), offset);
  });
}

/** Four windows side by side. */
type Fours = (f: FunctionBuilder, x: Local, g: Local, write: Write) => void;

/** Windows of two by two pixels in 32 bits are weighed four at a time; null for others. */
export function weighedFours({ row, window, pitch }: WindowRows): Fours | null {
  if (row.one.format !== "f32" || String(window) !== "2,2") return null;
  return (f, x, g, write) => {
    const cells = [0, pitch].flatMap((above) => apart(f, row.many, x, above));
    const shares = sharesOf(f, row, cells, g) as [Local, Local, Local, Local];
    [0, pitch].forEach((above, i) => {
      const [a, b] = [shares[2 * i] as Local, shares[2 * i + 1] as Local];
      write(f.let(shuffle(a, b, lowPairs)), above);
      write(f.let(shuffle(a, b, highPairs)), above + 16);
    });
  };
}

const word = (i: number): number[] => [0, 1, 2, 3].map((byte) => 4 * i + byte);
const [evens, odds] = [[0, 2, 4, 6].flatMap(word), [1, 3, 5, 7].flatMap(word)];
const [lowPairs, highPairs] = [[0, 4, 1, 5].flatMap(word), [2, 6, 3, 7].flatMap(word)];

/** Eight pixels of a row: the left ones of four windows, and the right ones. */
function apart(f: FunctionBuilder, n: Numbers, x: Local, above: number): Local[] {
  const [a, b] = [f.let(loadNumbers(n, x, above)), f.let(loadNumbers(n, x, above + 16))];
  return [f.let(shuffle(a, b, evens)), f.let(shuffle(a, b, odds))];
}

/** What each cell has of the cotangents, four windows in a vector. */
function sharesOf(f: FunctionBuilder, row: Row, cells: readonly Local[], g: Local): Local[] {
  const { many: n, shares, dtype } = row;
  const extreme = extremeOf(f, n, row, cells);
  const ties = cells.map((value) => f.let(tiesWith(n, value, extreme)));
  if (isPick(shares.selection)) {
    return shares.selection.first === 1 ? picked(f, n, ties, g) : picked(f, n, ties.toReversed(), g).toReversed();
  }
  const weights = tabulated(f, row, ties);
  return weights.map((weight) => f.let(roundedTo(f, n, dtype, f.let(scaledBy(n, weight, g)))));
}

/** All of it goes to the first cell that ties. */
function picked(f: FunctionBuilder, n: Numbers, ties: readonly Local[], g: Local): Local[] {
  const whole = f.let(scaledBy(n, f.let(repeated(n, 1)), g));
  const left = f.let(whole);
  return ties.map((tie) => {
    const share = f.let(op("v128.and", left, tie));
    f.set(left, op("v128.andnot", left, tie));
    return share;
  });
}

/** Weights by the table, for each cell those of four windows. */
function tabulated(f: FunctionBuilder, row: Row, ties: readonly Local[]): Local[] {
  const flags = ties.map((tie, i) => op("v128.and", tie, splat(vectorOf("i32"), constant("i32", 1 << i))));
  const sets = f.let(flags.reduce((all, some) => op("v128.or", all, some)));
  const table = weightsTable(row);
  const rowAt = (i: number): Expression => load("v128.load", op("i32.shl", lane("i32x4", sets, i), 4), table);
  return exchanged(
    f,
    [0, 1, 2, 3].map((i) => f.let(rowAt(i))),
  );
}
