// Acceptance list B: classical problems of nonsmooth optimization, at their start and at the kink where they are optimal.
// What a solver or a computation of sets would add is for other packages.
import { describe, expect, test } from "vitest";
import {
  abs,
  add,
  atKink,
  exp,
  grad,
  kinks,
  max,
  mul,
  relu,
  type Select,
  slice,
  square,
  squeeze,
  stack,
  sub,
  type Tensor,
  tensor,
  weights,
} from "./index.ts";

type Piece = (x: Tensor, y: Tensor) => Tensor;

interface Problem {
  readonly name: string;
  readonly f: (z: Tensor) => Tensor;
  readonly start: readonly [number, number];
  readonly atStart: number;
  readonly optimum: readonly [number, number];
  readonly value: number;
  /** The pieces that are active at the optimum. */
  readonly active: readonly Piece[];
  /** Their convex weights, which make the gradients cancel. */
  readonly multipliers: readonly number[];
  /** How exactly the optimum is written down: branches tie within it. */
  readonly within: number;
  /** Choices at the kink under which the gradient is the convex combination, where ties are exact. */
  readonly select?: Select;
}

const entry = (z: Tensor, i: number): Tensor => squeeze(slice(z, [i], [i + 1]));
const onPair =
  (piece: Piece) =>
  (z: Tensor): Tensor =>
    piece(entry(z, 0), entry(z, 1));
const largest = (...pieces: Piece[]): ((z: Tensor) => Tensor) =>
  onPair((x, y) => max(stack(pieces.map((piece) => piece(x, y)))));

const fourth = (x: Tensor): Tensor => square(square(x));
const total = (...parts: Tensor[]): Tensor => parts.reduce((a, b) => add(a, b));
const shared = (...list: number[]) => weights((ties) => (ties === list.length ? list : Array(ties).fill(1 / ties)));

const exponential: Piece = (x, y) => mul(2, exp(sub(y, x)));
const towards2: Piece = (x, y) => add(square(sub(2, x)), square(sub(2, y)));
const cb2: Piece = (x, y) => add(square(x), fourth(y));
const cb3: Piece = (x, y) => add(fourth(x), square(y));
const dem: readonly Piece[] = [
  (x, y) => add(mul(5, x), y),
  (x, y) => add(mul(-5, x), y),
  (x, y) => total(square(x), square(y), mul(4, y)),
];
const bowl: Piece = (x, y) => add(square(x), square(y));
const ql: readonly Piece[] = [
  bowl,
  (x, y) => add(bowl(x, y), mul(10, add(sub(mul(-4, x), y), 4))),
  (x, y) => add(bowl(x, y), mul(10, add(sub(mul(-1, x), mul(2, y)), 6))),
];
const lq: readonly Piece[] = [(x, y) => mul(-1, add(x, y)), (x, y) => add(mul(-1, add(x, y)), sub(bowl(x, y), 1))];
const outside: Piece = (x, y) => sub(bowl(x, y), 1);
const root = Math.SQRT1_2;

const problems: readonly Problem[] = [
  {
    name: "B1 CB2",
    f: largest(cb2, towards2, exponential),
    start: [1, -0.1],
    atStart: 5.41,
    optimum: [1.13903765, 0.89955994],
    value: 1.9522244939,
    active: [cb2, towards2],
    multipliers: [0.43048, 0.56952],
    within: 1e-7,
  },
  {
    name: "B2 CB3",
    f: largest(cb3, towards2, exponential),
    start: [2, 2],
    atStart: 20,
    optimum: [1, 1],
    value: 2,
    active: [cb3, towards2, exponential],
    multipliers: [1 / 3, 1 / 2, 1 / 6],
    within: 0,
    select: { max: shared(1 / 3, 1 / 2, 1 / 6) },
  },
  {
    name: "B3 DEM",
    f: largest(...dem),
    start: [1, 1],
    atStart: 6,
    optimum: [0, -3],
    value: -3,
    active: dem,
    multipliers: [1 / 3, 1 / 3, 1 / 3],
    within: 0,
    select: {},
  },
  {
    name: "B4 QL",
    f: largest(...ql),
    start: [-1, 5],
    atStart: 56,
    optimum: [1.2, 2.4],
    value: 7.2,
    active: [ql[0], ql[2]] as Piece[],
    multipliers: [0.76, 0.24],
    within: 1e-13,
  },
  {
    name: "B5 LQ",
    f: largest(...lq),
    start: [-0.5, -0.5],
    atStart: 1,
    optimum: [root, root],
    value: -2 * root,
    active: lq,
    multipliers: [1 - root, root],
    within: 1e-13,
  },
  {
    name: "B6 Mifflin 1",
    f: onPair((x, y) => add(mul(-1, x), mul(20, relu(outside(x, y))))),
    start: [0.8, 0.6],
    atStart: -0.8,
    optimum: [1, 0],
    value: -1,
    active: [(x) => mul(-1, x), (x, y) => add(mul(-1, x), mul(20, outside(x, y)))],
    multipliers: [39 / 40, 1 / 40],
    within: 0,
    select: { relu: atKink(1 / 40) },
  },
  {
    name: "B7 Mifflin 2",
    f: onPair((x, y) => total(mul(-1, x), mul(2, outside(x, y)), mul(1.75, abs(outside(x, y))))),
    start: [-1, -1],
    atStart: 4.75,
    optimum: [1, 0],
    value: -1,
    active: [
      (x, y) => total(mul(-1, x), mul(3.75, outside(x, y))),
      (x, y) => total(mul(-1, x), mul(0.25, outside(x, y))),
    ],
    multipliers: [1 / 14, 13 / 14],
    within: 0,
    // abs has its branches [-r, r]: the second one is the first active piece.
    select: { abs: atKink(1 / 14) },
  },
];

