// Acceptance list A where one element or one directional derivative decides: functions whose limits of gradients at a
// point are known exactly. Over many seeds every element is such a limit, and every limit is found.
import {
  abs,
  add,
  exp,
  greater,
  hardtanh,
  leakyRelu,
  log1p,
  max,
  maximum,
  maxPool2d,
  minimum,
  mul,
  neg,
  norm1,
  norm2,
  normInf,
  relu,
  relu6,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  where,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { clarkeElement, directionalDerivative } from "./index.ts";

type Program = (...xs: Tensor[]) => Tensor;
type Vector = readonly number[];

interface Row {
  readonly says: string;
  readonly f: Program;
  readonly at: Vector;
  /** All limits of gradients at nearby points. */
  readonly limits: readonly Vector[];
}

const signs: Vector[] = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
];
const units = (n: number, ...tied: number[]): Vector[] =>
  tied.map((i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));

/** A function of one vector as a function of its entries. */
const ofVector =
  (f: (x: Tensor) => Tensor): Program =>
  (...xs) =>
    f(vector(xs));
const vector = (xs: readonly Tensor[]): Tensor =>
  xs.map((x, i) => mul(x, tensor(units(xs.length, i)[0] as number[]))).reduce((a, b) => add(a, b));

const rows: readonly Row[] = [
  { says: "A1 |x|", f: (x) => abs(x as Tensor), at: [0], limits: [[-1], [1]] },
  { says: "A2 max(x, 0)", f: (x) => maximum(x as Tensor, 0), at: [0], limits: [[0], [1]] },
  { says: "A2 relu", f: (x) => relu(x as Tensor), at: [0], limits: [[0], [1]] },
  { says: "A3 leaky relu, slope 1/4", f: (x) => leakyRelu(x as Tensor, 0.25), at: [0], limits: [[0.25], [1]] },
  { says: "A3 leaky relu, slope 3", f: (x) => leakyRelu(x as Tensor, 3), at: [0], limits: [[1], [3]] },
  { says: "A4 hardtanh at -1", f: (x) => hardtanh(x as Tensor), at: [-1], limits: [[0], [1]] },
  { says: "A4 hardtanh at 1", f: (x) => hardtanh(x as Tensor), at: [1], limits: [[0], [1]] },
  { says: "A4 relu6 at 0", f: (x) => relu6(x as Tensor), at: [0], limits: [[0], [1]] },
  { says: "A4 relu6 at 6", f: (x) => relu6(x as Tensor), at: [6], limits: [[0], [1]] },
  { says: "A5 max(x, y)", f: (x, y) => maximum(x as Tensor, y as Tensor), at: [3, 3], limits: units(2, 0, 1) },
  { says: "A6 min(x, y)", f: (x, y) => minimum(x as Tensor, y as Tensor), at: [3, 3], limits: units(2, 0, 1) },
  { says: "A7 max of 5, 3 tie", f: ofVector((x) => max(x)), at: [2, 1, 2, 2, 0], limits: units(5, 0, 2, 3) },
  {
    says: "A8 max-pool, all equal",
    f: ofVector((x) => sum(maxPool2d(reshape(x, [1, 1, 2, 2]), { window: 2 }))),
    at: [1, 1, 1, 1],
    limits: units(4, 0, 1, 2, 3),
  },
  { says: "A9 1-norm", f: ofVector((x) => norm1(x)), at: [0, 0], limits: signs },
  {
    says: "A10 max-norm",
    f: ofVector((x) => normInf(x)),
    at: [0, 0],
    limits: [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ],
  },
  { says: "A12 |x| - |x|", f: (x) => sub(abs(x as Tensor), abs(x as Tensor)), at: [0], limits: [[0]] },
  {
    says: "A13 relu(x) - relu(-x), T9",
    f: (x) => sub(relu(x as Tensor), relu(neg(x as Tensor))),
    at: [0],
    limits: [[1]],
  },
  {
    says: "A14 relu(x) + relu(-x)",
    f: (x) => add(relu(x as Tensor), relu(neg(x as Tensor))),
    at: [0],
    limits: [[-1], [1]],
  },
  { says: "A15 ||x| - 1|", f: (x) => abs(sub(abs(x as Tensor), 1)), at: [0], limits: [[-1], [1]] },
  { says: "A16 |x| - |y|", f: (x, y) => sub(abs(x as Tensor), abs(y as Tensor)), at: [0, 0], limits: signs },
  { says: "A17 |x - |y||", f: (x, y) => abs(sub(x as Tensor, abs(y as Tensor))), at: [0, 0], limits: signs },
  {
    says: "A18 max(min(x, -y), y - x)",
    f: (x, y) => maximum(minimum(x as Tensor, neg(y as Tensor)), sub(y as Tensor, x as Tensor)),
    at: [0, 0],
    limits: [
      [1, 0],
      [0, -1],
      [-1, 1],
    ],
  },
  {
    says: "A26 softplus as max(x, 0) + log1p(exp(-|x|))",
    f: (x) => add(maximum(x as Tensor, 0), log1p(exp(neg(abs(x as Tensor))))),
    at: [0],
    limits: [[0.5]],
  },
  { says: "A27 |t|^2", f: (x) => square(abs(x as Tensor)), at: [0], limits: [[0]] },
  {
    says: "A28 where(x > 0, sqrt(x), 0) at -1",
    f: (x) => where(greater(x as Tensor, 0), sqrt(x as Tensor), 0),
    at: [-1],
    limits: [[0]],
  },
  {
    says: "relu(y) - 2 relu(y - x^2), which is not piecewise linear",
    f: (x, y) => sub(relu(y as Tensor), mul(relu(sub(y as Tensor, square(x as Tensor))), 2)),
    at: [0, 0],
    limits: [
      [0, 0],
      [0, -1],
    ],
  },
];

