import { describe, expect, test } from "vitest";
import {
  add,
  blend,
  checkpoint,
  first,
  grad,
  hessian,
  hessianVector,
  jacobianForward,
  jacobianReverse,
  jvp,
  kinks,
  last,
  mean,
  median,
  mul,
  type Nested,
  programFromJson,
  programToJson,
  random,
  records,
  type Select,
  simplify,
  sort,
  square,
  sum,
  type Tensor,
  type TieSelection,
  tensor,
  trace,
  uniform,
  weights,
  zeros,
} from "../index.ts";

/** The numbers of a tensor; -0 counts as 0. */
const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** The matrix of derivatives, row by row, which both modes must agree on. */
function jacobian(f: (x: Tensor) => Tensor, at: Nested, select: Select = {}): number[][] {
  const x = tensor(at);
  const reverse = jacobianReverse(f, [x], { select });
  expect(numbers(jacobianForward(f, [x], { select }))).toEqual(numbers(reverse));
  const width = x.data.length;
  const list = numbers(reverse);
  return Array.from({ length: list.length / width }, (_, i) => list.slice(i * width, (i + 1) * width));
}

/** Rows of a matrix as text, for pinning: 1 0 0 / 0 1 0. */
const rows = (matrix: number[][]): string => matrix.map((row) => row.join(" ")).join(" / ");

const matrix: Nested = [
  [3, 1, 2],
  [0, 5, -4],
];

const halves: TieSelection = weights((ties) => Array.from({ length: ties }, (_, i) => 2 ** -Math.min(i + 1, ties - 1)));

describe("sorted rows", () => {
  test("ascend along the last axis, or another", () => {
    expect(numbers(sort(tensor(matrix)))).toEqual([1, 2, 3, -4, 0, 5]);
    expect(numbers(sort(tensor(matrix), { axis: 0 }))).toEqual([0, 1, -4, 3, 5, 2]);
    expect(numbers(sort(tensor(matrix), { axis: -2, descending: true }))).toEqual([3, 5, 2, 0, 1, -4]);
  });

  test("of three axes keep the others in place", () => {
    const x = tensor([
      [
        [3, 30],
        [1, 10],
      ],
      [
        [2, 5],
        [4, 1],
      ],
    ]);
    expect(numbers(sort(x, { axis: 1 }))).toEqual([1, 10, 3, 30, 2, 1, 4, 5]);
    expect(sort(x, { axis: 0 }).shape).toEqual([2, 2, 2]);
  });

  test("of length 0 and 1 stay as they are", () => {
    expect(sort(zeros([2, 0])).shape).toEqual([2, 0]);
    expect(sort(zeros([0, 2]), { descending: true }).shape).toEqual([0, 2]);
    expect(numbers(sort(tensor([7])))).toEqual([7]);
    expect(grad((x: Tensor) => sum(sort(x)))(zeros([2, 0])).shape).toEqual([2, 0]);
    expect(grad((x: Tensor) => sum(sort(x)), { select: { sort: uniform } })(zeros([0, 2])).shape).toEqual([0, 2]);
    expect(rows(jacobian((x) => sort(x), [7], { sort: uniform }))).toBe("1");
  });

  test("have NaN last in both directions, and infinities at the ends", () => {
    const x = tensor([NaN, 1, -Infinity, NaN, Infinity]);
    expect(numbers(sort(x))).toEqual([-Infinity, 1, Infinity, NaN, NaN]);
    expect(numbers(sort(x, { descending: true }))).toEqual([Infinity, 1, -Infinity, NaN, NaN]);
  });

  test("keep zeros of both signs in their order, because they tie", () => {
    const signs = (x: Tensor): boolean[] => Array.from(x.data, (v) => Object.is(v, -0));
    expect(signs(sort(tensor([0, -0, 0, -0])))).toEqual([false, true, false, true]);
    expect(signs(sort(tensor([-0, 0]), { descending: true }))).toEqual([true, false]);
  });

  test.each(["f64", "f32", "f16", "bf16", "i32"] as const)("may be %s", (dtype) => {
    const y = sort(tensor([3, -1, 2], { dtype }));
    expect([y.dtype, numbers(y)]).toEqual([dtype, [-1, 2, 3]]);
    expect(numbers(sort(tensor([3, -1, 2], { dtype }), { descending: true }))).toEqual([3, 2, -1]);
  });

  test("descend from the greatest integer to the least", () => {
    const x = tensor([-(2 ** 31), 5, 2 ** 31 - 1], { dtype: "i32" });
    expect(numbers(sort(x, { descending: true }))).toEqual([2 ** 31 - 1, 5, -(2 ** 31)]);
  });

  test("are right for long rows", () => {
    const x = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 613);
    expect(numbers(sort(tensor(x)))).toEqual(x.toSorted((a, b) => a - b));
  });

  test("cost n times the logarithm of n, and the derivative of a pick as much again", () => {
    const type = (...shape: number[]) => [{ shape, dtype: "f64" }] as never;
    expect([1, 2, 8, 9].map((n) => records.get("sort")?.cost(type(3, n), 1))).toEqual([
      {},
      { less: 6 },
      { less: 72 },
      { less: 108 },
    ]);
    expect(records.get("sort")?.cost(type(0, 4), 1)).toEqual({});
    expect(records.get("tieOrder")?.cost(type(3, 8), null)).toEqual({ less: 72, equal: 21 });
  });
});

