// Reductions in their stated order: groups of 4096 terms, 16 lanes within a group, halves of the lanes combined, then
// the groups in order. Lanes without a term hold a number that changes nothing, which the reference leaves out.
import { type Expression, op } from "../encoding/expression.ts";
import type { Local } from "../encoding/function.ts";
import { compute, loadNumbers, type Numbers, oneOf, repeated, shifted, turned } from "./numbers.ts";
import type { Change, RowCode } from "./rowCode.ts";
import { placesOf } from "./rows.ts";
import { blockSize, groupBlocks, type Terms, termsOf } from "./terms.ts";

/** How terms are combined. */
export type Combine = "add" | "max" | "min";

const extremes = { f32: Infinity, f64: Infinity, i32: 2 ** 31 } as const;

/** The number that changes no other: -0 for sums, because it leaves -0 as it is. */
function neutral({ format }: Numbers, combine: Combine): number {
  if (combine === "add") return format === "i32" ? 0 : -0;
  if (combine === "max") return -extremes[format];
  return format === "i32" ? 2 ** 31 - 1 : Infinity;
}

/** Where terms are computed in what the numbers of a row are kept in. */
const same = (value: Local): Expression => value;

/** Combines halves of the lanes until one is left. */
function combineLanes(n: Numbers, combine: Combine, lanes: readonly Expression[]): Expression {
  const left = [...lanes];
  for (let half = blockSize / 2; half >= 1; half /= 2) {
    for (let l = 0; l < half && l + half < lanes.length; l++) {
      left[l] = compute(n, combine, left[l] as Expression, left[l + half] as Expression);
    }
  }
  return left[0] as Expression;
}

/** Fewer terms than lanes. */
function reduceShort(
  { f, rows, numbers, bytes }: RowCode,
  base: Expression,
  combine: Combine,
  term: Change,
): Expression {
  const start = f.let(base);
  const lanes = placesOf(rows.reduced).map((place) => {
    const x = f.let(loadNumbers(numbers, start, place * bytes));
    return f.let(term(numbers, x, same));
  });
  return combineLanes(numbers, combine, lanes);
}

/** The 16 lanes of a group: each in numbers of its own, or several neighbours in one vector. */
class Lanes {
  private readonly row: RowCode;
  private readonly combine: Combine;
  private readonly term: Change;
  private readonly totals: readonly Local[];
  private readonly x: Local;

  constructor(row: RowCode, combine: Combine, term: Change) {
    const { f, numbers, isAlong } = row;
    const count = isAlong ? blockSize / numbers.width : blockSize;
    this.row = row;
    this.combine = combine;
    this.term = term;
    this.totals = Array.from({ length: count }, () => f.local(numbers.type));
    this.x = f.local(numbers.type);
  }

  begin(): void {
    const { f, numbers } = this.row;
    for (const total of this.totals) f.set(total, repeated(numbers, neutral(numbers, this.combine)));
  }

  /** Takes a block of terms `step` bytes apart, or the first ones of it. */
  take(address: Local, step: number, terms = blockSize): void {
    const { f, numbers, isAlong } = this.row;
    const each = isAlong ? numbers.width : 1;
    const whole = Math.floor(terms / each);
    for (const [i, total] of this.totals.slice(0, whole).entries()) {
      f.set(this.x, loadNumbers(numbers, address, i * each * step));
      f.set(total, compute(numbers, this.combine, total, this.term(numbers, this.x, same)));
    }
    if (terms % each > 0) this.takePart(this.totals[whole] as Local, address, terms);
  }

  /** The last terms of a row, which do not fill a vector: they are read behind those before them. */
  private takePart(total: Local, address: Local, terms: number): void {
    const { f, numbers } = this.row;
    const back = op("i32.sub", address, numbers.bytes - terms * (numbers.bytes / numbers.width));
    f.set(this.x, loadNumbers(numbers, back));
    const nothing = repeated(numbers, neutral(numbers, this.combine));
    const part = shifted(numbers, this.term(numbers, this.x, same), nothing, numbers.width - (terms % numbers.width));
    f.set(total, compute(numbers, this.combine, total, part));
  }

  /** All lanes together; where a vector holds lanes, in each of them. */
  end(): Expression {
    const { f, numbers, isAlong } = this.row;
    const found = f.let(combineLanes(numbers, this.combine, this.totals));
    for (let half = isAlong ? numbers.width / 2 : 0; half >= 1; half /= 2) {
      f.set(found, compute(numbers, this.combine, found, turned(numbers, found, half)));
    }
    return found;
  }
}

function reduceLong(row: RowCode, terms: Terms, combine: Combine, term: Change): Expression {
  const { f, numbers, rows } = row;
  const total = f.let(repeated(numbers, neutral(numbers, combine)));
  const lanes = new Lanes(row, combine, term);
  const takeGroup = (blocks: number, rest: number): void => {
    lanes.begin();
    terms.group(
      blocks,
      rest,
      (address) => lanes.take(address, terms.step),
      (address) => lanes.take(address, terms.step, rest),
    );
    f.set(total, compute(numbers, combine, total, lanes.end()));
  };
  const [blocks, rest] = [Math.floor(rows.length / blockSize), rows.length % blockSize];
  const groups = Math.floor(blocks / groupBlocks);
  if (groups > 0) f.range(0, groups, 1, () => takeGroup(groupBlocks, 0));
  if ((blocks % groupBlocks) + rest > 0) takeGroup(blocks % groupBlocks, rest);
  return total;
}

const itself: Change = (_n, x) => x;

/**
 * Combines the terms of a row that begins at `base`, in the stated order. The sum of nothing is 0.
 *
 * @returns the result; where a vector holds neighbours of one row, in each lane
 */
export function reduce(row: RowCode, base: Expression, combine: Combine, term: Change = itself): Local {
  const { f, rows, numbers, isAlong, bytes, scratch } = row;
  if (rows.length === 0) return f.let(repeated(numbers, 0));
  if (rows.length < blockSize && !isAlong) return f.let(reduceShort(row, base, combine, term));
  const packing = isAlong ? oneOf(numbers.format) : numbers;
  const terms = termsOf({ f, base, axes: rows.reduced, numbers: packing, bytes, scratch });
  return f.let(reduceLong(row, terms, combine, term));
}
