// Acceptance list A: functions whose generalized derivatives at a point are known exactly.
// Left out here, because they need a computation of sets: detecting A12, A13 and A26, the realizable choices of A8 by the
// engine itself, and minimum-norm elements. Below, each derivative is compared with sets that are written out by hand.
import { describe, expect, test } from "vitest";
import {
  abs,
  add,
  atKink,
  atZero,
  blend,
  exp,
  first,
  grad,
  greater,
  hardtanh,
  hessian,
  jacobianReverse,
  jvp,
  last,
  leakyRelu,
  log1p,
  max,
  maximum,
  maxPool2d,
  minimum,
  neg,
  norm1,
  norm2,
  normInf,
  random,
  relu,
  relu6,
  type Select,
  softplus,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tensor,
  uniform,
  where,
  zeros,
} from "./index.ts";

type Vector = readonly number[];
type Program = (...xs: Tensor[]) => Tensor;

/** Where a derivative lies: a limit of gradients, in their convex hull only, or outside. */
type Place = "B" | "Clarke" | "outside";
type Choice = readonly [says: string, select: Select, derivative: Vector, place: Place];

interface Row {
  readonly says: string;
  readonly f: Program;
  readonly at: Vector;
  readonly isLimit: (v: Vector) => boolean;
  readonly isClarke: (v: Vector) => boolean;
  readonly choices: readonly Choice[];
}

/** The numbers of a tensor; -0 counts as 0. */
const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** The gradient of a function of numbers, which both modes must agree on. */
function gradient(f: Program, at: Vector, select: Select = {}): number[] {
  const args = at.map((x) => tensor(x));
  const reverse = grad(f, { select, wrt: at.map((_, i) => i) })(...args).flatMap(numbers);
  const forward = at.map((_, i) => {
    const unit = at.map((_other, j) => tensor(i === j ? 1 : 0));
    return numbers(jvp(f, args, unit, { select })[1])[0];
  });
  expect(forward).toEqual(reverse);
  return reverse;
}

const oneOf =
  (...limits: Vector[]) =>
  (v: Vector): boolean =>
    limits.some((limit) => limit.every((x, i) => x === v[i]));
const interval =
  (low: number, high: number) =>
  ([x = NaN]: Vector): boolean =>
    low <= x && x <= high;
const total = (v: Vector): number => v.reduce((a, b) => a + b, 0);
const inSquare = (v: Vector): boolean => v.every((x) => Math.abs(x) <= 1);
const inCross = (v: Vector): boolean => total(v.map(Math.abs)) <= 1;
const onSimplex =
  (tied: Vector) =>
  (v: Vector): boolean =>
    v.every((x, i) => (tied.includes(i) ? x >= 0 : x === 0)) && total(v) === 1;

/** Convex weights of v = a (1, 0) + b (0, -1) + c (-1, 1). */
function inTriangle([x = NaN, y = NaN]: Vector): boolean {
  const b = (1 - x - 2 * y) / 3;
  return Math.min(b, y + b, x + y + b) >= 0;
}

const four = (key: string, choices: { first: Vector; last: Vector; uniform: Vector; blend: Vector }): Choice[] => [
  ["first", { [key]: first }, choices.first, "B"],
  ["last", { [key]: last }, choices.last, "B"],
  ["uniform", { [key]: uniform }, choices.uniform, "Clarke"],
  ["blend(first, uniform, 10)", { [key]: blend(first, uniform, 10) }, choices.blend, "outside"],
];

const signs: readonly Vector[] = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
];

const unitChoices = (key: string): Choice[] => [
  ...four(key, { first: [0], last: [1], uniform: [0.5], blend: [5] }),
  ["atKink(0.25)", { [key]: atKink(0.25) }, [0.25], "Clarke"],
  ["atKink(-1)", { [key]: atKink(-1) }, [-1], "outside"],
];

const absoluteChoices: readonly Choice[] = [
  ["default", {}, [0], "Clarke"],
  ...four("abs", { first: [-1], last: [1], uniform: [0], blend: [9] }),
  ["atKink(0.25)", { abs: atKink(0.25) }, [-0.5], "Clarke"],
  ["atKink(2)", { abs: atKink(2) }, [3], "outside"],
];