describe("the derivative of a sort", () => {
  test("moves with the elements where none tie", () => {
    const expected = "0 1 0 / 0 0 1 / 1 0 0";
    for (const selection of [first, last, uniform, random(3), halves, blend(first, uniform, 10)])
      expect(rows(jacobian((x) => sort(x), [3, 1, 2], { sort: selection }))).toBe(expected);
    expect(rows(jacobian((x) => sort(x, { descending: true }), [3, 1, 2]))).toBe("1 0 0 / 0 0 1 / 0 1 0");
  });

  test.each<[string, number[], TieSelection | null, string]>([
    ["two in front, by default", [2, 1, 1], null, "0 1 0 / 0 0 1 / 1 0 0"],
    ["two in front, first", [2, 1, 1], first, "0 1 0 / 0 0 1 / 1 0 0"],
    ["two in front, last", [2, 1, 1], last, "0 0 1 / 0 1 0 / 1 0 0"],
    ["two in front, uniform", [2, 1, 1], uniform, "0 0.5 0.5 / 0 0.5 0.5 / 1 0 0"],
    ["two in front, a blend", [2, 1, 1], blend(first, uniform, 10), "0 -4 5 / 0 5 -4 / 1 0 0"],
    ["two in front, a blend that picks", [2, 1, 1], blend(last, uniform, 0), "0 0 1 / 0 1 0 / 1 0 0"],
    ["two at the end, first", [5, 0, 5], first, "0 1 0 / 1 0 0 / 0 0 1"],
    ["two at the end, last", [5, 0, 5], last, "0 1 0 / 0 0 1 / 1 0 0"],
    ["two at the end, uniform", [5, 0, 5], uniform, "0 1 0 / 0.5 0 0.5 / 0.5 0 0.5"],
    ["two in the middle, last", [2, 9, 2, 0], last, "0 0 0 1 / 0 0 1 0 / 1 0 0 0 / 0 1 0 0"],
    ["two in the middle, uniform", [2, 9, 2, 0], uniform, "0 0 0 1 / 0.5 0 0.5 0 / 0.5 0 0.5 0 / 0 1 0 0"],
    ["three, first", [4, 4, 4], first, "1 0 0 / 0 1 0 / 0 0 1"],
    ["three, last", [4, 4, 4], last, "0 0 1 / 1 0 0 / 0 1 0"],
    ["three, a rule", [4, 4, 4], halves, "0.5 0.25 0.25 / 0.25 0.5 0.25 / 0.25 0.25 0.5"],
    ["three in the middle, last", [4, 9, 4, 4, 0], last, "0 0 0 0 1 / 0 0 0 1 0 / 1 0 0 0 0 / 0 0 1 0 0 / 0 1 0 0 0"],
    ["two pairs, last", [1, 2, 1, 2], last, "0 0 1 0 / 1 0 0 0 / 0 0 0 1 / 0 1 0 0"],
    ["+0 and -0, last", [0, -0], last, "0 1 / 1 0"],
    ["two NaN, last", [NaN, 1, NaN], last, "0 1 0 / 0 0 1 / 1 0 0"],
  ])("of %s", (_says, x, selection, expected) => {
    expect(rows(jacobian((v) => sort(v), x, selection ? { sort: selection } : {}))).toBe(expected);
  });

  test("of three that tie is the mean of all orders under uniform", () => {
    const third = 1 / 3;
    expect(jacobian((x) => sort(x), [4, 4, 4], { sort: uniform })).toEqual(Array(3).fill(Array(3).fill(third)));
  });

  test("draws an order, the same for all places, and the same again", () => {
    const orders = Array.from({ length: 32 }, (_, seed) => {
      const drawn = rows(jacobian((x) => sort(x), [4, 4, 4], { sort: random(seed) }));
      expect(rows(jacobian((x) => sort(x), [4, 4, 4], { sort: random(seed) }))).toBe(drawn);
      return drawn;
    });
    expect([...new Set(orders)].toSorted()).toEqual([
      "0 0 1 / 1 0 0 / 0 1 0",
      "0 1 0 / 0 0 1 / 1 0 0",
      "1 0 0 / 0 1 0 / 0 0 1",
    ]);
  });

  test("draws apart for runs, rows and kinks", () => {
    const x = tensor(Array.from({ length: 32 }, () => [1, 1, 2, 2]));
    const draw = (f: (v: Tensor) => Tensor): string =>
      numbers(
        jvp(f, [x], [tensor(Array.from({ length: 32 }, () => [0, 1, 0, 1]))], { select: { sort: random(1) } })[1],
      ).join("");
    const places = draw((v) => sort(v)).match(/.{4}/g) as string[];
    expect(new Set(places)).toEqual(new Set(["0101", "1001", "0110", "1010"]));
    expect(draw((v) => sort(add(v, 0)))).not.toBe(draw((v) => sort(v)));
  });

  test.each([first, last, uniform, random(5), halves, blend(random(2), uniform, -1)])(
    "of the sum of all places is 1 for every element, under $name",
    (selection) => {
      const x = tensor([3, 1, 3, 1, 1, 0, 3, 3]);
      const gradient = grad((v: Tensor) => sum(sort(v)), { select: { sort: selection } })(x);
      for (const share of gradient.data) expect(share).toBeCloseTo(1, 14);
    },
  );

  test("runs along any axis, in rows that do not mix", () => {
    const f = (x: Tensor): Tensor =>
      sum(
        mul(
          sort(x, { axis: 0 }),
          tensor([
            [1, 2],
            [10, 20],
          ]),
        ),
      );
    const x = tensor([
      [5, 7],
      [1, 7],
    ]);
    expect(numbers(grad(f)(x))).toEqual([10, 2, 1, 20]);
    expect(numbers(grad(f, { select: { sort: last } })(x))).toEqual([10, 20, 1, 2]);
    expect(numbers(grad(f, { select: { sort: uniform } })(x))).toEqual([10, 11, 1, 11]);
  });

  test("of six axes fits, dense weights too", () => {
    const x = zeros([1, 1, 1, 2, 1, 2]);
    for (const selection of [first, uniform])
      expect(numbers(grad((v: Tensor) => sum(sort(v)), { select: { sort: selection } })(x))).toEqual([1, 1, 1, 1]);
  });

  test("descending deals the first element of a tie to the first place too", () => {
    const f = (x: Tensor): Tensor => sort(x, { descending: true });
    expect(rows(jacobian(f, [1, 2, 2]))).toBe("0 1 0 / 0 0 1 / 1 0 0");
    expect(rows(jacobian(f, [1, 2, 2], { sort: last }))).toBe("0 0 1 / 0 1 0 / 1 0 0");
  });

  test("listens to sites", () => {
    const f = (x: Tensor): Tensor => sort(x, { site: "ranks" });
    expect(rows(jacobian(f, [1, 1], { "sort@ranks": last }))).toBe("0 1 / 1 0");
    const g = (x: Tensor): Tensor => sort(x, { descending: true, site: "ranks" });
    expect(rows(jacobian(g, [1, 1], { "sort@ranks": uniform }))).toBe("0.5 0.5 / 0.5 0.5");
  });

  test.each(["f32", "f16", "bf16"] as const)("is exact in %s where nothing is mixed", (dtype) => {
    const x = tensor([3, 1, 3], { dtype });
    const gy = tensor([1, 10, 100], { dtype });
    const pulled = (selection: TieSelection): number[] =>
      numbers(grad((v: Tensor) => sum(mul(sort(v), gy)), { select: { sort: selection } })(x));
    expect([pulled(first), pulled(last), pulled(uniform)]).toEqual([
      [10, 1, 100],
      [100, 1, 10],
      [55, 1, 55],
    ]);
  });

  test("does not let an infinite tangent into places that it does not reach", () => {
    const tangent = tensor([Infinity, 1, 2]);
    for (const selection of [first, uniform]) {
      const [, dy] = jvp((x: Tensor) => sort(x), [tensor([9, 1, 1])], [tangent], { select: { sort: selection } });
      expect(numbers(dy).at(-1)).toBe(Infinity);
      expect(numbers(dy).slice(0, 2).every(Number.isFinite)).toBe(true);
    }
  });

  test("of second order is that of what is sorted", () => {
    const f = (x: Tensor): Tensor => sum(square(sort(x)));
    for (const selection of [first, last, random(1), uniform]) {
      expect(numbers(hessian(f, [tensor([3, 1, 2])], { select: { sort: selection } }))).toEqual([
        2, 0, 0, 0, 2, 0, 0, 0, 2,
      ]);
    }
    expect(numbers(hessian(f, [tensor([3, 3])]))).toEqual([2, 0, 0, 2]);
    const weighted = (x: Tensor): Tensor => sum(mul(square(sort(x)), tensor([1, 10, 100])));
    expect(numbers(hessianVector(weighted, [tensor([3, 1, 2])], [tensor([1, 1, 1])]) as Tensor)).toEqual([200, 2, 20]);
  });
});

