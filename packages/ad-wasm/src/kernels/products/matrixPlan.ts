// How a product of matrices is cut: into panels of columns, passes over the terms, tiles of rows, and units of work.
import { sizeOf, type Task } from "../kernel.ts";
import { type Lanes, lanesOf } from "./lanes.ts";

/** Which operands are stored with their last two axes exchanged. */
export interface Transposed {
  /** `a` is `[batch, inner, rows]`. */
  readonly transposeA?: boolean;
  /** `b` is `[batch, columns, inner]`. */
  readonly transposeB?: boolean;
}

/** Everything that the code of a product depends on. Steps are in bytes. */
export interface MatrixPlan {
  readonly lanes: Lanes;
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly a: { readonly row: number; readonly term: number; readonly matrix: number };
  readonly b: { readonly column: number; readonly term: number; readonly matrix: number };
  readonly out: { readonly row: number; readonly matrix: number };
  /** Whether `b` is the first factor and `a` the second one, both transposed. */
  readonly isExchanged: boolean;
  /** Columns of a panel. */
  readonly width: number;
  /** Whether panels are copied before they are used. */
  readonly isPacked: boolean;
  /** Whether rows of `a` are copied too, two by two: where terms lie so far apart that they would displace each other. */
  readonly hasPairs: boolean;
  /** Whether rows of `a` are copied as they are: what a pass reads of them would share few places of a cache. */
  readonly hasRows: boolean;
  /** Terms of a pass: its panel stays in the nearest cache. */
  readonly termsAtOnce: number;
}

/** So many rows make it worth while to copy a panel. */
const rowsToPack = 8;

/** Terms that lie so far apart fall upon each other in the nearest cache. */
const farApart = 2048;

/** So many panels make it worth while to copy rows. */
const panelsToCopy = 8;

/** Terms of a panel that fits the nearest cache. */
const termsInCache = 256;

/** Rows of a matrix that are read side by side, each from memory that follows upon itself. */
const termsInStep = (rows: number): number => (rows === 1 ? 8 : 32);

/** The plan for shapes; a matrix with one column is computed as the transpose of a row times a matrix. */
export function planMatrices({ module, inputs, output }: Omit<Task, "params">, flags: Transposed): MatrixPlan {
  const [batch, rows, columns] = output.shape as [number, number, number];
  const inner = batch * rows === 0 ? 0 : sizeOf(inputs[0] as Task["output"]) / (batch * rows);
  const lanes = lanesOf(output.dtype, module.vectors);
  const { transposeA = false, transposeB = false } = flags;
  const sizes = { lanes, batch, inner };
  const isExchanged = columns === 1 && rows > 1;
  if (isExchanged) return planOf({ ...sizes, isExchanged, rows: 1, columns: rows }, true, !transposeA);
  return planOf({ ...sizes, isExchanged, rows, columns }, transposeA, transposeB);
}

function planOf(
  sizes: Pick<MatrixPlan, "lanes" | "batch" | "rows" | "inner" | "columns" | "isExchanged">,
  transposeA: boolean,
  transposeB: boolean,
): MatrixPlan {
  const { lanes, rows, inner, columns } = sizes;
  const { bytes, count } = lanes;
  const width = count * (rows === 1 ? 8 : 4);
  const isPacked = transposeB || rows >= rowsToPack;
  const isPlain = isPacked && columns > panelsToCopy * width && isCutByRows(sizes);
  const most = isPacked ? termsInCache : bytes * columns >= farApart ? termsInStep(rows) : inner;
  return {
    ...sizes,
    a: { row: bytes * (transposeA ? 1 : inner), term: bytes * (transposeA ? rows : 1), matrix: bytes * rows * inner },
    b: {
      column: bytes * (transposeB ? inner : 1),
      term: bytes * (transposeB ? 1 : columns),
      matrix: bytes * inner * columns,
    },
    out: { row: bytes * columns, matrix: bytes * rows * columns },
    width,
    isPacked,
    hasPairs: isPacked && transposeA && columns > width && bytes * rows >= farApart && isCutByRows(sizes),
    hasRows: lanes.isWide && isPlain && !transposeA && bytes * inner >= farApart && inner > most,
    termsAtOnce: Math.ceil(inner / Math.max(1, Math.ceil(inner / most))),
  };
}

/** Rows that are multiplied by a panel one after the other, at most: their part of a pass fits a cache. */
export const rowsAtOnce = 256;

/**
 * Rows of a tile with so many vectors: its sums and the factors of one term fit 15 registers. These hold two vectors each
 * where pairs are joined; a product that is not added at once needs one more.
 */
export function tileRows(vectors: number, { isWide, isFused }: Lanes): number {
  if (vectors >= 8) return 1;
  if (vectors <= 2) return 4;
  if (!isWide) return 2;
  return isFused ? 6 : 4;
}

/** Units of work: so many rows of one matrix, so many panels of one matrix, or so many matrices. */
export interface MatrixUnits {
  readonly by: "rows" | "panels" | "matrices";
  readonly size: number;
  readonly units: number;
}

/** Rows that are worth a thread of their own, whole tiles of them, and operations that are. */
const unitRows = ({ isWide, isFused }: Lanes): number => (isWide && isFused ? 36 : 32);
const unitOperations = 16384;

/** Number of panels, the last of which may be narrower. */
export const panelsOf = ({ columns, width }: MatrixPlan): number => Math.ceil(columns / width);

/** Whether rows of one matrix may be units: units begin at multiples of 16 bytes in the result. */
const isCutByRows = ({
  batch,
  rows,
  columns,
  lanes,
}: Pick<MatrixPlan, "batch" | "rows" | "columns" | "lanes">): boolean =>
  rows > unitRows(lanes) && (batch === 1 || (rows * columns * lanes.bytes) % 16 === 0);

/** The units of a plan. */
export function unitsOf(plan: MatrixPlan): MatrixUnits {
  const { batch, rows, inner, width, out, lanes } = plan;
  if (batch > 1 && !isCutByRows(plan)) {
    const least = [1, 2, 4].find((n) => (n * out.matrix) % 16 === 0) as number;
    const wanted = Math.ceil(unitOperations / (2 * rows * inner * plan.columns + 1));
    const size = least * Math.ceil(wanted / least);
    return { by: "matrices", size, units: Math.ceil(batch / size) };
  }
  if (rows <= unitRows(lanes) && (rows === 1 || out.row % 16 === 0)) {
    const size = Math.ceil(unitOperations / (2 * rows * inner * width + 1));
    return { by: "panels", size, units: Math.ceil(panelsOf(plan) / size) };
  }
  const size = unitRows(lanes);
  return { by: "rows", size, units: batch * Math.ceil(rows / size) };
}
