import { describe, expect, test } from "vitest";
import { gradient as gradientAt, numbers } from "../../laws/bothModes.ts";
import {
  argmax,
  argmin,
  blend,
  cast,
  first,
  jvp,
  last,
  max,
  min,
  mul,
  type Nested,
  normInf,
  random,
  type Select,
  sum,
  type Tensor,
  type TieSelection,
  tensor,
  uniform,
  weights,
} from "../index.ts";

const gradient = (f: (x: Tensor) => Tensor, at: Nested, select: Select = {}): number[] =>
  gradientAt(f, tensor(at), select);

const matrix: Nested = [
  [1, 5, 3],
  [5, 2, 5],
];

describe("values", () => {
  test("max and min over all axes, some axes and negative axes", () => {
    const x = tensor(matrix);
    expect(numbers(max(x))).toEqual([5]);
    expect(numbers(min(x))).toEqual([1]);
    expect(numbers(max(x, { axes: 0 }))).toEqual([5, 5, 5]);
    expect(numbers(min(x, { axes: 0 }))).toEqual([1, 2, 3]);
    expect(numbers(min(x, { axes: -1 }))).toEqual([1, 2]);
    expect(numbers(max(x, { axes: [-1, 0] }))).toEqual([5]);
    expect(numbers(max(x, { axes: [] }))).toEqual([1, 5, 3, 5, 2, 5]);
  });

  test("keepDims keeps the reduced axes with size 1", () => {
    expect(max(tensor(matrix), { axes: 1, keepDims: true }).shape).toEqual([2, 1]);
    expect(min(tensor(matrix), { keepDims: true }).shape).toEqual([1, 1]);
    expect(normInf(tensor(matrix), { axes: 0, keepDims: true }).shape).toEqual([1, 3]);
  });

  test("NaN wins, wherever it stands", () => {
    for (const list of [
      [NaN, 1],
      [1, NaN],
      [Infinity, NaN, -Infinity],
    ]) {
      expect([max, min, normInf].map((f) => numbers(f(tensor(list))))).toEqual([[NaN], [NaN], [NaN]]);
    }
  });

  test("normInf is the largest absolute value", () => {
    expect(numbers(normInf(tensor([3, -7, 2])))).toEqual([7]);
    expect(numbers(normInf(tensor(matrix), { axes: 0 }))).toEqual([5, 5, 5]);
  });

  test("integers have extremes too", () => {
    expect(numbers(max(tensor([3, -4], { dtype: "i32" })))).toEqual([3]);
    expect(max(tensor([3, -4], { dtype: "i32" })).dtype).toBe("i32");
  });
});

const named: Readonly<Record<string, TieSelection | null>> = {
  default: null,
  first,
  last,
  uniform,
  "blend(first, uniform, 10)": blend(first, uniform, 10),
  weights: weights((ties) => Array.from({ length: ties }, (_, i) => 2 ** -Math.min(i + 1, ties - 1))),
};

/** Shares of two ties: [1/2, 1/2], [1, 0], [0, 1], [1/2, 1/2], [-4, 5], [1/2, 1/2] by the rule above. */
type Row = readonly [says: string, key: string, f: (x: Tensor) => Tensor, at: readonly number[], expected: number[][]];

const rows: readonly Row[] = [
  [
    "max of two ties among three",
    "max",
    (x) => max(x),
    [2, 1, 2],
    [
      [0.5, 0, 0.5],
      [1, 0, 0],
      [0, 0, 1],
      [0.5, 0, 0.5],
      [-4, 0, 5],
      [0.5, 0, 0.5],
    ],
  ],
  [
    "min of two ties among three",
    "min",
    (x) => min(x),
    [2, 3, 2],
    [
      [0.5, 0, 0.5],
      [1, 0, 0],
      [0, 0, 1],
      [0.5, 0, 0.5],
      [-4, 0, 5],
      [0.5, 0, 0.5],
    ],
  ],
  [
    "max of four ties",
    "max",
    (x) => max(x),
    [7, 7, 7, 7],
    [
      [0.25, 0.25, 0.25, 0.25],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [0.25, 0.25, 0.25, 0.25],
      [-6.5, 2.5, 2.5, 2.5],
      [0.5, 0.25, 0.125, 0.125],
    ],
  ],
  [
    "max of +0 and -0",
    "max",
    (x) => max(x),
    [-0, 0],
    [
      [0.5, 0.5],
      [1, 0],
      [0, 1],
      [0.5, 0.5],
      [-4, 5],
      [0.5, 0.5],
    ],
  ],
  [
    "max of two NaN, which tie",
    "max",
    (x) => max(x),
    [NaN, 3, NaN],
    [
      [0.5, 0, 0.5],
      [1, 0, 0],
      [0, 0, 1],
      [0.5, 0, 0.5],
      [-4, 0, 5],
      [0.5, 0, 0.5],
    ],
  ],
  [
    "normInf of opposite entries: -x of the second comes before x of the first",
    "normInf",
    (x) => normInf(x),
    [3, -3],
    [
      [0.5, -0.5],
      [0, -1],
      [1, 0],
      [0.5, -0.5],
      [5, 4],
      [0.5, -0.5],
    ],
  ],
  [
    "normInf at the origin, where all four branches tie",
    "normInf",
    (x) => normInf(x),
    [0, -0],
    [
      [0, 0],
      [-1, 0],
      [0, 1],
      [0, 0],
      [9, 0],
      [-0.375, -0.125],
    ],
  ],
];

