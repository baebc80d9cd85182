// The innermost function of products of matrices: a few rows times a few vectors of columns, in registers.
import { load } from "../../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { inTurn } from "./inTurn.ts";
import { addProduct, type Lanes, loadSome, nothing, rounded, splatAt, storeSome } from "./lanes.ts";

/** What a tile is made for. Steps are in bytes. */
export interface MatrixTile {
  readonly lanes: Lanes;
  readonly columns: number;
  /** Where the rows of `a` begin, and from one row to the next in the result. */
  readonly aRows: readonly number[];
  readonly outRow: number;
  /** From one term to the next. */
  readonly aTerm: number;
  readonly bTerm: number;
  /** Whether it begins its sums, or goes on with those in memory. */
  readonly begins: boolean;
  /** Whether its sums are complete, and are rounded to the format of the result. */
  readonly ends: boolean;
}

/** Accumulators and what else a tile keeps in registers. */
interface Registers {
  /** By rows, then vectors. */
  readonly sums: readonly (readonly Local[])[];
  readonly b: readonly Local[];
  readonly a: Local;
}

/** Addresses of the factors, and how many terms there are. */
interface Params {
  readonly a: Local;
  readonly b: Local;
  readonly terms: Local;
}

/**
 * The function `(out, a, b, terms)` that adds terms to the sums of a tile, in order; it is called for at least one. It is
 * a function of its own, so that the host keeps its sums in registers, and may join pairs of vectors.
 */
export function matrixTile(module: ModuleBuilder, tile: MatrixTile): FunctionRef {
  const name = `matrix tile ${JSON.stringify(tile)}`;
  return module.tile(name, 4, (f, ...given) => {
    const [out, a, b, terms] = given as [Local, Local, Local, Local];
    const vectors = Math.ceil(tile.columns / tile.lanes.count);
    const locals = (n: number): Local[] => Array.from({ length: n }, () => f.local("v128"));
    const sums = tile.aRows.map(() => locals(vectors));
    const registers = { sums, b: locals(vectors), a: f.local("v128") };
    if (tile.begins) beginSums(f, tile, registers);
    else loadSums(f, tile, registers, out);
    addTerms(f, tile, registers, { a, b, terms });
    storeSums(f, tile, registers, out);
  });
}

function addTerms(f: FunctionBuilder, tile: MatrixTile, registers: Registers, { a, b, terms }: Params): void {
  inTurn(f, terms, {
    step: (term) => addTerm(f, tile, registers, a, b, term),
    advance(steps) {
      f.update(a, "i32.add", steps * tile.aTerm);
      f.update(b, "i32.add", steps * tile.bTerm);
    },
  });
}

/** Adds one product to each sum. */
function addTerm(
  f: FunctionBuilder,
  { lanes, aRows, aTerm, bTerm }: MatrixTile,
  registers: Registers,
  a: Local,
  b: Local,
  term: number,
): void {
  registers.b.forEach((vector, v) => {
    f.set(vector, load("v128.load", b, term * bTerm + 16 * v));
  });
  registers.sums.forEach((row, r) => {
    f.set(registers.a, splatAt(lanes, a, (aRows[r] as number) + term * aTerm));
    row.forEach((sum, v) => {
      addProduct(f, lanes, sum, registers.a, registers.b[v] as Local);
    });
  });
}

/** How many columns of a vector count. */
const columnsIn = ({ columns, lanes }: MatrixTile, vector: number): number =>
  Math.min(lanes.count, columns - vector * lanes.count);

function beginSums(f: FunctionBuilder, { lanes }: MatrixTile, { sums }: Registers): void {
  for (const sum of sums.flat()) f.set(sum, nothing(lanes));
}

function loadSums(f: FunctionBuilder, tile: MatrixTile, { sums }: Registers, out: Local): void {
  sums.forEach((row, r) => {
    row.forEach((sum, v) => {
      f.set(sum, loadSome(tile.lanes, out, r * tile.outRow + 16 * v, columnsIn(tile, v)));
    });
  });
}

function storeSums(f: FunctionBuilder, tile: MatrixTile, { sums }: Registers, out: Local): void {
  sums.forEach((row, r) => {
    row.forEach((sum, v) => {
      if (tile.ends) f.set(sum, rounded(f, tile.lanes, sum));
      storeSome(f, tile.lanes, out, sum, r * tile.outRow + 16 * v, columnsIn(tile, v));
    });
  });
}
