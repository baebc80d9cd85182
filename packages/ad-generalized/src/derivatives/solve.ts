// Linear systems with one matrix and several right-hand sides.

type Row = Float64Array<ArrayBuffer>;

/** The place of the largest entry of a column, from a row on. */
function pivotOf(rows: readonly Float64Array[], column: number): number {
  let best = column;
  for (let i = column + 1; i < rows.length; i++)
    if (Math.abs(rows[i]?.[column] as number) > Math.abs(rows[best]?.[column] as number)) best = i;
  return best;
}

/** Subtracts multiples of the pivot's row from all others. */
function eliminate(rows: readonly Float64Array[], column: number): void {
  const pivot = rows[column] as Float64Array;
  rows.forEach((row, i) => {
    const factor = i === column ? 0 : (row[column] as number) / (pivot[column] as number);
    if (factor !== 0)
      for (let j = column; j < row.length; j++) row[j] = (row[j] as number) - factor * (pivot[j] as number);
  });
}

/**
 * Solves `A X = B` by elimination with row exchanges; each row of `rows` holds a row of `A` and then one of `B`.
 * Returns the rows of `X`, or null when `A` is singular up to rounding.
 */
export function solve(rows: readonly Float64Array[]): Float64Array[] | null {
  const work = rows.map((row) => Float64Array.from(row));
  const n = work.length;
  const largest = Math.max(...work.map((row) => Math.max(...row.subarray(0, n).map(Math.abs))));
  for (let column = 0; column < n; column++) {
    const best = pivotOf(work, column);
    const [upper, lower] = [work[column], work[best]] as [Row, Row];
    [work[column], work[best]] = [lower, upper];
    if (!(Math.abs(work[column]?.[column] as number) > n * 2 ** -52 * largest)) return null;
    eliminate(work, column);
  }
  return work.map((row, i) => row.slice(n).map((v) => v / (row[i] as number)));
}
