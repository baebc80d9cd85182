import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { integerDot, integersOf } from "./dyadic.ts";
import { exactWeights, nullVector, signOfDot } from "./exact.ts";

const vector = (...values: number[]): Float64Array => Float64Array.from(values);

const number = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 0.1, 2 ** 53, 1e-320, 1e300),
);

describe("signs of dot products", () => {
  test("agree with whole numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { maxLength: 8 }), (pairs) => {
        const [a, b] = [vector(...pairs.map(([x]) => x)), vector(...pairs.map(([, y]) => y))];
        const exact = integerDot(integersOf(a), integersOf(b));
        expect(signOfDot(a, b)).toBe(exact > 0n ? 1 : exact < 0n ? -1 : 0);
      }),
    );
  });

  test("find what doubles lose", () => {
    expect(signOfDot(vector(1e16, 1, -1e16), vector(1, 1, 1))).toBe(1);
    expect(signOfDot(vector(0.1, 0.1, 0.1, -0.3), vector(1, 1, 1, 1))).toBe(1);
    expect(signOfDot(vector(0.1, -0.1), vector(3, 3))).toBe(0);
    expect(signOfDot(vector(1e-200, 0), vector(-1e-200, 1))).toBe(-1);
    expect(signOfDot(vector(1e200, -1e200), vector(1e200, 1e200))).toBe(0);
    expect(signOfDot(vector(), vector())).toBe(0);
  });
});

describe("null vectors", () => {
  test.each<[string, number[][], bigint[] | null]>([
    [
      "a dependency",
      [
        [1, 2],
        [2, 4],
      ],
      [2n, -1n],
    ],
    [
      "none",
      [
        [1, 2],
        [2, 5],
      ],
      null,
    ],
    [
      "a plane of them",
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      null,
    ],
    ["a column of zeros", [[0, 0]], [1n]],
    ["one column", [[0, 3]], null],
    ["no columns", [], null],
    [
      "rows of zeros",
      [
        [0, 1, 0],
        [0, -0.25, 0],
      ],
      [1n, 4n],
    ],
    ["columns without rows", [[], []], null],
    ["one column without rows", [[]], [1n]],
    [
      "three gradients",
      [
        [4, 2],
        [-2, -2],
        [-2, 2],
      ],
      [2n, 3n, 1n],
    ],
    [
      "tenths are no tenths",
      [
        [0.1, 1],
        [0.3, 3],
      ],
      null,
    ],
  ])("%s", (_name, columns, expected) => {
    expect(nullVector(columns.map((column) => vector(...column)))).toEqual(expected);
  });

  test("vanish on every row, and are the only ones", () => {
    const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 7 })).chain(([k, m]) =>
      fc.array(fc.array(fc.constantFrom(0, 1, -1, 2, 0.1, 1 / 3), { minLength: m, maxLength: m }), {
        minLength: k,
        maxLength: k,
      }),
    );
    fc.assert(
      fc.property(
        matrix,
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 5, maxLength: 5 }),
        (columns, factors) => {
          const given = columns.map((c) => vector(...c.map((v) => Math.round(v * 64) / 64)));
          const last = given[0]?.map((_, i) =>
            given.reduce((sum, c, j) => sum + (factors[j] as number) * (c[i] as number), 0),
          );
          const found = nullVector([...given, last as Float64Array]);
          if (nullVector(given)) expect(found).toBeNull();
          if (!found) return;
          last?.forEach((v, i) => {
            const row = vector(...given.map((c) => c[i] as number), v);
            expect(integerDot(integersOf(row), found)).toBe(0n);
          });
          const ratio = found.at(-1) as bigint;
          expect(found.slice(0, -1)).toEqual(given.map((_, j) => -ratio * BigInt(factors[j] as number)));
        },
      ),
    );
  });

  test("of digits that doubles cannot hold are found", () => {
    const columns = [vector(1 / 3, 1, 0.7), vector(0.1, 1 / 7, 1e-9), vector(1e9, 0.3, 0.9)];
    const w = [3n, -5n, 7n];
    const sums = [0, 1, 2].map((i) => integerDot(integersOf(vector(...columns.map((c) => c[i] as number))), w));
    expect(sums.some((v) => v === 0n)).toBe(false);
    expect(nullVector(columns)).toBeNull();
    const four = [...columns, vector(0.2, 0.9, 1e5)];
    const found = nullVector(four) as readonly bigint[];
    expect(found.some((v) => v > 2n ** 53n)).toBe(true);
    for (const i of [0, 1, 2])
      expect(integerDot(integersOf(vector(...four.map((c) => c[i] as number))), found)).toBe(0n);
  });

  test("of long columns do not take long", () => {
    const columns = Array.from({ length: 30 }, (_, j) =>
      Float64Array.from({ length: 40000 }, (_other, i) => ((i * 7919 + j * j * 104729 + i * j) % 1009) - 504),
    );
    const total = columns[0]?.map((_, i) => columns.reduce((sum, c) => sum + (c[i] as number), 0)) as Float64Array;
    expect(nullVector([...columns, total])).toEqual([...columns.map(() => 1n), -1n]);
  });
});

describe("exact weights", () => {
  test("of a point inside, on an edge, at a corner", () => {
    const corners = [vector(0, 0), vector(3, 0), vector(0, 3)];
    expect(exactWeights(corners, vector(1, 1))).toEqual({
      weights: [1 / 3, 1 / 3, 1 / 3],
      numerators: [1n, 1n, 1n],
      denominator: 3n,
    });
    expect(exactWeights(corners, vector(1, 2))?.weights).toEqual([0, 1 / 3, 2 / 3]);
    expect(exactWeights(corners, vector(3, 0))?.numerators).toEqual([0n, 1n, 0n]);
  });

  test("are null outside, off the line, and where they are not unique", () => {
    expect(exactWeights([vector(0, 0), vector(3, 0), vector(0, 3)], vector(2, 2))).toBeNull();
    expect(exactWeights([vector(0, 0), vector(1, 1)], vector(0.5, 0.5 + 2 ** -50))).toBeNull();
    expect(exactWeights([vector(0), vector(1), vector(2)], vector(1))).toBeNull();
    expect(exactWeights([vector(1), vector(1)], vector(2))).toBeNull();
    expect(exactWeights([], vector(1))).toBeNull();
  });

  test("sum to 1 and make the target", () => {
    const point = fc.array(
      fc.integer({ min: -99, max: 99 }).map((v) => v / 8),
      { minLength: 3, maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 4 }), point, (points, target) => {
        const found = exactWeights(
          points.map((p) => vector(...p)),
          vector(...target),
        );
        if (!found) return;
        expect(found.numerators.reduce((a, b) => a + b)).toBe(found.denominator);
        target.forEach((v, i) => {
          const made = found.numerators.reduce((sum, w, j) => sum + w * BigInt((points[j]?.[i] as number) * 8), 0n);
          expect(made).toBe(BigInt(v * 8) * found.denominator);
        });
      }),
    );
  });
});
