import type { AdError } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { solve } from "../derivatives/solve.ts";
import { combination, dot, norm } from "./vectors.ts";
import { type Nearest, nearestToOrigin } from "./wolfe.ts";

const vectors = (points: readonly (readonly number[])[]): Float64Array[] => points.map((p) => Float64Array.from(p));
const nearest = (points: readonly (readonly number[])[]): Nearest => nearestToOrigin(vectors(points));

const cloud = (entry: fc.Arbitrary<number>, most: number): fc.Arbitrary<number[][]> =>
  fc
    .integer({ min: 1, max: 4 })
    .chain((n) => fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: 1, maxLength: most }));

const small = fc.integer({ min: -4, max: 4 });
const any = fc.oneof(
  small,
  fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((v) => (Math.abs(v) < 1e-100 ? 0 : v)),
  fc.constantFrom(1e-8, 1e-3, 7.7),
);

const sizeOf = (points: readonly Float64Array[]): number => Math.max(...points.map(norm));

/** The least norm over the affine hulls of all subsets with convex weights. */
function byFaces(points: readonly Float64Array[]): number {
  let best = Infinity;
  for (let mask = 1; mask < 2 ** points.length; mask++) {
    const face = points.filter((_, j) => (mask >> j) & 1);
    const ones = face.map(() => 1);
    const rows = face.map((p) => Float64Array.from([...face.map((q) => dot(p, q) + 1), 1]));
    const weights = solve(rows)?.map((row) => row[0] as number);
    if (!weights) continue;
    const total = dot(Float64Array.from(weights), Float64Array.from(ones));
    if (!weights.every((w) => w / total >= -1e-12)) continue;
    best = Math.min(
      best,
      norm(
        combination(
          face,
          weights.map((w) => w / total),
          face[0]?.length ?? 0,
        ),
      ),
    );
  }
  return best;
}

describe("laws", () => {
  test("weights are convex and make the point, which no point of the hull undercuts", () => {
    fc.assert(
      fc.property(cloud(any, 9), (list) => {
        const points = vectors(list);
        const { point, weights, norm: length } = nearestToOrigin(points);
        expect(weights.every((w) => w >= 0)).toBe(true);
        expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 13);
        const size = sizeOf(points);
        const made = combination(points, weights, point.length);
        made.forEach((v, i) => {
          expect(Math.abs(v - (point[i] as number))).toBeLessThanOrEqual(1e-14 * size);
        });
        expect(Math.abs(norm(point) - length)).toBeLessThanOrEqual(1e-15 * size);
        for (const p of points)
          expect(dot(point, p)).toBeGreaterThanOrEqual(length ** 2 - 1e-10 * size * length - 1e-28 * size ** 2);
      }),
      { numRuns: 1000 },
    );
  });

  test("faces give the same norm", () => {
    fc.assert(
      fc.property(cloud(small, 7), (list) => {
        expect(nearest(list).norm).toBeCloseTo(byFaces(vectors(list)), 10);
      }),
      { numRuns: 300 },
    );
  });

  test("points given twice, or scaled, or in another order change nothing", () => {
    fc.assert(
      fc.property(cloud(small, 7), fc.integer({ min: -900, max: 900 }), (list, power) => {
        const { norm: length } = nearest(list);
        const factor = 2 ** Math.trunc(power / 2);
        expect(nearest([...list, ...list]).norm).toBeCloseTo(length, 12);
        expect(nearest(list.toReversed()).norm).toBeCloseTo(length, 12);
        expect(nearest(list.map((p) => p.map((v) => v * factor))).norm / factor).toBeCloseTo(length, 12);
      }),
    );
  });
});

describe("values", () => {
  test.each<[string, number[][], number[]]>([
    ["one point", [[3, 4]], [3, 4]],
    [
      "a segment",
      [
        [2, 0],
        [0, 2],
      ],
      [1, 1],
    ],
    [
      "a segment whose end is nearest",
      [
        [1, 0],
        [2, 5],
      ],
      [1, 0],
    ],
    [
      "points on a line through the origin",
      [
        [1, 1],
        [3, 3],
        [2, 2],
      ],
      [1, 1],
    ],
    [
      "the origin itself",
      [
        [0, 0],
        [1, 1],
      ],
      [0, 0],
    ],
    [
      "the same point, three times",
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      [1, 2],
    ],
    [
      "a triangle around the origin",
      [
        [4, 2],
        [-2, -2],
        [-2, 2],
      ],
      [0, 0],
    ],
    ["points without coordinates", [[], []], []],
  ])("%s", (_name, points, expected) => {
    const { point } = nearest(points);
    expect(point).toHaveLength(expected.length);
    point.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i] as number, 14);
    });
  });

  test("the weights are the multipliers", () => {
    const { weights } = nearest([
      [4, 2],
      [-2, -2],
      [-2, 2],
    ]);
    [1 / 3, 1 / 2, 1 / 6].forEach((v, i) => {
      expect(weights[i]).toBeCloseTo(v, 14);
    });
  });

  test("the hull far from the origin and thin is found to the last digits", () => {
    const { point } = nearest([
      [1, 1e8],
      [1, -1e8 + 1],
      [1 + 2 ** -40, 3],
    ]);
    expect(point[0]).toBeCloseTo(1, 11);
    expect(Math.abs(point[1] as number)).toBeLessThan(1e-7);
  });

  test("many points, long ones", () => {
    const points = [...Array(40).keys()].map((i) =>
      Float64Array.from({ length: 3000 }, (_, j) => Math.sin(i * 3001 + j * j) + 0.2),
    );
    const { point, norm: length } = nearestToOrigin(points);
    for (const p of points) expect(dot(point, p)).toBeGreaterThan(length ** 2 * (1 - 1e-12));
  });

  test.each([[[]], [[[1, NaN]]]])("no points, or odd ones, are refused: %j", (points: number[][]) => {
    try {
      nearest(points);
      expect.unreachable();
    } catch (error) {
      expect((error as AdError).code).toBe("domain");
    }
  });
});
