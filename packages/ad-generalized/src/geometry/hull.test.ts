import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { inHull, type Membership } from "./hull.ts";
import { openCone } from "./openCone.ts";
import { loadSolver } from "./solver.ts";
import { dot, norm } from "./vectors.ts";

const solver = await loadSolver();
const vectors = (points: readonly (readonly number[])[]): Float64Array[] => points.map((p) => Float64Array.from(p));
const hull = (points: readonly (readonly number[])[], v: readonly number[], tolerance = 1e-12): Membership =>
  inHull(vectors(points), Float64Array.from(v), { tolerance });

const entry = fc.integer({ min: -3, max: 3 });
const instance = fc.integer({ min: 1, max: 4 }).chain((n) => {
  const point = fc.array(entry, { minLength: n, maxLength: n });
  return fc.tuple(fc.array(point, { minLength: 1, maxLength: 8 }), point);
});

describe("laws", () => {
  test("with whole numbers the answer is exact, and the open cone of the differences agrees", () => {
    const seen = { inside: 0, outside: 0 };
    fc.assert(
      fc.property(instance, ([points, v]) => {
        const found = hull(points, v);
        if (found.kind === "unclear") throw new Error("unclear");
        expect(found.isExact).toBe(true);
        const cone = openCone(solver, vectors(points.map((p) => p.map((x, i) => (v[i] as number) - x))));
        expect(cone.kind).toBe(found.kind === "inside" ? "refuted" : "direction");
        seen[found.kind]++;
      }),
      { numRuns: 500 },
    );
    expect(Math.min(seen.inside, seen.outside)).toBeGreaterThan(50);
  });

  test("weights make the point, directions keep it away by the gap", () => {
    const any = fc.double({ min: -1, max: 1, noNaN: true });
    const cloud = fc.array(fc.array(any, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(cloud, fc.array(any, { minLength: 3, maxLength: 3 }), (points, v) => {
        const found = hull(
          points,
          v.map((x) => x / 2),
        );
        if (found.kind === "inside") {
          v.forEach((x, i) => {
            expect(
              dot(
                found.weights,
                Float64Array.from(points, (p) => p[i] as number),
              ),
            ).toBeCloseTo(x / 2, 11);
          });
        } else if (found.kind === "outside") {
          expect(norm(found.direction)).toBeCloseTo(1, 14);
          const along = points.map((p) => dot(found.direction, Float64Array.from(p)));
          expect(dot(found.direction, Float64Array.from(v)) / 2 - Math.max(...along)).toBeCloseTo(found.gap, 12);
        }
      }),
    );
  });
});

describe("values", () => {
  const triangle = [
    [0, 0],
    [3, 0],
    [0, 3],
  ];

  test("inside, with thirds", () => {
    expect(hull(triangle, [1, 1])).toEqual({
      kind: "inside",
      weights: Float64Array.of(1 / 3, 1 / 3, 1 / 3),
      isExact: true,
      residual: 0,
    });
  });

  test("an edge, a corner and what lies beside them", () => {
    expect(hull(triangle, [1.5, 1.5])).toMatchObject({ kind: "inside", isExact: true });
    expect(hull(triangle, [0, 3])).toMatchObject({ kind: "inside", isExact: true });
    expect(hull(triangle, [1.5, 1.5 + 2 ** -30])).toMatchObject({ kind: "outside", isExact: true });
    const found = hull(triangle, [2, 2]);
    expect(found).toMatchObject({ kind: "outside", isExact: true });
    if (found.kind === "outside") expect(found.gap).toBeCloseTo(Math.SQRT1_2, 14);
  });

  test("what rounding moved off a segment counts as inside, and with tolerance 0 it does not", () => {
    const segment = [
      [0.1, 1],
      [0.7, 2],
    ];
    const middle = [(0.1 + 0.7) / 3, 4 / 3];
    middle[0] = (0.1 * 2 + 0.7) / 3;
    const found = hull(segment, middle);
    expect(found).toMatchObject({ kind: "inside", isExact: false });
    expect(hull(segment, middle, 0).kind).not.toBe("inside");
  });

  test("the multipliers of an optimum", () => {
    const found = hull(
      [
        [4, 2],
        [-2, -2],
        [-2, 2],
      ],
      [0, 0],
    );
    expect(found).toMatchObject({ kind: "inside", weights: Float64Array.of(1 / 3, 1 / 2, 1 / 6), isExact: true });
  });
});