const row = (
  says: string,
  f: Program,
  at: Vector,
  sets: Pick<Row, "isLimit" | "isClarke">,
  choices: readonly Choice[],
): Row => ({
  says,
  f,
  at,
  ...sets,
  choices,
});

const unit = { isLimit: oneOf([0], [1]), isClarke: interval(0, 1) };
const pair = { isLimit: oneOf([1, 0], [0, 1]), isClarke: onSimplex([0, 1]) };
const pairChoices = (key: string): Choice[] => [
  ["default", {}, [0.5, 0.5], "Clarke"],
  ...four(key, { first: [1, 0], last: [0, 1], uniform: [0.5, 0.5], blend: [-4, 5] }),
  ["atKink(0.25)", { [key]: atKink(0.25) }, [0.75, 0.25], "Clarke"],
];

const rows: readonly Row[] = [
  row(
    "A1 |x| at 0",
    (x) => abs(x as Tensor),
    [0],
    { isLimit: oneOf([-1], [1]), isClarke: interval(-1, 1) },
    absoluteChoices,
  ),
  row("A2 max(x, 0) at 0, as relu", (x) => relu(x as Tensor), [0], unit, [
    ["default", {}, [0], "B"],
    ...unitChoices("relu"),
  ]),
  row("A2 max(x, 0) at 0, as maximum", (x) => maximum(0, x as Tensor), [0], unit, [
    ["default", {}, [0.5], "Clarke"],
    ...unitChoices("maximum"),
  ]),
  row(
    "A3 leaky relu of slope 1/2 at 0",
    (x) => leakyRelu(x as Tensor, 0.5),
    [0],
    { isLimit: oneOf([0.5], [1]), isClarke: interval(0.5, 1) },
    four("leakyRelu", { first: [0.5], last: [1], uniform: [0.75], blend: [3] }),
  ),
  row(
    "A3 leaky relu of slope 3 at 0",
    (x) => leakyRelu(x as Tensor, 3),
    [0],
    { isLimit: oneOf([3], [1]), isClarke: interval(1, 3) },
    four("leakyRelu", { first: [3], last: [1], uniform: [2], blend: [-7] }),
  ),
  row("A4 hardtanh at -1", (x) => hardtanh(x as Tensor), [-1], unit, unitChoices("hardtanh")),
  row("A4 hardtanh at 1", (x) => hardtanh(x as Tensor), [1], unit, unitChoices("hardtanh")),
  row("A4 relu6 at 0", (x) => relu6(x as Tensor), [0], unit, unitChoices("relu6")),
  row("A4 relu6 at 6", (x) => relu6(x as Tensor), [6], unit, unitChoices("relu6")),
  row("A5 max(x, y) at x = y", (x, y) => maximum(x as Tensor, y as Tensor), [3, 3], pair, pairChoices("maximum")),
  row("A6 min(x, y) at x = y", (x, y) => minimum(x as Tensor, y as Tensor), [3, 3], pair, pairChoices("minimum")),
  row(
    "A7 the maximum of five, four of which tie",
    (...xs) => max(stack(xs)),
    [5, 5, 1, 5, 5],
    {
      isLimit: oneOf([1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]),
      isClarke: onSimplex([0, 1, 3, 4]),
    },
    [
      ["default", {}, [0.25, 0.25, 0, 0.25, 0.25], "Clarke"],
      ...four("max", {
        first: [1, 0, 0, 0, 0],
        last: [0, 0, 0, 0, 1],
        uniform: [0.25, 0.25, 0, 0.25, 0.25],
        blend: [-6.5, 2.5, 0, 2.5, 2.5],
      }),
    ],
  ),
  row("A9 the 1-norm at 0", (...xs) => norm1(stack(xs)), [0, 0], { isLimit: oneOf(...signs), isClarke: inSquare }, [
    ["default", {}, [0, 0], "Clarke"],
    ...four("norm1", { first: [-1, -1], last: [1, 1], uniform: [0, 0], blend: [9, 9] }),
    ["atKink(0.25)", { norm1: atKink(0.25) }, [-0.5, -0.5], "Clarke"],
  ]),
  row(
    "A10 the max-norm at 0",
    (...xs) => normInf(stack(xs)),
    [0, 0],
    { isLimit: oneOf([1, 0], [-1, 0], [0, 1], [0, -1]), isClarke: inCross },
    [
      ["default", {}, [0, 0], "Clarke"],
      ...four("normInf", { first: [-1, 0], last: [0, 1], uniform: [0, 0], blend: [9, 0] }),
    ],
  ),
  row(
    "A11 the Euclidean norm at 0",
    (...xs) => norm2(stack(xs)),
    [0, 0],
    { isLimit: (v) => Math.hypot(...v) === 1, isClarke: (v) => Math.hypot(...v) <= 1 },
    [
      ["default", {}, [0, 0], "Clarke"],
      ["atZero(zero)", { norm2: atZero("zero") }, [0, 0], "Clarke"],
      ["atZero(ones), too long for two entries", { norm2: atZero("ones") }, [1, 1], "outside"],
      ["a unit vector", { norm2: atZero(() => [0, -1]) }, [0, -1], "B"],
    ],
  ),
  row(
    "A11 the Euclidean norm at 0 of one entry",
    (...xs) => norm2(stack(xs)),
    [0],
    { isLimit: oneOf([-1], [1]), isClarke: interval(-1, 1) },
    [["atZero(ones)", { norm2: atZero("ones") }, [1], "B"]],
  ),
  row(
    "A12 |x| - |x| at 0: equal choices cancel, different ones give what no gradient is",
    (x) => sub(abs(x as Tensor, { site: "left" }), abs(x as Tensor, { site: "right" })),
    [0],
    { isLimit: oneOf([0]), isClarke: oneOf([0]) },
    [
      ["default", {}, [0], "B"],
      ["first", { abs: first }, [0], "B"],
      ["last", { abs: last }, [0], "B"],
      ["blend(first, uniform, 10)", { abs: blend(first, uniform, 10) }, [0], "B"],
      ["last and first", { "abs@left": last, "abs@right": first }, [2], "outside"],
      ["first and last", { "abs@left": first, "abs@right": last }, [-2], "outside"],
      ["last and uniform", { "abs@left": last }, [1], "outside"],
      ["atKink(0.75) and uniform", { "abs@left": atKink(0.75) }, [0.5], "outside"],
    ],
  ),
  row(
    "A13 relu(x) - relu(-x) = x at 0 gives 2 s, right for s = 1/2 only",
    (x) => sub(relu(x as Tensor), relu(neg(x as Tensor))),
    [0],
    { isLimit: oneOf([1]), isClarke: oneOf([1]) },
    [
      ["first", { relu: first }, [0], "outside"],
      ["last", { relu: last }, [2], "outside"],
      ["uniform", { relu: uniform }, [1], "B"],
      ["atKink(0.25)", { relu: atKink(0.25) }, [0.5], "outside"],
      ["atKink(0.5)", { relu: atKink(0.5) }, [1], "B"],
    ],
  ),
  row(
    "A14 relu(x) + relu(-x) = |x| at 0 gives 0 for every equal choice",
    (x) => add(relu(x as Tensor, { site: "plus" }), relu(neg(x as Tensor), { site: "minus" })),
    [0],
    { isLimit: oneOf([-1], [1]), isClarke: interval(-1, 1) },
    [
      ["first", { relu: first }, [0], "Clarke"],
      ["last", { relu: last }, [0], "Clarke"],
      ["uniform", { relu: uniform }, [0], "Clarke"],
      ["last and first", { "relu@plus": last }, [1], "B"],
      ["first and last", { "relu@minus": last }, [-1], "B"],
      ["atKink(2) and first", { "relu@plus": atKink(2) }, [2], "outside"],
    ],
  ),
  row(
    "A15 ||x| - 1| at 0, a local maximum",
    (x) => abs(sub(abs(x as Tensor), 1)),
    [0],
    { isLimit: oneOf([-1], [1]), isClarke: interval(-1, 1) },
    [
      ["default", {}, [0], "Clarke"],
      ...four("abs", { first: [1], last: [-1], uniform: [0], blend: [-9] }),
      ["atKink(0.25)", { abs: atKink(0.25) }, [0.5], "Clarke"],
    ],
  ),
  row(
    "A16 |x| - |y| at 0, a saddle",
    (x, y) => sub(abs(x as Tensor, { site: "x" }), abs(y as Tensor, { site: "y" })),
    [0, 0],
    { isLimit: oneOf(...signs), isClarke: inSquare },
    [
      ["default, the 0 of a point that is no minimum", {}, [0, 0], "Clarke"],
      ...four("abs", { first: [-1, 1], last: [1, -1], uniform: [0, 0], blend: [9, -9] }),
      ["last and first", { "abs@x": last, "abs@y": first }, [1, 1], "B"],
      ["first and last", { "abs@x": first, "abs@y": last }, [-1, -1], "B"],
    ],
  ),
  row(
    "A17 |x - |y|| at 0",
    (x, y) => abs(sub(x as Tensor, abs(y as Tensor, { site: "inner" })), { site: "outer" }),
    [0, 0],
    { isLimit: oneOf(...signs), isClarke: inSquare },
    [
      ["default", {}, [0, 0], "Clarke"],
      ["first", { abs: first }, [-1, -1], "B"],
      ["last", { abs: last }, [1, -1], "B"],
      ["outer last, inner first", { "abs@outer": last, "abs@inner": first }, [1, 1], "B"],
      ["outer first, inner last", { "abs@outer": first, "abs@inner": last }, [-1, 1], "B"],
      ["outer last, inner uniform", { "abs@outer": last }, [1, 0], "Clarke"],
      ["blend(first, uniform, 10)", { abs: blend(first, uniform, 10) }, [9, -81], "outside"],
    ],
  ),
  row(
    "A18 max(min(x, -y), y - x) at 0",
    (x, y) => maximum(minimum(x as Tensor, neg(y as Tensor)), sub(y as Tensor, x as Tensor)),
    [0, 0],
    { isLimit: oneOf([1, 0], [0, -1], [-1, 1]), isClarke: inTriangle },
    [
      ["default", {}, [-0.25, 0.25], "Clarke"],
      ["first", { maximum: first, minimum: first }, [1, 0], "B"],
      ["last", { maximum: last, minimum: last }, [-1, 1], "B"],
      ["max first, min last", { maximum: first, minimum: last }, [0, -1], "B"],
      ["max first, min uniform", { maximum: first }, [0.5, -0.5], "Clarke"],
      ["max uniform, min first", { minimum: first }, [0, 0.5], "Clarke"],
      ["max atKink(2), min first", { maximum: atKink(2), minimum: first }, [-3, 2], "outside"],
    ],
  ),
  row(
    "A26 softplus as one operation, whatever is selected",
    (x) => softplus(x as Tensor),
    [0],
    { isLimit: oneOf([0.5]), isClarke: oneOf([0.5]) },
    [
      ["default", {}, [0.5], "B"],
      ["last", { relu: last, abs: last, maximum: last }, [0.5], "B"],
    ],
  ),
  row(
    "A26 max(x, 0) + log1p(exp(-|x|)) at 0, right for matching choices only",
    (x) => add(relu(x as Tensor), log1p(exp(neg(abs(x as Tensor))))),
    [0],
    { isLimit: oneOf([0.5]), isClarke: oneOf([0.5]) },
    [
      ["default", {}, [0], "outside"],
      ["first and first", { relu: first, abs: first }, [0.5], "B"],
      ["last and last", { relu: last, abs: last }, [0.5], "B"],
      ["uniform and uniform", { relu: uniform, abs: uniform }, [0.5], "B"],
      ["atKink(0.25) and atKink(0.25)", { relu: atKink(0.25), abs: atKink(0.25) }, [0.5], "B"],
      ["last and first", { relu: last, abs: first }, [1.5], "outside"],
      ["first and last", { relu: first, abs: last }, [-0.5], "outside"],
    ],
  ),
  row(
    "A27 the first derivative of |t|² at 0",
    (x) => square(abs(x as Tensor)),
    [0],
    { isLimit: oneOf([0]), isClarke: oneOf([0]) },
    [
      ["default", {}, [0], "B"],
      ["first", { abs: first }, [0], "B"],
      ["last", { abs: last }, [0], "B"],
      ["blend(first, uniform, 10)", { abs: blend(first, uniform, 10) }, [0], "B"],
    ],
  ),
  row(
    "A28 where(x > 0, sqrt(x), 0) at -1",
    (x) => where(greater(x as Tensor, 0), sqrt(x as Tensor), 0),
    [-1],
    { isLimit: oneOf([0]), isClarke: oneOf([0]) },
    [["default", {}, [0], "B"]],
  ),
];

