/** The point of a polytope that is nearest to the origin. */

export type Vector = readonly number[];

const inner = (a: Vector, b: Vector): number => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);

/** Weights below it are 0 up to rounding. */
const tiny = 2 ** -40;

/** More rounds than any of our polytopes takes. */
const patience = 10_000;

/** Some of the points, and the weights of a mixture of them. */
interface Corral {
  readonly points: readonly Vector[];
  readonly weights: Vector;
}

const mixtureOf = ({ points, weights }: Corral): Vector =>
  (points[0] as Vector).map((_, k) => points.reduce((sum, p, i) => sum + (weights[i] as number) * (p[k] as number), 0));

/** Solves a system with a positive definite matrix; each row ends with its right-hand side. */
function solve(rows: number[][]): number[] {
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    const pivot = rows[column] as number[];
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = (row[column] as number) / (pivot[column] as number);
      for (let k = column; k <= n; k++) row[k] = (row[k] as number) - factor * (pivot[k] as number);
    }
  }
  return rows.map((row, i) => (row[n] as number) / (row[i] as number));
}

/** Weights, of any sign, of the point nearest to the origin in the affine hull: points are affinely independent. */
function affineWeights(points: readonly Vector[]): number[] {
  const solved = solve(points.map((p) => [...points.map((q) => 1 + inner(p, q)), 1]));
  const total = solved.reduce((a, b) => a + b, 0);
  return solved.map((v) => v / total);
}

/** Moves to the nearest point of the affine hull, or as far as no weight is negative and without what is left behind. */
function settled(corral: Corral): Corral {
  const { points, weights } = corral;
  const aim = affineWeights(points);
  if (aim.every((v) => v > tiny)) return { points, weights: aim };
  const ways = weights.map((w, i) => ((aim[i] as number) > tiny ? Infinity : w / (w - (aim[i] as number))));
  const way = Math.min(...ways);
  const leaving = ways.indexOf(way);
  const moved = weights.map((w, i) => w + way * ((aim[i] as number) - w));
  const stays = moved.map((w, i) => i !== leaving && w > tiny);
  return settled({ points: points.filter((_, i) => stays[i]), weights: moved.filter((_, i) => stays[i]) });
}

/**
 * The nearest point of the convex hull, by corrals of affinely independent points.
 *
 * @see [Wolfe76] the method
 */
export function nearestPoint(points: readonly Vector[]): Vector {
  const scale = Math.max(...points.flat().map(Math.abs));
  const start = points.reduce((a, b) => (inner(b, b) < inner(a, a) ? b : a));
  let corral: Corral = { points: [start], weights: [1] };
  for (let round = 0; round < patience; round++) {
    const nearest = mixtureOf(corral);
    const best = points.reduce((a, b) => (inner(b, nearest) < inner(a, nearest) ? b : a));
    const gain = inner(nearest, nearest) - inner(best, nearest);
    if (gain <= tiny * scale ** 2 || corral.points.includes(best)) return nearest;
    corral = settled({ points: [...corral.points, best], weights: [...corral.weights, 0] });
  }
  return mixtureOf(corral);
}