describe("the median", () => {
  test("is the element in the middle, or half the sum of two", () => {
    expect(numbers(median(tensor([9, 1, 5])))).toEqual([5]);
    expect(numbers(median(tensor([9, 1, 5, 2])))).toEqual([3.5]);
    expect(numbers(median(tensor([4])))).toEqual([4]);
    expect(numbers(median(tensor([7, 7])))).toEqual([7]);
  });

  test("runs along axes, and keeps them when asked to", () => {
    const x = tensor(matrix);
    expect(numbers(median(x))).toEqual([1.5]);
    expect(numbers(median(x, { axes: 1 }))).toEqual([2, 0]);
    expect(numbers(median(x, { axes: 0 }))).toEqual([1.5, 3, -1]);
    expect(median(x, { axes: -1, keepDims: true }).shape).toEqual([2, 1]);
    expect(numbers(median(x, { axes: [] }))).toEqual([3, 1, 2, 0, 5, -4]);
    expect(median(zeros([0, 3]), { axes: 1 }).shape).toEqual([0]);
  });

  test("is NaN where there is one, and infinite in the middle of infinities", () => {
    expect(numbers(median(tensor([1, NaN, 2])))).toEqual([NaN]);
    expect(numbers(median(tensor([NaN, 1, 2, 3])))).toEqual([NaN]);
    expect(numbers(median(tensor([Infinity, 1, Infinity])))).toEqual([Infinity]);
    expect(numbers(median(tensor([-Infinity, Infinity])))).toEqual([NaN]);
  });

  test.each(["f32", "f16", "bf16"] as const)("may be %s", (dtype) => {
    const y = median(tensor([3, 1, 8, 2], { dtype }));
    expect([y.dtype, numbers(y)]).toEqual([dtype, [2.5]]);
  });

  test("of large numbers in 16 bits does not overflow", () => {
    expect(numbers(median(tensor([60000, 60000], { dtype: "f16" })))).toEqual([60000]);
  });

  test("costs what a sort does, and the half of a sum for an even number", () => {
    const price = (...shape: number[]) => {
      const x = [{ shape, dtype: "f64" }] as never;
      return [records.get("median")?.cost(x, [1]), records.get("median")?.fixed?.(x, [1])];
    };
    expect(price(3, 5)).toEqual([{ less: 45 }, {}]);
    expect(price(3, 4)).toEqual([{ less: 24, add: 3, mul: 3 }, { mul: 3 }]);
    expect(price(0, 4)).toEqual([{}, {}]);
  });
});

