import {
  abs,
  add,
  checkpoint,
  elu,
  max,
  maximum,
  median,
  minimum,
  mul,
  neg,
  norm2,
  normPool2d,
  relu,
  sort,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { directionalDerivative, lDerivative, lexicographicDerivative } from "../index.ts";

const scalars = (...values: number[]): Tensor[] => values.map((v) => tensor(v));
const basis = (n: number): Tensor[][] =>
  Array.from({ length: n }, (_, i) => scalars(...Array.from({ length: n }, (_other, j) => (i === j ? 1 : 0))));
/** Without the last digits, and without -0. */
const rounded = (v: number): number => Math.round(v * 1e12) / 1e12 + 0;
const numbers = (xs: readonly Tensor[]): number[] => xs.map((x) => (x.data[0] as number) + 0);

describe("values of Khan and Barton", () => {
  type Program = (...xs: Tensor[]) => Tensor;
  const f = ((x: Tensor, y: Tensor) => maximum(minimum(x, neg(y)), sub(y, x))) as Program;
  const g = ((x: Tensor, y: Tensor, z: Tensor) => minimum(add(mul(y, z), x), neg(z))) as Program;

  test("max(min(x, -y), y - x) at the origin", () => {
    expect(numbers(lDerivative(f, scalars(0, 0), basis(2)))).toEqual([0, -1]);
    const turned = [scalars(0, 1), scalars(1, 0)];
    expect(numbers(lDerivative(f, scalars(0, 0), turned))).toEqual([-1, 1]);
    const slopes = [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
      [1, 1],
    ].map((d) => directionalDerivative(f, scalars(0, 0), scalars(...d)));
    expect(numbers(slopes)).toEqual([0, 1, 1, 0, 0]);
  });

  test("min(y z + x, -z) at the origin along the axes: (0, 0, -1)", () => {
    expect(numbers(lDerivative(g, scalars(0, 0, 0), basis(3)))).toEqual([0, 0, -1]);
    expect(numbers(lexicographicDerivative(g, scalars(0, 0, 0), basis(3)))).toEqual([0, 0, -1]);
  });

  test("its slope along (1, 0, 1) is -1, and its compass difference (1/2, 0, -1/2)", () => {
    const at = scalars(0, 0, 0);
    const slope = (...d: number[]): number => directionalDerivative(g, at, scalars(...d)).data[0] as number;
    expect(slope(1, 0, 1)).toBe(-1);
    const compass = [0, 1, 2].map((i) => {
      const axis = [0, 1, 2].map((j) => (i === j ? 1 : 0));
      return (slope(...axis) - slope(...axis.map((v) => -v))) / 2;
    });
    expect(compass.map((v) => v + 0)).toEqual([0.5, 0, -0.5]);
  });
});

describe("kinks", () => {
  const along = (f: (x: Tensor) => Tensor, at: number[] | number[][], ...ds: (number[] | number[][])[]): number[][] =>
    lexicographicDerivative(
      f,
      [tensor(at)],
      ds.map((d) => [tensor(d)] as [Tensor]),
    ).map((y) => Array.from(y.data, rounded));

  test("fully tied branches move alike, and that is what they return", () => {
    expect(along((x) => sum(maximum(x, x)), [0, 0], [1, 2], [3, 4])).toEqual([[3], [7]]);
    expect(along((x) => max(add(mul(x, 0), sum(x))), [0, 0, 0], [1, 2, 3])).toEqual([[6]]);
  });

  test("the second direction decides where the first one ties", () => {
    expect(along((x) => max(x), [0, 0], [1, 1], [0, 1])).toEqual([[1], [1]]);
    expect(along((x) => max(x), [0, 0], [1, 1], [1, 0])).toEqual([[1], [1]]);
    expect(along((x) => max(x), [0, 0], [1, 1], [-1, -2])).toEqual([[1], [-1]]);
    expect(along((x) => max(x), [0, 1e-9], [5, -5], [1, 7])).toEqual([[-5], [7]]);
  });

  test("rows are sorted by value, then by speed", () => {
    expect(along((x) => sort(x), [2, 0, 0, 0], [9, 3, 1, 2], [0, 4, 5, 6])).toEqual([
      [1, 2, 3, 9],
      [5, 6, 4, 0],
    ]);
    expect(along((x) => sort(x, { descending: true }), [0, 0], [1, 2])).toEqual([[2, 1]]);
    expect(along((x) => median(x), [0, 0, 0], [3, 1, 2], [10, 20, 30])).toEqual([[2], [30]]);
    expect(along((x) => median(x), [0, 0, 0, 0], [3, 1, 2, 4])).toEqual([[2.5]]);
    expect(
      along(
        (x) => median(x, { axes: 0 }),
        [
          [0, 1],
          [0, 5],
          [0, 1],
        ],
        [
          [3, 1],
          [1, 1],
          [2, 7],
        ],
      ),
    ).toEqual([[2, 7]]);
  });

  test("a norm at 0 goes along the first direction that moves, row by row", () => {
    const f = (x: Tensor): Tensor => norm2(x, { axes: 1 });
    expect(
      along(
        f,
        [
          [0, 0],
          [3, 4],
        ],
        [
          [3, 4],
          [1, 1],
        ],
      ),
    ).toEqual([[5, 1.4]]);
    expect(
      along(
        f,
        [
          [0, 0],
          [0, 0],
        ],
        [
          [0, 0],
          [3, 4],
        ],
        [
          [5, 12],
          [4, -3],
        ],
      ),
    ).toEqual([
      [0, 5],
      [13, 0],
    ]);
    const pooled = (x: Tensor): Tensor => normPool2d(x, { window: 2 });
    const d = tensor([
      [
        [
          [1, 1, 3, 0],
          [1, 1, 0, 4],
        ],
      ],
    ]);
    const found = directionalDerivative(pooled, [tensor(new Float64Array(8), { shape: [1, 1, 2, 4] })], [d]);
    expect(Array.from(found.data)).toEqual([2, 5]);
  });

  test("branches with kinks of their own are followed inside", () => {
    expect(along((x) => elu(x, 2), [0, 0, 0], [1, -1, 0])).toEqual([[1, -2, 0]]);
    expect(along((x) => elu(x, 0.5), [0, 0], [1, -1])).toEqual([[1, -0.5]]);
    expect(along((x) => elu(x), [0, 0], [1, -1])).toEqual([[1, -1]]);
  });
});

describe("lDerivative", () => {
  test("is the Jacobian where there is one, whatever the basis", () => {
    const f = (x: Tensor): { product: Tensor; twice: Tensor } => ({ product: mul(x, x), twice: mul(x, 2) });
    const found = lDerivative(f, [tensor([3, 5])], [[tensor([1, 2])], [tensor([-3, 1])]]) as unknown as Record<
      "product" | "twice",
      [Tensor]
    >;
    const blocks = [found.product, found.twice].map(([block]) => Array.from(block.data));
    expect(blocks.flat().map(rounded)).toEqual([6, 0, 0, 10, 2, 0, 0, 2]);
    expect(found.product[0].shape).toEqual([2, 2]);
  });

  test("integers among the arguments have blocks of zeros, and need no directions", () => {
    const f = (x: Tensor, n: Tensor): Tensor => sum(mul(x, x.shape.length + n.shape.length));
    const [dx, dn] = lDerivative(f, [tensor([1, 1]), tensor([4], { dtype: "i32" })], basisWith(2)) as [Tensor, Tensor];
    expect([Array.from(dx.data), Array.from(dn.data)]).toEqual([[2, 2], [0]]);
  });
});

const basisWith = (n: number): [Tensor, Tensor][] =>
  Array.from({ length: n }, (_, i) => [
    tensor(Array.from({ length: n }, (_other, j) => (i === j ? 1 : 0))),
    tensor([0], { dtype: "i32" }),
  ]);

describe("programs within programs", () => {
  const f = (x: Tensor): Tensor => sum(maximum(abs(x), relu(x)));
  const at = tensor([0, 0]);
  const d = tensor([3, -4]);

  test("what is computed again is followed, and recorded programs are replayed", () => {
    expect(directionalDerivative(checkpoint(f), [at], [d]).data[0]).toBe(7);
    expect(directionalDerivative(trace(f, [at]), [at], [d]).data[0]).toBe(7);
  });
});