const gradientAt = ({ f, at }: Pick<Row, "f" | "at">, seed: number): number[] =>
  clarkeElement(
    f,
    at.map((x) => tensor(x)),
    { seed, steps: [] },
  ).gradient.map((g) => ((g as Tensor).data[0] as number) + 0);

describe.each(rows)("$says", (row) => {
  const found = Array.from({ length: 60 }, (_, seed) => gradientAt(row, seed));
  const texts = new Set(found.map(String));

  test("every element is a limit of gradients, and every limit is found", () => {
    expect([...texts].toSorted()).toEqual(row.limits.map(String).toSorted());
  });

  test("along its direction the element predicts the slope, and no limit of gradients predicts less than it can", () => {
    const args = row.at.map((x) => tensor(x));
    for (let seed = 0; seed < 10; seed++) {
      const { gradient, certificate } = clarkeElement(row.f, args, { seed });
      const [direction = []] = certificate.directions;
      const along = (v: Vector): number =>
        v.reduce((s, g, i) => s + g * ((direction[i] as Tensor).data[0] as number), 0);
      const slope = directionalDerivative(row.f, args, direction as Tensor[]).data[0] as number;
      const predicted = along(gradient.map((g) => (g as Tensor).data[0] as number));
      expect(slope).toBeCloseTo(predicted, 12);
      expect(certificate.slope).toBe(slope);
      expect(slope).toBeLessThanOrEqual(Math.max(...row.limits.map(along)) + 1e-12);
      expect(slope).toBeGreaterThanOrEqual(Math.min(...row.limits.map(along)) - 1e-12);
      const errors = certificate.residuals.map(({ residual }) => Math.abs(residual as number));
      expect(errors.at(-1)).toBeLessThan(1e-6);
    }
  });
});

test("A11 the Euclidean norm at 0: unit vectors, everywhere on the sphere", () => {
  const seen = Array.from({ length: 200 }, (_, seed) => gradientAt({ f: ofVector((x) => norm2(x)), at: [0, 0] }, seed));
  for (const v of seen) expect(Math.hypot(...v)).toBeCloseTo(1, 14);
  const octants = new Set(seen.map(([x = 0, y = 0]) => `${x > 0} ${y > 0} ${Math.abs(x) > Math.abs(y)}`));
  expect(octants.size).toBe(8);
});

test("A8 windows that overlap: only choices that one image can make, and all of those", () => {
  const weigh = (x: Tensor): Tensor => {
    const pooled = maxPool2d(reshape(x, [1, 1, 2, 3]), { window: 2, stride: 1 });
    return sum(mul(pooled, tensor([[[[1, 10]]]])));
  };
  const winners = (order: Vector): string => {
    const best = (cells: number[]): number =>
      cells.reduce((a, b) => ((order[b] as number) > (order[a] as number) ? b : a));
    const [left, right] = [best([0, 1, 3, 4]), best([1, 2, 4, 5])];
    return String(order.map((_, i) => (i === left ? 1 : 0) + (i === right ? 10 : 0)));
  };
  const permutations = (rest: Vector): Vector[] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((head, i) => permutations(rest.filter((_, j) => i !== j)).map((tail) => [head, ...tail]));
  const realizable = new Set(permutations([0, 1, 2, 3, 4, 5]).map(winners));
  const found = Array.from({ length: 300 }, (_, seed) => {
    const { gradient } = clarkeElement(weigh, [tensor([7, 7, 7, 7, 7, 7])], { seed, steps: [] });
    return String(Array.from(gradient[0].data));
  });
  expect(realizable.size).toBe(14);
  expect([...new Set(found)].toSorted()).toEqual([...realizable].toSorted());
});

test("A8 2 x 2 windows on 3 x 3: no two winners contradict each other", () => {
  const base = [1, 10, 100, 1000];
  const weigh = (x: Tensor): Tensor =>
    sum(mul(maxPool2d(x, { window: 2, stride: 1 }), tensor([[[base.slice(0, 2), base.slice(2)]]])));
  const windows = [0, 1, 3, 4].map((corner) => [corner, corner + 1, corner + 3, corner + 4]);
  const found = new Set<string>();
  for (let seed = 0; seed < 400; seed++) {
    const { gradient } = clarkeElement(weigh, [tensor(new Float64Array(9), { shape: [1, 1, 3, 3] })], {
      seed,
      steps: [],
    });
    const marks = Array.from(gradient[0].data);
    const winners = base.map((b) => marks.findIndex((v) => Math.floor(v / b) % 10 === 1));
    // "the winner is above every other cell of its window" must have no cycle
    const above = winners.map((winner, w) => [winner, (windows[w] as number[]).filter((c) => c !== winner)] as const);
    let left = Array.from({ length: 9 }, (_, i) => i);
    for (let round = 0; round < 9; round++)
      left = left.filter((c) => above.some(([winner, below]) => below.includes(c) && left.includes(winner)));
    expect(left).toEqual([]);
    found.add(String(winners));
  }
  expect(found.size).toBeGreaterThan(75);
  expect(found.size).toBeLessThanOrEqual(150);
});