describe.each(rows.map((each) => [each.says, each] as const))("%s", (_row, { f, at, isLimit, isClarke, choices }) => {
  test.each(choices)("%s", (_says, select, derivative, place) => {
    const found = gradient(f, at, select);
    expect(found).toEqual(derivative);
    const measured: Place = isLimit(found) ? "B" : isClarke(found) ? "Clarke" : "outside";
    expect(measured).toBe(place);
  });

  test("no choice gives NaN", () => {
    for (const [, select] of choices) expect(gradient(f, at, select).every(Number.isFinite)).toBe(true);
  });
});

const numbered = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("random draws a limit of gradients of a single kink", () => {
  const single = rows.filter(({ says }) => /^A(1|2|3|4|5|6|7|9|10) /.test(says));
  test.each(single.map((each) => [each.says, each] as const))("%s", (_says, { f, at, isLimit }) => {
    const keys = ["abs", "relu", "maximum", "leakyRelu", "hardtanh", "relu6", "minimum", "max", "norm1", "normInf"];
    for (const seed of numbered(16)) {
      const select = Object.fromEntries(keys.map((key) => [key, random(seed)]));
      expect(isLimit(gradient(f, at, select))).toBe(true);
    }
  });

  test("A12 random draws differently at its two kinks, and so leaves the set", () => {
    const f: Program = (x) => sub(abs(x as Tensor), abs(x as Tensor));
    const drawn = numbered(32).map((seed) => gradient(f, [0], { abs: random(seed) })[0]);
    expect([...new Set(drawn)].toSorted()).toEqual([-2, 0, 2]);
  });
});

