// Exact statements about doubles: signs of dot products, dependencies, convex weights.
import { isExactProduct, isExactSum } from "../exactness/errorFree.ts";
import { integerDot, integersOf, primitiveVector, quotientOf } from "./dyadic.ts";

type Sign = -1 | 0 | 1;

const signOf = (v: number | bigint): Sign => (v > 0 ? 1 : v < 0 ? -1 : 0);

/** The sign, when the sum in doubles is larger than its error can be. */
function signByBound(a: Float64Array, b: Float64Array): Sign | null {
  let [sum, size] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const product = (a[i] as number) * (b[i] as number);
    sum += product;
    size += Math.abs(product);
  }
  const error = (a.length + 2) * (2 ** -52 * size + 2 ** -1074);
  return Math.abs(sum) > error && size < Infinity ? signOf(sum) : null;
}

/** The sign, when no operation on doubles rounds. */
function signWithoutRounding(a: Float64Array, b: Float64Array): Sign | null {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const product = (a[i] as number) * (b[i] as number);
    const next = sum + product;
    if (!isExactProduct(a[i] as number, b[i] as number, product) || !isExactSum(sum, product, next)) return null;
    sum = next;
  }
  return signOf(sum);
}

/**
 * The exact sign of the sum of `a_i b_i`, for finite doubles: by doubles where their error bound decides or nothing
 * is rounded, by whole numbers elsewhere.
 */
export const signOfDot = (a: Float64Array, b: Float64Array): Sign =>
  signByBound(a, b) ?? signWithoutRounding(a, b) ?? signOf(integerDot(integersOf(a), integersOf(b)));

/** A whole vector, and the same in doubles where they hold it. */
interface Whole {
  readonly entries: readonly bigint[];
  readonly doubles: Float64Array | null;
}

const largest = 2n ** 53n;

function wholeOf(entries: readonly bigint[]): Whole {
  const isShort = entries.every((v) => v <= largest && v >= -largest);
  return { entries, doubles: isShort ? Float64Array.from(entries, Number) : null };
}

const vanishesOn = ({ entries, doubles }: Whole, row: Float64Array): boolean =>
  doubles ? signOfDot(row, doubles) === 0 : integerDot(integersOf(row), entries) === 0n;

const unitVectors = (count: number): Whole[] =>
  Array.from({ length: count }, (_, j) => wholeOf(Array.from({ length: count }, (_other, i) => (i === j ? 1n : 0n))));

/** The vectors of a space that are orthogonal to a row, which the vector at `pivot` is not. Divisions are exact. */
function orthogonalTo(row: readonly bigint[], space: readonly Whole[], pivot: number, divisor: bigint): Whole[] {
  const along = space[pivot] as Whole;
  const p = integerDot(row, along.entries);
  const others = space.filter((_, i) => i !== pivot);
  return others.map(({ entries }) => {
    const q = integerDot(row, entries);
    return wholeOf(entries.map((v, i) => (p * v - q * (along.entries[i] as bigint)) / divisor));
  });
}

/**
 * The shortest whole vector `w` with `sum_j w_j columns[j] = 0`, its first entry that is not 0 positive; null unless the
 * vectors with this property are exactly one line.
 *
 * The space of the vectors that vanish on the rows so far is narrowed row by row, without fractions. Most rows change
 * nothing and cost one exact dot product for each dimension that is left.
 *
 * @see [Bareiss68] why the divisions are exact
 */
export function nullVector(columns: readonly Float64Array[]): readonly bigint[] | null {
  let [space, divisor] = [unitVectors(columns.length), 1n];
  const row = new Float64Array(columns.length);
  for (let i = 0; i < (columns[0]?.length ?? 0); i++) {
    for (let j = 0; j < row.length; j++) row[j] = columns[j]?.[i] as number;
    const pivot = row.some((v) => v !== 0) ? space.findIndex((vector) => !vanishesOn(vector, row)) : -1;
    if (pivot < 0) continue;
    const whole = integersOf(row);
    const next = integerDot(whole, (space[pivot] as Whole).entries);
    space = orthogonalTo(whole, space, pivot, divisor);
    divisor = next;
    if (space.length === 0) return null;
  }
  return space.length === 1 ? primitiveVector((space[0] as Whole).entries) : null;
}

/** Convex weights that are fractions, and the doubles next to them. */
export interface ExactWeights {
  readonly weights: readonly number[];
  readonly numerators: readonly bigint[];
  readonly denominator: bigint;
}

const withOne = (point: Float64Array): Float64Array => Float64Array.from([1, ...point]);

/**
 * The convex weights with `sum_j w_j points[j] = target` exactly, numerators over one denominator; null when there are
 * none, and when the points depend on each other affinely, so that weights are not unique.
 */
export function exactWeights(points: readonly Float64Array[], target: Float64Array): ExactWeights | null {
  const vector = nullVector([target, ...points].map(withOne));
  const [denominator, ...others] = vector ?? [0n];
  const numerators = others.map((v) => -v);
  if (denominator === undefined || denominator <= 0n || numerators.some((v) => v < 0n)) return null;
  return { weights: numerators.map((v) => quotientOf(v, denominator)), numerators, denominator };
}