describe("every tie with every named selection, in both modes", () => {
  test.each(rows)("%s", (_says, key, f, at, expected) => {
    const found = Object.values(named).map((selection) => gradient(f, at, selection ? { [key]: selection } : {}));
    expect(found).toEqual(expected);
  });

  test.each(rows)("%s: random draws one of the branches, and the same again", (_says, key, f, at) => {
    for (let seed = 0; seed < 16; seed++) {
      const drawn = gradient(f, at, { [key]: random(seed) });
      expect(drawn.filter((share) => share !== 0).map(Math.abs)).toEqual([1]);
      expect(gradient(f, at, { [key]: random(seed) })).toEqual(drawn);
    }
  });

  test("random reaches every branch of four", () => {
    const seeds = Array.from({ length: 64 }, (_, seed) =>
      gradient(max, [7, 7, 7, 7], { max: random(seed) }).indexOf(1),
    );
    expect([...new Set(seeds)].toSorted()).toEqual([0, 1, 2, 3]);
  });
});

describe("ties along an axis", () => {
  const rowwise = (x: Tensor): Tensor => sum(max(x, { axes: 1 }));

  test("each row shares its own whole", () => {
    expect(gradient(rowwise, matrix)).toEqual([0, 1, 0, 0.5, 0, 0.5]);
    expect(gradient(rowwise, matrix, { max: last })).toEqual([0, 1, 0, 0, 0, 1]);
  });

  test("each column shares its own whole", () => {
    const f = (x: Tensor): Tensor => sum(max(x, { axes: 0 }));
    expect(
      gradient(f, [
        [1, 5],
        [1, 2],
      ]),
    ).toEqual([0.5, 1, 0.5, 0]);
    expect(
      gradient(
        f,
        [
          [1, 5],
          [1, 2],
        ],
        { max: first },
      ),
    ).toEqual([1, 1, 0, 0]);
  });

  test("over two axes of three the branches are in row-major order", () => {
    const f = (x: Tensor): Tensor => sum(max(x, { axes: [0, 2] }));
    const x = [
      [
        [4, 9],
        [7, 7],
      ],
      [
        [9, 9],
        [7, 1],
      ],
    ];
    expect(gradient(f, x, { max: first })).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
    expect(gradient(f, x, { max: last })).toEqual([0, 0, 0, 0, 0, 1, 1, 0]);
  });

  test("a row of one element has derivative exactly 1", () => {
    expect(gradient((x) => sum(max(x, { axes: 1 })), [[3], [4]], { max: blend(first, last, 7) })).toEqual([1, 1]);
  });

  test("away from ties the one extreme element moves", () => {
    expect(gradient(max, [3, 8, 5])).toEqual([0, 1, 0]);
    expect(gradient(min, [3, 8, 5])).toEqual([1, 0, 0]);
    expect(gradient((x) => normInf(x), [3, -8, 5])).toEqual([0, -1, 0]);
  });

  test("one NaN takes all", () => {
    expect(gradient(max, [3, NaN, 5])).toEqual([0, 1, 0]);
    expect(gradient(min, [NaN, 8, 5], { min: last })).toEqual([1, 0, 0]);
  });
});

describe("argmax and argmin", () => {
  const index = (f: typeof argmax, list: Nested, axis = 0): number[] => numbers(f(tensor(list), { axis }));

  test("give the first of several that tie", () => {
    expect(index(argmax, [1, 7, 7])).toEqual([1]);
    expect(index(argmin, [4, 1, 1])).toEqual([1]);
    expect(index(argmax, [-0, 0])).toEqual([0]);
  });

  test("give the first NaN where there is one", () => {
    expect(index(argmax, [1, NaN, 9, NaN])).toEqual([1]);
    expect(index(argmin, [-Infinity, NaN, NaN])).toEqual([1]);
    expect(index(argmax, [NaN, Infinity])).toEqual([0]);
  });

  test("work along either axis, counted from the front or the end", () => {
    expect(index(argmax, matrix, 0)).toEqual([1, 0, 1]);
    expect(index(argmax, matrix, -1)).toEqual([1, 0]);
    expect(index(argmin, matrix, 1)).toEqual([0, 1]);
    expect(argmax(tensor(matrix), { axis: 1 }).dtype).toBe("i32");
  });

  test("carry no derivative", () => {
    const f = (x: Tensor): Tensor => mul(cast(argmax(x, { axis: 0 }), "f64"), sum(x));
    expect(gradient(f, [1, 3, 2])).toEqual([1, 1, 1]);
    const [index2, tangent] = jvp((x: Tensor) => argmax(x, { axis: 0 }), [tensor([1, 5])], [tensor([1, 1])]);
    expect([numbers(index2), numbers(tangent)]).toEqual([[1], [0]]);
  });
});
