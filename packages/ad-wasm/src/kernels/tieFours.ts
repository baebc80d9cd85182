// Four rows of four branches at once: what the poolings of networks weigh.
import { constant, lane, load, op, shuffle } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { type Frame, plus } from "./frame.ts";
import { compute, loadNumbers, splat, vectorOf } from "./numbers.ts";
import { isTabulated, type Row, tiesWith, weightsTable } from "./tieRows.ts";

/** Windows of two by two in 32 bits: four of them are a square of vectors. */
export const isSquare = (row: Row): boolean => isTabulated(row) && row.width === 4 && row.one.format === "f32";

/** Weighs four rows at a time as long as there are four, and returns the first row that is left. */
export function weighFours(frame: Frame, row: Row, start: Local, end: Local): Local {
  const { f } = frame;
  const rest = f.let(start);
  const last = f.let(op("i32.sub", end, 3));
  f.while(
    () => op("i32.lt_s", rest, last),
    () => {
      weighFour(frame, row, rest);
      f.update(rest, "i32.add", 4);
    },
  );
  return rest;
}

/** Weighs four rows side by side: lane `i` of a vector is a branch of row `i`. */
function weighFour({ f, out, inputs }: Frame, row: Row, at: Local): void {
  const { many: n, order } = row;
  const source = f.let(plus(inputs[0] as Local, at, 16));
  const target = f.let(plus(out, at, 16));
  const branches = exchanged(
    f,
    [0, 1, 2, 3].map((i) => f.let(loadNumbers(n, source, 16 * i))),
  );
  const [a, b, c, d] = branches as [Local, Local, Local, Local];
  const best = f.let(compute(n, order, f.let(compute(n, order, a, b)), f.let(compute(n, order, c, d))));
  const flags = branches.map((value, i) =>
    op("v128.and", tiesWith(n, value, best), splat(oneWord, constant("i32", 1 << i))),
  );
  const sets = f.let(flags.reduce((all, some) => op("v128.or", all, some)));
  const table = weightsTable(row);
  for (let i = 0; i < 4; i++) {
    const weights = op("i32.shl", lane("i32x4", sets, i), 4);
    f.store("v128.store", target, load("v128.load", weights, table), 16 * i);
  }
}

const oneWord = vectorOf("i32");

/** Four vectors with rows and columns exchanged. */
export function exchanged(f: FunctionBuilder, [a, b, c, d]: readonly Local[]): Local[] {
  const evens = [0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27];
  const odds = [4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31];
  const lows = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
  const highs = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];
  const both = (x: Local | undefined, y: Local | undefined, bytes: readonly number[]): Local =>
    f.let(shuffle(x as Local, y as Local, bytes));
  const [ab, AB, cd, CD] = [both(a, b, evens), both(a, b, odds), both(c, d, evens), both(c, d, odds)];
  return [both(ab, cd, lows), both(AB, CD, lows), both(ab, cd, highs), both(AB, CD, highs)];
}