test("A5 (0, 0), (1, 1) and (1/2, 0) are never returned: the two entries sum to 1", () => {
  const choices = [first, last, uniform, blend(first, uniform, 10), random(5), ...[-2, 0, 0.25, 1, 7].map(atKink)];
  for (const choice of choices)
    expect(total(gradient((x, y) => maximum(x as Tensor, y as Tensor), [1, 1], { maximum: choice }))).toBe(1);
});

test("A18 contains 0: equal weights of its three limits", () => {
  const f = rows.find(({ says }) => says.startsWith("A18"))?.f as Program;
  for (const entry of gradient(f, [0, 0], { maximum: atKink(1 / 3) })) expect(entry).toBeCloseTo(0, 15);
});

describe("A8 2x2 max-pool where all pixels are equal", () => {
  const shares = (size: number, stride: number, select: Select): number[] =>
    numbers(grad((x: Tensor) => sum(maxPool2d(x, { window: 2, stride })), { select })(zeros([1, 1, size, size])));

  test("disjoint windows choose for themselves, and every product of choices is a limit", () => {
    expect(shares(4, 2, { maxPool2d: first })).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    expect(shares(4, 2, { maxPool2d: last })).toEqual([0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1]);
    expect(shares(4, 2, { maxPool2d: uniform })).toEqual(Array(16).fill(0.25));
    const draws = shares(4, 2, { maxPool2d: random(1) });
    expect([0, 2, 8, 10].map((corner) => total([0, 1, 4, 5].map((cell) => draws[corner + cell] as number)))).toEqual([
      1, 1, 1, 1,
    ]);
  });

  test("overlapping windows add up what they choose", () => {
    expect(shares(3, 1, { maxPool2d: first })).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0]);
    expect(shares(3, 1, { maxPool2d: last })).toEqual([0, 0, 0, 0, 1, 1, 0, 1, 1]);
    expect(shares(3, 1, { maxPool2d: uniform })).toEqual([0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25]);
  });

  test("the mass of ties is preserved for every choice", () => {
    for (const choice of [first, last, uniform, blend(first, uniform, 10), random(3)]) {
      expect(total(shares(3, 1, { maxPool2d: choice }))).toBe(4);
      expect(total(shares(4, 2, { maxPool2d: choice }))).toBe(4);
    }
  });

  const cornersOfWindows = [0, 1, 3, 4];
  const cellsOf = (corner: number): number[] => [0, 1, 3, 4].map((cell) => corner + cell);

  /** A choice of one winner per window is realizable when "winner above every other cell" has no cycle. */
  function isRealizable(winners: readonly number[]): boolean {
    const above = winners.flatMap((winner, i) =>
      cellsOf(cornersOfWindows[i] as number).flatMap((cell) => (cell === winner ? [] : [[winner, cell] as const])),
    );
    let left = numbered(9);
    for (const _round of numbered(9))
      left = left.filter((cell) => above.some(([high, low]) => low === cell && left.includes(high)));
    return left.length === 0;
  }

  const winnersOf = (select: Select): number[] => {
    const pool = (x: Tensor): Tensor => sum(maxPool2d(x, { window: 2, stride: 1 }), { axes: [0, 1] });
    const rowsOfJacobian = numbers(
      jacobianReverse((v: Tensor) => pool(stack([stack([v])])), [zeros([3, 3])], { select }),
    );
    return numbered(4).map((window) => rowsOfJacobian.slice(9 * window, 9 * window + 9).indexOf(1));
  };

  test("of the 256 choices in overlapping windows 150 are realizable", () => {
    const all = numbered(256).map((n) =>
      cornersOfWindows.map((corner, i) => cellsOf(corner)[Math.floor(n / 4 ** i) % 4] as number),
    );
    expect(all.filter(isRealizable).length).toBe(150);
  });

  test("first and last are realizable; random also returns choices that are not", () => {
    expect([first, last].map((choice) => isRealizable(winnersOf({ maxPool2d: choice })))).toEqual([true, true]);
    const drawn = numbered(24).map((seed) => isRealizable(winnersOf({ maxPool2d: random(seed) })));
    expect([...new Set(drawn)].toSorted()).toEqual([false, true]);
  });
});

