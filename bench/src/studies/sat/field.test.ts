import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { elementOf, twoElements } from "./field.ts";
import { argumentsAt, type Network } from "./network.ts";

type Dense = readonly (readonly number[])[];

/** Networks with one to three layers of relus of one to three units, and weights of -1, 0 and 1. */
const network: fc.Arbitrary<Dense[]> = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 })
  .chain((widths) => {
    const shapes = [...widths, 1].slice(1).map((height, i) => [height, widths[i] as number] as const);
    return fc.tuple(...shapes.map(([height, width]) => matrix(height, width)));
  });

const weights = fc.integer({ min: -1, max: 1 });
const matrix = (height: number, width: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(weights, { minLength: width, maxLength: width }), { minLength: height, maxLength: height });

const sparse = (matrices: readonly Dense[]): Network =>
  matrices.map((rows) => ({
    columns: rows[0]?.length as number,
    rows: rows.map((row) => row.flatMap((weight, cell) => (weight === 0 ? [] : [[cell, weight] as const]))),
  }));

/** The product `M_L D_{L-1} ... D_1 M_1`, written out. */
function product(matrices: readonly Dense[], diagonals: Dense): number[] {
  let row: readonly number[] = [1];
  for (let layer = matrices.length - 1; layer >= 0; layer--) {
    const m = matrices[layer] as Dense;
    const slopes = diagonals[layer - 1];
    const times = (j: number): number => row.reduce((sum, v, i) => sum + v * (m[i]?.[j] as number), 0);
    row = (m[0] as readonly number[]).map((_, j) => times(j) * (slopes?.[j] ?? 1));
  }
  return row.map((v) => v + 0);
}

/** All elements whose slopes at 0 are 0 or 1: the field is a single vector exactly when these are. */
function corners(matrices: readonly Dense[], x: readonly number[]): number[][] {
  const signs = argumentsAt(sparse(matrices), x).slice(0, -1);
  const free = signs.flat().filter((v) => v === 0).length;
  return Array.from({ length: 2 ** free }, (_, bits) => {
    let next = 0;
    const slopes = signs.map((layer) => layer.map((v) => (v > 0 ? 1 : v < 0 ? 0 : (bits >> next++) & 1)));
    return product(matrices, slopes);
  });
}

const at = fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 3, maxLength: 3 });

test("two elements are found exactly where the field has two, and each is the product with its slopes", () => {
  const met = { one: 0, two: 0, longer: 0 };
  fc.assert(
    fc.property(network, at, (matrices, point) => {
      const x = point.slice(0, matrices[0]?.[0]?.length);
      const all = new Set(corners(matrices, x).map(String));
      const { first, second, path } = twoElements(sparse(matrices), x);
      expect(second !== null).toBe(all.size > 1);
      for (const element of [first, ...(second ? [second] : [])]) {
        expect(element.gradient).toEqual(product(matrices, element.diagonals));
        expect(all.has(String(element.gradient))).toBe(true);
      }
      if (second) expect(second.gradient).not.toEqual(first.gradient);
      met[second ? "two" : "one"] += 1;
      met.longer += path.length > 1 && x.some((v) => v !== 0) ? 1 : 0;
    }),
    { numRuns: 4000 },
  );
  expect(Math.min(met.one, met.two, met.longer)).toBeGreaterThan(100);
});

test("one changed unit is not enough: relu(relu(x)) + relu(relu(y)) at (0, 1)", () => {
  const identity = [
    [1, 0],
    [0, 1],
  ];
  const { first, second, path } = twoElements(sparse([identity, identity, [[1, 1]]]), [0, 1]);
  expect([first.gradient, second?.gradient]).toEqual([
    [0, 1],
    [1, 1],
  ]);
  expect(path).toEqual([
    { layer: 1, unit: 0 },
    { layer: 0, unit: 0 },
  ]);
});

test("sums that cancel reach nothing: relu(x + y) - relu(x + y) above a free unit", () => {
  const twice = [[1], [1]];
  const { second } = twoElements(sparse([[[1, 1]], twice, [[1, -1]]]), [1, -1]);
  expect(second?.gradient).toEqual([1, 1]);
  const none = twoElements(
    sparse([
      [
        [1, -1],
        [0, 1],
      ],
      [
        [1, 1],
        [1, 1],
      ],
      [[1, -1]],
    ]),
    [1, 1],
  );
  expect(none.second).toBeNull();
});

test("an element is the product with any slopes", () => {
  const { gradient } = elementOf(sparse([[[1, -1]], [[1]]]), [[0.25]]);
  expect(gradient).toEqual([0.25, -0.25]);
});
