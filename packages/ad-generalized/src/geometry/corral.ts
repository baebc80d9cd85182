// Affinely independent points with an orthonormal basis of their differences from the first one.
import { type Basis, coordinatesIn, dot, norm, orthogonalized } from "./vectors.ts";

/** Points, their places in a longer list, and the coordinates of their differences in the basis: a triangular matrix. */
export interface Corral {
  readonly places: readonly number[];
  readonly points: readonly Float64Array[];
  readonly basis: Basis;
  readonly coordinates: readonly (readonly number[])[];
}

/** One point alone. */
export const corralOf = (place: number, point: Float64Array): Corral => ({
  places: [place],
  points: [point],
  basis: [],
  coordinates: [],
});

/** One more point, or null when it is within `smallest` of the affine hull of the others, beside its distance. */
export function extended(corral: Corral, place: number, point: Float64Array, smallest: number): Corral | null {
  const first = corral.points[0] as Float64Array;
  const basis = [...corral.basis];
  const column = coordinatesIn(
    basis,
    point.map((v, i) => v - (first[i] as number)),
    smallest,
  );
  if (basis.length === corral.basis.length) return null;
  return {
    places: [...corral.places, place],
    points: [...corral.points, point],
    basis,
    coordinates: [...corral.coordinates, column],
  };
}

/** Some of the points of a corral, which are as independent as all of them. */
export function subcorral({ places, points }: Corral, kept: readonly number[]): Corral {
  const [first = 0, ...others] = kept;
  return others.reduce<Corral>(
    (corral, i) => extended(corral, places[i] as number, points[i] as Float64Array, 0) as Corral,
    corralOf(places[first] as number, points[first] as Float64Array),
  );
}

/** Affine weights of the point of the affine hull that is nearest to the origin: `first + D v` with the least norm. */
export function nearestWeights({ points, basis, coordinates }: Corral): number[] {
  const rest = basis.map((q) => -dot(q, points[0] as Float64Array));
  const weights: number[] = basis.map(() => 0);
  for (let j = basis.length - 1; j >= 0; j--) {
    const column = coordinates[j] as readonly number[];
    weights[j] = (rest[j] as number) / (column[j] as number);
    for (let i = 0; i < j; i++) rest[i] = (rest[i] as number) - (weights[j] as number) * (column[i] as number);
  }
  return [1 - weights.reduce((a, b) => a + b, 0), ...weights];
}

/**
 * The point of the affine hull that is nearest to the origin: what is left of the first point beside the differences. Its
 * direction is right to the last digits, also where the point is small beside those of the corral; below their last digit
 * it is 0.
 */
export function nearestPoint({ points, basis }: Corral): Float64Array {
  const first = points[0] as Float64Array;
  const { rest, length } = orthogonalized(basis, first);
  const isLost = basis.length === first.length || length <= 2 ** -53 * Math.max(...points.map(norm));
  return isLost ? new Float64Array(first.length) : rest;
}