describe("A27 the second derivative of |t|² at 0 is 2", () => {
  const f = (x: Tensor): Tensor => square(abs(x));
  const second = (select: Select): number[] => numbers(hessian(f, [tensor(0)], { select }));

  test("with abs'(0) = -1 or 1, and with no choice between", () => {
    expect([first, last, random(1), random(2)].map((choice) => second({ abs: choice }))).toEqual([[2], [2], [2], [2]]);
    expect([uniform, atKink(0.25), atKink(0.75)].map((choice) => second({ abs: choice }))).toEqual([[0], [0.5], [0.5]]);
    expect(second({})).toEqual([0]);
  });

  test("away from 0 it is 2 whatever is selected", () => {
    for (const choice of [first, last, uniform]) {
      expect(numbers(hessian(f, [tensor(-3)], { select: { abs: choice } }))).toEqual([2]);
    }
  });
});

describe("A28 where(x > 0, sqrt(x), 0) is never NaN", () => {
  const f = (x: Tensor): Tensor => where(greater(x, 0), sqrt(x), 0);
  test.each([-1, -0, 0])("at %d", (x) => {
    expect(numbers(f(tensor(x)))).toEqual([0]);
    expect(gradient(f as Program, [x])).toEqual([0]);
    expect(numbers(hessian(f, [tensor(x)]))).toEqual([0]);
    expect(numbers(grad(grad(f))(tensor(x)))).toEqual([0]);
  });
});
