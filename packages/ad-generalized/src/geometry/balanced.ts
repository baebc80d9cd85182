// Rows and columns scaled by powers of two, so that their largest entries are near 1, and columns of zeros left out.
import { largestOf, scaledBy, scaleOf, timesPower } from "./vectors.ts";

/** Scaled rows, and the ways back. */
export interface Balanced {
  readonly rows: readonly Float64Array[];
  /** The direction for the rows as they were, of a direction for the scaled ones; its largest entry is near 1. */
  unscaled(direction: Float64Array): Float64Array;
  /** Multipliers for the rows as they were, with sum 1. */
  multipliers(scaled: Float64Array): Float64Array;
}

function columnSizes(rows: readonly Float64Array[]): Float64Array {
  const sizes = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows)
    for (let j = 0; j < row.length; j++) sizes[j] = Math.max(sizes[j] as number, Math.abs(row[j] as number));
  return sizes;
}

function gathered(row: Float64Array, places: Int32Array): Float64Array {
  const values = new Float64Array(places.length);
  for (let k = 0; k < places.length; k++) values[k] = row[places[k] as number] as number;
  return values;
}

/** Scales each row, then each column, then each row again. No row may be all zeros. */
export function balanced(rows: readonly Float64Array[]): Balanced {
  const sizes = columnSizes(rows);
  const places = Int32Array.from(sizes.keys()).filter((j) => sizes[j] !== 0);
  const short = rows.map((row) => gathered(row, places));
  const first = short.map((row) => scaleOf(largestOf(row)));
  const leveled = short.map((row, i) => scaledBy(row, first[i] as number));
  const columns = columnSizes(leveled).map(scaleOf);
  const factors = columns.map((exponent) => 2 ** exponent);
  const wide = leveled.map((row) => row.map((v, j) => v * (factors[j] as number)));
  const second = wide.map((row) => scaleOf(largestOf(row)));
  return {
    rows: wide.map((row, i) => scaledBy(row, second[i] as number)),
    unscaled: (direction) => scattered(places, leveledToOne(direction, columns), sizes.length),
    multipliers: (scaled) =>
      withSumOne(
        scaled,
        Int32Array.from(first, (v, i) => v + (second[i] as number)),
      ),
  };
}

/** Times powers of two, one of them common to all, so that the largest entry is near 1. */
function leveledToOne(direction: Float64Array, exponents: ArrayLike<number>): Float64Array {
  const tops = Array.from(direction, (v, j) => (v === 0 ? Infinity : scaleOf(Math.abs(v)) - (exponents[j] as number)));
  const common = tops.reduce((sofar, top) => Math.min(sofar, top), Infinity);
  return direction.map((v, j) => (v === 0 ? 0 : timesPower(v, (exponents[j] as number) + common)));
}

function scattered(places: Int32Array, values: Float64Array, length: number): Float64Array {
  const all = new Float64Array(length);
  places.forEach((j, k) => {
    all[j] = values[k] as number;
  });
  return all;
}

function withSumOne(scaled: Float64Array, exponents: Int32Array): Float64Array {
  const level = leveledToOne(scaled, exponents);
  const total = level.reduce((a, b) => a + b, 0);
  return level.map((v) => v / total);
}
