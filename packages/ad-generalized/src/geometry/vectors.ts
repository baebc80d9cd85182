// Vectors of doubles: products, sums, sizes, powers of two, spans.

/** The sum of products. */
export function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}

/** The length of a vector whose squares neither overflow nor vanish. */
export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** The largest absolute entry; 0 for none. */
export function largestOf(a: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] as number));
  return largest;
}

/** Adds `factor b` to `a` in place. */
export function addTo(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) + factor * (b[i] as number);
}

/** The sum of `weights_j vectors_j`, a vector of `length` numbers. */
export function combination(
  vectors: readonly Float64Array[],
  weights: ArrayLike<number>,
  length: number,
): Float64Array {
  const total = new Float64Array(length);
  vectors.forEach((vector, j) => {
    if (weights[j] !== 0) addTo(total, weights[j] as number, vector);
  });
  return total;
}

/**
 * The exponent of the power of two that brings a positive double into [1/2, 1), or as near to it as 2^1000 can; 0 for 0.
 */
export function scaleOf(size: number): number {
  if (size === 0 || !Number.isFinite(size)) return 0;
  let [exponent, rest] = [0, size];
  while (rest >= 1 && exponent > -1000) [exponent, rest] = [exponent - 1, rest / 2];
  while (rest < 0.5 && exponent < 1000) [exponent, rest] = [exponent + 1, rest * 2];
  return exponent;
}

/** Times the power of two with an exponent within 1000 of 0. */
export function scaledBy(vector: Float64Array, exponent: number): Float64Array<ArrayBuffer> {
  const factor = 2 ** exponent;
  return vector.map((v) => v * factor) as Float64Array<ArrayBuffer>;
}

/** Times a power of two, in two steps, which neither overflow nor vanish before the result does. */
export function timesPower(x: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return x * 2 ** half * 2 ** (exponent - half);
}

/** An orthonormal basis, as it grows. */
export type Basis = Float64Array[];

/** What a vector has along a basis, and what is left of it. */
interface Parts {
  readonly coordinates: number[];
  readonly rest: Float64Array;
  readonly length: number;
}

/** Takes a vector apart. Further passes make up for what the first one lost, until little more is taken away. */
export function orthogonalized(basis: Basis, vector: Float64Array): Parts {
  const rest = vector.slice();
  const coordinates: number[] = basis.map(() => 0);
  let [before, length] = [Infinity, norm(rest)];
  for (let pass = 0; pass < 4 && length <= before / 2 && length > 0; pass++) {
    before = length;
    basis.forEach((q, j) => {
      const part = dot(q, rest);
      coordinates[j] = (coordinates[j] as number) + part;
      addTo(rest, -part, q);
    });
    length = norm(rest);
  }
  return { coordinates, rest, length };
}

/**
 * The coordinates of a vector in a basis, to which what is left of it is added as one more element unless that is at most
 * `smallest` beside the vector.
 */
export function coordinatesIn(basis: Basis, vector: Float64Array, smallest: number): number[] {
  const { coordinates, rest, length } = orthogonalized(basis, vector);
  if (!(length > smallest * norm(vector))) return coordinates;
  basis.push(rest.map((v) => v / length));
  return [...coordinates, length];
}

/** Vectors in coordinates of their span, and its orthonormal basis. */
export interface Span {
  readonly basis: Basis;
  readonly coordinates: readonly Float64Array[];
}

/** The span of vectors, up to the last digits. */
export function spanOf(vectors: readonly Float64Array[]): Span {
  const basis: Basis = [];
  const lists = vectors.map((vector) => coordinatesIn(basis, vector, 2 ** -52));
  return { basis, coordinates: lists.map((list) => Float64Array.from(basis, (_, j) => list[j] ?? 0)) };
}