describe("the derivative of a median", () => {
  const row = (x: number[], selection: TieSelection | null): string =>
    rows(jacobian((v) => median(v), x, selection ? { median: selection } : {}));

  test.each<[string, number[], TieSelection | null, string]>([
    ["three that do not tie", [3, 1, 2], null, "0 0 1"],
    ["four that do not tie", [3, 1, 2, 9], uniform, "0.5 0 0.5 0"],
    ["two below that tie", [1, 1, 2], null, "1 0 0"],
    ["two below that tie, first", [1, 1, 2], first, "1 0 0"],
    ["two below that tie, last", [1, 1, 2], last, "0 1 0"],
    ["two below that tie, uniform", [1, 1, 2], uniform, "0.5 0.5 0"],
    ["two below that tie, a blend", [1, 1, 2], blend(first, uniform, 10), "-4 5 0"],
    ["two above that tie, first", [5, 0, 5], first, "1 0 0"],
    ["two above that tie, last", [5, 0, 5], last, "0 0 1"],
    ["three that tie, first", [4, 4, 4], first, "1 0 0"],
    ["three that tie, last", [4, 4, 4], last, "0 0 1"],
    ["three that tie, a rule", [4, 4, 4], halves, "0.5 0.25 0.25"],
    ["three in the middle, last", [4, 0, 4, 9, 4], last, "0 0 0 0 1"],
    ["a tie outside of the middle", [0, 5, 3, 0, 9], last, "0 0 1 0 0"],
    ["four, the lower one ties", [1, 1, 2, 9], first, "0.5 0 0.5 0"],
    ["four, the lower one ties, last", [1, 1, 2, 9], last, "0 0.5 0.5 0"],
    ["four, the upper one ties, uniform", [1, 2, 2, 0], uniform, "0.5 0.25 0.25 0"],
    ["four in two pairs, last", [1, 2, 1, 2], last, "0 0 0.5 0.5"],
    ["four, the middle ones tie alone, first", [0, 2, 2, 9], first, "0 0.5 0.5 0"],
    ["four, the middle ones tie alone, last", [0, 2, 2, 9], last, "0 0.5 0.5 0"],
    ["four, the middle ones tie alone, a blend", [0, 2, 2, 9], blend(first, uniform, 10), "0 0.5 0.5 0"],
    ["four, three tie, first", [2, 2, 2, 9], first, "0.5 0.5 0 0"],
    ["four, three tie, last", [2, 2, 2, 9], last, "0.5 0 0.5 0"],
    ["four, three tie, a rule", [2, 2, 2, 9], halves, "0.375 0.375 0.25 0"],
    ["four that tie, uniform", [7, 7, 7, 7], uniform, "0.25 0.25 0.25 0.25"],
    ["+0 and -0, last", [0, -0, 5], last, "0 1 0"],
    ["one NaN", [1, NaN, 2], uniform, "0 1 0"],
    ["two NaN, which tie", [NaN, 1, NaN, 2], uniform, "0.5 0 0.5 0"],
    ["two NaN, last", [NaN, 1, NaN, 2], last, "0 0 1 0"],
  ])("of %s", (_says, x, selection, expected) => {
    expect(row(x, selection)).toBe(expected);
  });

  test("draws one of those that tie, and the same again", () => {
    const drawn = Array.from({ length: 32 }, (_, seed) => row([4, 4, 0, 4, 9], random(seed)));
    expect(Array.from({ length: 32 }, (_, seed) => row([4, 4, 0, 4, 9], random(seed)))).toEqual(drawn);
    expect([...new Set(drawn)].toSorted()).toEqual(["0 0 0 1 0", "0 1 0 0 0", "1 0 0 0 0"]);
  });

  test("runs along axes and listens to sites", () => {
    const f = (x: Tensor): Tensor => sum(median(x, { axes: 0, site: "centre" }));
    const x = tensor([
      [1, 5],
      [1, 7],
      [2, 6],
    ]);
    expect(numbers(grad(f)(x))).toEqual([1, 0, 0, 0, 0, 1]);
    expect(numbers(grad(f, { select: { "median@centre": last } })(x))).toEqual([0, 0, 1, 0, 0, 1]);
  });

  test("of second order is 0 off ties, and that of what is in the middle", () => {
    const f = (x: Tensor): Tensor => median(square(x));
    expect(numbers(hessian(f, [tensor([3, 1, 2])]))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect(numbers(hessian((x: Tensor) => median(x), [tensor([3, 1, 2, 4])]))).toEqual(Array(16).fill(0));
  });
});

describe("programs with order statistics", () => {
  const loss = (x: Tensor): Tensor =>
    add(sum(mul(sort(x, { site: "s", descending: true }), tensor([1, 10, 100]))), mul(median(x), mean(sort(x))));
  const at = [tensor([2, 1, 2]), tensor([5, 5, 5]), tensor([3, 1, 2])];

  test.each([first, last, uniform, random(4)])("are recorded with their gradient, under $name", (selection) => {
    const select = { sort: selection, median: selection };
    const gradient = grad(loss, { select });
    const program = trace(gradient, [at[0] as Tensor]);
    const json = programFromJson(JSON.parse(JSON.stringify(programToJson(program))));
    for (const x of at) {
      const expected = numbers(gradient(x));
      expect(numbers(program(x))).toEqual(expected);
      expect(numbers(simplify(program)(x))).toEqual(expected);
      expect(numbers((json as typeof program)(x))).toEqual(expected);
    }
  });

  test("are differentiated after they were recorded", () => {
    const program = trace(loss, [at[0] as Tensor]);
    for (const x of at) {
      for (const selection of [first, last, uniform]) {
        const select = { sort: selection };
        expect(numbers(grad(program, { select })(x))).toEqual(numbers(grad(loss, { select })(x)));
      }
    }
  });

  test("may stand inside a checkpoint", () => {
    for (const x of at) expect(numbers(grad(checkpoint(loss))(x))).toEqual(numbers(grad(loss)(x)));
  });
});

describe("kink reports", () => {
  const placesOf = (f: (x: Tensor) => Tensor, x: Nested): unknown => {
    const report = kinks(f, [tensor(x)]);
    return report.kinks.map(({ name, type, count, places }) => [name, type, count, places]);
  };

  test("name each sorted row with a tie once, with its longest run", () => {
    expect(
      placesOf(
        (x) => sort(x),
        [
          [1, 2, 3],
          [2, 1, 2],
          [4, 4, 4],
        ],
      ),
    ).toEqual([
      [
        "sort",
        "tie",
        2,
        [
          { index: [1], branches: [2, 1, 2], ties: 2 },
          { index: [2], branches: [4, 4, 4], ties: 3 },
        ],
      ],
    ]);
    expect(placesOf((x) => sort(x), [1, 2, 1, 2, 2])).toEqual([
      ["sort", "tie", 1, [{ index: [], branches: [1, 2, 1, 2, 2], ties: 3 }]],
    ]);
    expect(
      placesOf(
        (x) => sort(x, { axis: 0 }),
        [
          [1, 2],
          [1, 3],
        ],
      ),
    ).toEqual([["sort", "tie", 1, [{ index: [0], branches: [1, 1], ties: 2 }]]]);
  });

  test("name a median whose place is contested", () => {
    expect(placesOf((x) => median(x), [1, 1, 2])).toEqual([
      ["median", "tie", 1, [{ index: [], branches: [1, 1, 2], ties: 2 }]],
    ]);
    expect(placesOf((x) => median(x), [1, 1, 2, 3])).toEqual([
      ["median", "tie", 1, [{ index: [], branches: [1, 1, 2, 3], ties: 2 }]],
    ]);
    expect(
      placesOf(
        (x) => median(x, { axes: 1 }),
        [
          [0, 2, 2, 2],
          [0, 1, 2, 3],
        ],
      ),
    ).toEqual([["median", "tie", 1, [{ index: [0], branches: [0, 2, 2, 2], ties: 3 }]]]);
  });

  test.each<[string, (x: Tensor) => Tensor, number[]]>([
    ["a sort without ties", (x) => sort(x), [3, 1, 2]],
    ["a sort of one element", (x) => sort(x), [3]],
    ["a median that ties elsewhere", (x) => median(x), [0, 5, 3, 0, 9]],
    ["a median of an even number whose two in the middle tie alone", (x) => median(x), [0, 2, 2, 9]],
  ])("say that %s is smooth", (_says, f, x) => {
    expect(kinks(f, [tensor(x)]).status).toBe(3);
  });

  test("count what is close within a tolerance", () => {
    expect(kinks((x: Tensor) => sort(x), [tensor([1, 3, 1.25])], { tolerance: 0.5 }).status).toBe(1);
    expect(kinks((x: Tensor) => median(x), [tensor([1, 3, 1.25])], { tolerance: 0.5 }).status).toBe(1);
    expect(kinks((x: Tensor) => median(x), [tensor([1, 3, 2])], { tolerance: 0.5 }).status).toBe(3);
  });

  test("say that NaN is no tie", () => {
    expect(kinks((x: Tensor) => sort(x), [tensor([NaN, NaN, 1])]).kinks).toEqual([]);
  });

  test("tell another order than that of the recording", () => {
    const told = (f: (x: Tensor) => Tensor, x: number[], recorded: number[]): number =>
      kinks(f, [tensor(x)], { recordedAt: [tensor(recorded)] }).status;
    expect(told((x) => sort(x), [1, 3, 2], [1, 2, 3])).toBe(2);
    expect(told((x) => sort(x), [1, 5, 9], [1, 2, 3])).toBe(3);
    expect(told((x) => median(x), [1, 3, 2], [1, 2, 3])).toBe(2);
    expect(told((x) => median(x), [4, 2, 1], [3, 2, 1])).toBe(3);
    expect(told((x) => median(x), [4, 2], [2, 4])).toBe(2);
  });

  test("find jumps in derivatives", () => {
    const gradient = grad((x: Tensor) => sum(mul(sort(x), tensor([1, 2]))));
    expect(kinks(gradient, [tensor([1, 1])]).kinks.map(({ name, type }) => [name, type])).toContainEqual([
      "tieOrder",
      "jump",
    ]);
    expect(kinks(gradient, [tensor([1, 2])]).status).toBe(3);
    const slope = grad((x: Tensor) => median(x));
    expect(kinks(slope, [tensor([1, 1, 2])]).kinks.map(({ name, type }) => [name, type])).toContainEqual([
      "tieWeights",
      "jump",
    ]);
  });
});
