import type { AdError } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { integerDot, integersOf } from "./dyadic.ts";
import { type Cone, type ConeOptions, openCone } from "./openCone.ts";
import { loadSolver } from "./solver.ts";

const solver = await loadSolver();
const cone = (rows: readonly (readonly number[])[], options?: ConeOptions): Cone =>
  openCone(
    solver,
    rows.map((row) => Float64Array.from(row)),
    options,
  );

const goesUp = (row: readonly number[], direction: Float64Array): boolean =>
  integerDot(integersOf(Float64Array.from(row)), integersOf(direction)) > 0n;

/** How far multipliers are from cancelling, beside what they cancel, with columns of one size. */
function remainder(rows: readonly (readonly number[])[], multipliers: Float64Array): number {
  const sizes = rows[0]?.map((_, j) => Math.max(...rows.map((row) => Math.abs(row[j] as number))) || 1) as number[];
  const terms = rows.map((row, i) => row.map((v, j) => (v / (sizes[j] as number)) * (multipliers[i] as number)));
  const size = terms.reduce((sum, row) => sum + Math.max(...row.map(Math.abs)), 0);
  return (
    Math.max(...sizes.map((_, j) => Math.abs(terms.reduce((sum, row) => sum + (row[j] as number), 0)))) / (size || 1)
  );
}

function check(rows: readonly (readonly number[])[], found: Cone): void {
  if (found.kind === "direction") expect(rows.every((row) => goesUp(row, found.direction))).toBe(true);
  if (found.kind !== "refuted") return;
  expect(found.multipliers.every((v) => v >= 0)).toBe(true);
  expect(found.multipliers.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  expect(remainder(rows, found.multipliers)).toBeLessThan(1e-8);
}

const matrix = (entry: fc.Arbitrary<number>, most: number): fc.Arbitrary<number[][]> =>
  fc
    .tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }))
    .chain(([m, n]) => fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: m, maxLength: m }));

describe("laws", () => {
  test("with whole numbers there is a direction or an exact refutation, every time", () => {
    const seen = { direction: 0, refuted: 0 };
    fc.assert(
      fc.property(matrix(fc.integer({ min: -3, max: 3 }), 8), (rows) => {
        const found = cone(rows);
        check(rows, found);
        if (found.kind === "unclear") throw new Error("unclear");
        expect(found).not.toMatchObject({ isExact: false });
        seen[found.kind]++;
      }),
      { numRuns: 300 },
    );
    expect(Math.min(seen.direction, seen.refuted)).toBeGreaterThan(50);
  });

  test("with any numbers what is said is true", () => {
    const entry = fc.oneof(
      fc.constantFrom(0, 1, -1, 0.1, 1e-9, -1e3),
      fc.double({ min: -1, max: 1, noNaN: true }).filter((v) => v === 0 || Math.abs(v) > 1e-6),
    );
    fc.assert(
      fc.property(matrix(entry, 6), (rows) => {
        check(rows, cone(rows));
      }),
      { numRuns: 300 },
    );
  });

  test("a row less is no harder, and the row that is refuted away from it stays refuted", () => {
    fc.assert(
      fc.property(matrix(fc.integer({ min: -2, max: 2 }), 5), fc.nat(2), (rows, k) => {
        const found = cone(rows);
        if (found.kind === "direction") expect(cone(rows.slice(1)).kind).toBe("direction");
        const scaled = rows.map((row, i) => row.map((v) => v * 2 ** ((i % 3) * 300 * (k - 1))));
        expect(cone(scaled).kind).toBe(found.kind);
      }),
    );
  });

  test("rows in general position in a space of their number have a direction", () => {
    const rows = [...Array(30).keys()].map((i) =>
      [...Array(30).keys()].map((j) => Math.sin((i + 1) * (j + 2) * 1.7 + i * i)),
    );
    expect(cone(rows).kind).toBe("direction");
  });
});

describe("values", () => {
  test.each<[string, number[][], string, number[] | null]>([
    [
      "opposite rows",
      [
        [1, 0],
        [-2, 0],
      ],
      "refuted",
      [2 / 3, 1 / 3],
    ],
    [
      "three around the origin",
      [
        [4, 2],
        [-2, -2],
        [-2, 2],
      ],
      "refuted",
      [1 / 3, 1 / 2, 1 / 6],
    ],
    [
      "a row of zeros",
      [
        [1, 2],
        [0, 0],
      ],
      "refuted",
      [0, 1],
    ],
    [
      "a half plane less a line",
      [
        [1, 0],
        [1, 1],
        [1, -1],
      ],
      "direction",
      null,
    ],
    [
      "rows as small as can be",
      [
        [2 ** -1074, 0],
        [0, 2 ** -1074],
      ],
      "direction",
      null,
    ],
    [
      "a thin cone",
      [
        [1, 2 ** -40],
        [-1, 2 ** -40],
      ],
      "direction",
      null,
    ],
    [
      "a thin cone that is no matter of columns",
      [
        [1, 1],
        [-1, -1 + 2 ** -30],
      ],
      "direction",
      null,
    ],
  ])("%s", (_name, rows, kind, multipliers) => {
    const found = cone(rows);
    check(rows, found);
    expect(found.kind).toBe(kind);
    if (found.kind === "refuted") expect([Array.from(found.multipliers), found.isExact]).toEqual([multipliers, true]);
  });

  test("rows that cancel but for a number that is lost beside the others are refuted, and not exactly", () => {
    const rows = [
      [0, 1e-90],
      [-1, -1e-90],
      [1e-9, 0],
    ];
    expect(cone(rows)).toMatchObject({ kind: "refuted", isExact: false });
    expect(cone(rows, { tolerance: 0 }).kind).toBe("unclear");
  });

  test("rows that cancel up to rounding are refuted, and not exactly", () => {
    expect(
      cone([
        [0.1, 1, 1],
        [0.2, -3, 1],
        [-(0.1 + 0.2), 2, -2],
      ]),
    ).toMatchObject({ kind: "refuted", isExact: false });
  });

  test("no rows leave every direction", () => {
    expect(cone([])).toMatchObject({ kind: "direction", direction: new Float64Array(0) });
    expect(cone([], { dimension: 2 })).toMatchObject({ kind: "direction", direction: Float64Array.of(1, 1) });
  });

  test("directions have few digits where the cone is wide", () => {
    const found = cone([
      [1, 0.1],
      [0.1, 1],
    ]);
    if (found.kind !== "direction") throw new Error(found.kind);
    for (const v of found.direction) expect(Number.isInteger(v * 16)).toBe(true);
  });

  test("numbers that are not finite are refused", () => {
    try {
      cone([[1, NaN]]);
      expect.unreachable();
    } catch (error) {
      expect((error as AdError).code).toBe("domain");
    }
  });
});

describe("long rows", () => {
  const length = 5000;
  const rows = [...Array(20).keys()].map((i) =>
    Array.from({ length }, (_, j) => ((j * 7919 + i * i * 104729 + i * j) % 17) - 8),
  );
  const sum = Array.from(
    { length },
    (_, j) => -rows.reduce((total, row, i) => total + (1 + (i % 3)) * (row[j] as number), 0),
  );

  test("have a direction", () => {
    const found = cone(rows);
    expect(found.kind).toBe("direction");
    check(rows, found);
  });

  test("are refuted exactly", () => {
    const found = cone([...rows, sum]);
    expect(found).toMatchObject({ kind: "refuted", isExact: true });
    check([...rows, sum], found);
  });
});