const numberOf = (x: Tensor): number => x.data[0] as number;
const gradient = (f: (z: Tensor) => Tensor, at: readonly number[], select: Select = {}): number[] =>
  Array.from(grad(f, { select })(tensor([...at])).data);

describe.each(problems)("$name", (problem) => {
  const { f, start, atStart, optimum, value, active, multipliers, within } = problem;

  test("has its values at the start and at the optimum", () => {
    expect(numberOf(f(tensor([...start])))).toBeCloseTo(atStart, 12);
    expect(Math.abs(numberOf(f(tensor([...optimum]))) - value)).toBeLessThan(1e-7);
  });

  test("sits on a kink at the optimum, and the report says which branches meet there", () => {
    const report = kinks(f, [tensor([...optimum])], { tolerance: within });
    expect(report.status).toBe(1);
    expect(report.kinks).toHaveLength(1);
    expect(report.kinks[0]?.places[0]?.ties).toBe(active.length);
  });

  test("has active pieces whose gradients cancel under convex weights", () => {
    expect(multipliers.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
    const gradients = active.map((piece) => gradient(onPair(piece), optimum));
    for (const axis of [0, 1]) {
      const sum = gradients.reduce((sofar, g, i) => sofar + (multipliers[i] as number) * (g[axis] as number), 0);
      expect(Math.abs(sum)).toBeLessThan(within < 1e-8 ? 1e-12 : 2e-4);
    }
  });

  test("is smooth a step away, and the derivative there is that of one active piece", () => {
    const near = [(optimum[0] as number) + 1e-3, (optimum[1] as number) + 2e-3];
    expect(kinks(f, [tensor(near)]).status).toBe(3);
    const found = gradient(f, near);
    const pieces = active.map((piece) => gradient(onPair(piece), near));
    const isClose = (g: readonly number[]): boolean =>
      g.every((part, i) => Math.abs(part - (found[i] as number)) < 1e-9);
    expect(pieces.some(isClose)).toBe(true);
  });
});

test.each(problems.flatMap(({ name, f, optimum, select }) => (select ? [{ name, f, optimum, select }] : [])))(
  "$name is stationary under the choice that has those weights",
  ({ f, optimum, select }) => {
    for (const part of gradient(f, optimum, select)) expect(Math.abs(part)).toBeLessThan(1e-12);
  },
);

test("B6 starts on its kink, and B3 does", () => {
  const starts = (name: string): number => {
    const { f, start } = problems.find((problem) => problem.name.startsWith(name)) as Problem;
    return kinks(f, [tensor([...start])], { tolerance: 1e-12 }).status;
  };
  expect([starts("B6"), starts("B3"), starts("B2")]).toEqual([1, 1, 3]);
});

describe("what a report says of the traps of list A", () => {
  test.each<[string, (x: Tensor) => Tensor, number, string[]]>([
    ["A12 |x| - |x|: two kinks, which cancel", (x) => sub(abs(x), abs(x)), 0, ["abs", "abs"]],
    ["A13 relu(x) - relu(-x)", (x) => sub(relu(x), relu(mul(-1, x))), 0, ["relu", "relu"]],
    ["A15 ||x| - 1| at 0: the inner one", (x) => abs(sub(abs(x), 1)), 0, ["abs"]],
    ["A15 ||x| - 1| at 1: the outer one", (x) => abs(sub(abs(x), 1)), 1, ["abs"]],
    ["A27 |x| squared", (x) => square(abs(x)), 0, ["abs"]],
  ])("%s", (_says, f, at, names) => {
    const report = kinks(f, [tensor(at)]);
    expect([report.status, report.kinks.map(({ name }) => name)]).toEqual([1, names]);
  });
});
