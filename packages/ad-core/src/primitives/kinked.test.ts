import { describe, expect, test } from "vitest";
import {
  abs,
  atKink,
  blend,
  clamp,
  first,
  grad,
  hardtanh,
  jvp,
  last,
  leakyRelu,
  maximum,
  minimum,
  random,
  relu,
  relu6,
  type Select,
  type Selection,
  sign,
  sum,
  type Tensor,
  type TieSelection,
  tensor,
  uniform,
  weights,
} from "../index.ts";

/** The numbers of a tensor; -0 counts as 0. */
const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

/** The derivative at a number, which the two modes must agree on. */
function slope(f: (x: Tensor) => Tensor, x: number, select: Select = {}): number {
  const [reverse] = numbers(grad(f, { select })(tensor(x)));
  expect(numbers(jvp(f, [tensor(x)], [tensor(1)], { select })[1])).toEqual([reverse]);
  return reverse as number;
}

const named: Readonly<Record<string, TieSelection | null>> = {
  default: null,
  first,
  last,
  uniform,
  "atKink(0.25)": atKink(0.25),
  "blend(first, uniform, 10)": blend(first, uniform, 10),
  weights: weights((ties) => (ties === 2 ? [0.375, 0.625] : Array<number>(ties).fill(1 / ties))),
};

type Slopes = readonly [
  byDefault: number,
  first: number,
  last: number,
  uniform: number,
  atKink: number,
  blend: number,
  weights: number,
];

/** Branch weights are [1, 0], [0, 1], [1/2, 1/2], [3/4, 1/4], [-4, 5] and [3/8, 5/8]. */
const ofLater: Slopes = [0, 0, 1, 0.5, 0.25, 5, 0.625];
const ofLaterUniform: Slopes = [0.5, 0, 1, 0.5, 0.25, 5, 0.625];
const ofEarlier: Slopes = [1, 1, 0, 0.5, 0.75, -4, 0.375];
const ofEarlierUniform: Slopes = [0.5, 1, 0, 0.5, 0.75, -4, 0.375];

type Row = readonly [says: string, key: string, f: (x: Tensor) => Tensor, kinks: readonly number[], Slopes];

const rows: readonly Row[] = [
  ["relu at 0", "relu", (x) => relu(x), [0, -0], ofLater],
  [
    "leakyRelu with slope 1/2 at 0",
    "leakyRelu",
    (x) => leakyRelu(x, 0.5),
    [0, -0],
    [0.5, 0.5, 1, 0.75, 0.625, 3, 0.8125],
  ],
  ["leakyRelu with slope 3 at 0", "leakyRelu", (x) => leakyRelu(x, 3), [0, -0], [3, 3, 1, 2, 2.5, -7, 1.75]],
  ["leakyRelu with slope -1 at 0", "leakyRelu", (x) => leakyRelu(x, -1), [0, -0], [-1, -1, 1, 0, -0.5, 9, 0.25]],
  ["leakyRelu with slope 0 at 0", "leakyRelu", (x) => leakyRelu(x, 0), [0, -0], ofLater],
  ["relu6 at 0 by its low key", "relu6.low", (x) => relu6(x), [0, -0], ofLater],
  ["relu6 at 6 by its high key", "relu6.high", (x) => relu6(x), [6], ofLater],
  ["relu6 at both by its bare key", "relu6", (x) => relu6(x), [0, -0, 6], ofLater],
  ["hardtanh at -1 by its low key", "hardtanh.low", (x) => hardtanh(x), [-1], ofLater],
  ["hardtanh at 1 by its high key", "hardtanh.high", (x) => hardtanh(x), [1], ofLater],
  ["hardtanh at both by its bare key", "hardtanh", (x) => hardtanh(x), [-1, 1], ofLater],
  ["hardtanh between 2 and 5", "hardtanh", (x) => hardtanh(x, { low: 2, high: 5 }), [2, 5], ofLater],
  ["clamp from below by a number", "clamp", (x) => clamp(x, { low: 2 }), [2], ofLater],
  ["clamp from above by a number", "clamp", (x) => clamp(x, { high: 3 }), [3], ofLater],
  ["clamp from both sides by its bare key", "clamp", (x) => clamp(x, { low: 2, high: 3 }), [2, 3], ofLater],
  ["clamp from below by its low key", "clamp.low", (x) => clamp(x, { low: 2, high: 3 }), [2], ofLater],
  ["clamp from above by its high key", "clamp.high", (x) => clamp(x, { low: 2, high: 3 }), [3], ofLater],
  ["clamp from below by a tensor", "clamp", (x) => clamp(x, { low: tensor(2) }), [2], ofLater],
  ["clamp in its lower bound", "clamp", (bound) => clamp(tensor(2), { low: bound }), [2], ofEarlier],
  ["clamp in its upper bound", "clamp.high", (bound) => clamp(tensor(2), { high: bound }), [2], ofEarlier],
  ["abs at 0", "abs", (x) => abs(x), [0, -0], [0, -1, 1, 0, -0.5, 9, 0.25]],
  ["maximum in its first operand", "maximum", (x) => maximum(x, 3), [3], ofEarlierUniform],
  ["maximum in its second operand", "maximum", (x) => maximum(3, x), [3], ofLaterUniform],
  ["maximum of +0 and -0", "maximum", (x) => maximum(x, -0), [0, -0], ofEarlierUniform],
  ["minimum in its first operand", "minimum", (x) => minimum(x, 3), [3], ofEarlierUniform],
  ["minimum in its second operand", "minimum", (x) => minimum(3, x), [3], ofLaterUniform],
  ["minimum of -0 and +0", "minimum", (x) => minimum(-0, x), [0, -0], ofLaterUniform],
];

describe("every kink with every named selection, in both modes", () => {
  test.each(rows)("%s", (_says, key, f, kinks, expected) => {
    for (const kink of kinks) {
      const found = Object.values(named).map((selection) => slope(f, kink, selection ? { [key]: selection } : {}));
      expect(found).toEqual(expected);
    }
  });

  test.each(rows)("%s: random draws one of the branches, and the same again", (_says, key, f, [kink], expected) => {
    const draw = (seed: number): number => slope(f, kink as number, { [key]: random(seed) });
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    const drawn = seeds.map(draw);
    expect(seeds.map(draw)).toEqual(drawn);
    expect([...new Set(drawn)].toSorted()).toEqual([expected[1], expected[2]].toSorted());
  });

  test.each(rows)("%s: away from the kink all selections agree", (_says, key, f, kinks) => {
    for (const x of [-7, -0.5, 0.5, 2.5, 4, 9].filter((place) => !kinks.includes(place))) {
      const found = Object.values(named).map((selection) => slope(f, x, selection ? { [key]: selection } : {}));
      expect(new Set(found).size).toBe(1);
    }
  });
});

describe("values", () => {
  const inputs = [-7, -0.5, 0, 0.5, 2, 7];
  const cases: readonly (readonly [string, (x: Tensor) => Tensor, readonly number[]])[] = [
    ["relu", (x) => relu(x), [0, 0, 0, 0.5, 2, 7]],
    ["leakyRelu with slope 1/2", (x) => leakyRelu(x, 0.5), [-3.5, -0.25, 0, 0.5, 2, 7]],
    ["leakyRelu with slope 3", (x) => leakyRelu(x, 3), [-21, -1.5, 0, 0.5, 2, 7]],
    ["leakyRelu with its usual slope", (x) => leakyRelu(x), [-0.07, -0.005, 0, 0.5, 2, 7]],
    ["relu6", (x) => relu6(x), [0, 0, 0, 0.5, 2, 6]],
    ["hardtanh", (x) => hardtanh(x), [-1, -0.5, 0, 0.5, 1, 1]],
    ["clamp from below", (x) => clamp(x, { low: -1 }), [-1, -0.5, 0, 0.5, 2, 7]],
    ["clamp from above", (x) => clamp(x, { high: 1 }), [-7, -0.5, 0, 0.5, 1, 1]],
    [
      "clamp with bounds in the wrong order gives the upper one",
      (x) => clamp(x, { low: 2, high: 1 }),
      [1, 1, 1, 1, 1, 1],
    ],
    ["abs", (x) => abs(x), [7, 0.5, 0, 0.5, 2, 7]],
    ["maximum with 1", (x) => maximum(x, 1), [1, 1, 1, 1, 2, 7]],
    ["minimum with 1", (x) => minimum(1, x), [-7, -0.5, 0, 0.5, 1, 1]],
    ["sign", (x) => sign(x), [-1, -1, 0, 1, 1, 1]],
  ];
  test.each(cases)("%s", (_name, f, expected) => {
    expect(numbers(f(tensor(inputs)))).toEqual(expected);
  });

  test("zeros keep the sign that the algebra states", () => {
    const at = (x: Tensor): unknown => Object.is(x.data[0], -0);
    expect([at(maximum(-0, 0)), at(maximum(0, -0)), at(maximum(-0, -0))]).toEqual([false, false, true]);
    expect([at(minimum(-0, 0)), at(minimum(0, -0)), at(minimum(0, 0))]).toEqual([true, true, false]);
    expect([at(relu(-0)), at(abs(-0)), at(sign(-0)), at(sign(0))]).toEqual([false, false, true, false]);
  });

  test("operands and bounds broadcast", () => {
    expect(numbers(maximum(tensor([[1], [5]]), tensor([3, 4])))).toEqual([3, 4, 5, 5]);
    expect(numbers(clamp(tensor([0, 9]), { low: tensor([[1], [2]]), high: 5 }))).toEqual([1, 5, 2, 5]);
  });

  test("integers have maxima, minima, absolute values, signs and clamps", () => {
    const x = tensor([-3, 4], { dtype: "i32" });
    expect([maximum(x, 0), minimum(x, 0), abs(x), sign(x), clamp(x, { high: 1 })].map(numbers)).toEqual([
      [0, 4],
      [-3, 0],
      [3, 4],
      [-1, 1],
      [-3, 1],
    ]);
  });
});

describe("derivatives of both sides", () => {
  test("each operand of maximum and minimum moves where it is the extreme one", () => {
    const both = (f: typeof maximum): number[][] =>
      grad((a: Tensor, b: Tensor) => sum(f(a, b)), { wrt: [0, 1] })(tensor([1, 5, 4]), tensor([2, 3, 4])).map(numbers);
    expect(both(maximum)).toEqual([
      [0, 1, 0.5],
      [1, 0, 0.5],
    ]);
    expect(both(minimum)).toEqual([
      [1, 0, 0.5],
      [0, 1, 0.5],
    ]);
  });

  test("tied operands share one whole, whatever is selected", () => {
    for (const selection of Object.values(named)) {
      const select: Select = selection ? { maximum: selection } : {};
      expect(slope((x) => maximum(x, x), 3, select)).toBe(1);
    }
  });

  test("relu6 and relu have keys of their own, although both are a maximum with 0", () => {
    const f = (x: Tensor): Tensor => sum(relu6(relu(x)));
    expect(slope(f, 0, { relu: last })).toBe(0);
    expect(slope(f, 0, { relu6: last })).toBe(0);
    expect(slope(f, 0, { relu: last, relu6: last })).toBe(1);
  });

  test("the half key goes before the bare key", () => {
    const select: Record<string, Selection> = { relu6: last, "relu6.high": first };
    expect([slope((x) => relu6(x), 0, select), slope((x) => relu6(x), 6, select)]).toEqual([1, 0]);
  });

  test("the derivative of sign is 0 everywhere", () => {
    expect([-2, 0, 3].map((x) => slope((v) => sign(v), x))).toEqual([0, 0, 0]);
  });
});

describe("at NaN", () => {
  const all = (key: string, f: (x: Tensor) => Tensor): number[] =>
    Object.values(named).map((selection) => slope(f, NaN, selection ? { [key]: selection } : {}));
  const ones = [1, 1, 1, 1, 1, 1, 1];

  test("the value is NaN", () => {
    const values = [
      relu,
      (x: Tensor) => leakyRelu(x),
      relu6,
      (x: Tensor) => hardtanh(x),
      abs,
      sign,
      (x: Tensor) => clamp(x, { low: 0, high: 1 }),
      (x: Tensor) => maximum(x, 0),
      (x: Tensor) => minimum(0, x),
    ];
    for (const f of values) expect(numbers(f(tensor(NaN)))).toEqual([NaN]);
  });

  test("a branch that is NaN alone wins, so NaN passes with derivative 1", () => {
    expect(all("relu", (x) => relu(x))).toEqual(ones);
    expect(all("relu6", (x) => relu6(x))).toEqual(ones);
    expect(all("hardtanh", (x) => hardtanh(x))).toEqual(ones);
    expect(all("clamp", (x) => clamp(x, { low: 0, high: 1 }))).toEqual(ones);
    expect(all("maximum", (x) => maximum(x, 0))).toEqual(ones);
    expect(all("minimum", (x) => minimum(0, x))).toEqual(ones);
  });

  test("branches that are NaN together tie", () => {
    expect(all("abs", (x) => abs(x))).toEqual([0, -1, 1, 0, -0.5, 9, 0.25]);
    expect(all("leakyRelu", (x) => leakyRelu(x, 0.5))).toEqual([0.5, 0.5, 1, 0.75, 0.625, 3, 0.8125]);
  });

  test("a number beside NaN does not move", () => {
    expect(slope((x) => maximum(x, NaN), 1)).toBe(0);
    expect(slope((x) => minimum(NaN, x), 1)).toBe(0);
  });
});

describe("at infinity", () => {
  test("relu, abs and leakyRelu are the branch that holds there", () => {
    expect(numbers(relu(tensor([Infinity, -Infinity])))).toEqual([Infinity, 0]);
    expect(numbers(leakyRelu(tensor([Infinity, -Infinity]), 0.5))).toEqual([Infinity, -Infinity]);
    expect(numbers(abs(tensor([-Infinity])))).toEqual([Infinity]);
    expect([slope((x) => relu(x), Infinity), slope((x) => relu(x), -Infinity)]).toEqual([1, 0]);
    expect([slope((x) => abs(x), Infinity), slope((x) => abs(x), -Infinity)]).toEqual([1, -1]);
  });

  test("a leakyRelu of slope 0 passes infinity", () => {
    expect(numbers(leakyRelu(tensor(Infinity), 0))).toEqual([Infinity]);
    expect(slope((x) => leakyRelu(x, 0), Infinity)).toBe(1);
  });
});

test("weights in 16 bits are rounded, and still one whole for powers of two", () => {
  const x = tensor([0, 0], { dtype: "f16" });
  const gradient = grad((v: Tensor) => sum(relu(v)), { select: { relu: atKink(0.1) } })(x);
  expect(gradient.dtype).toBe("f16");
  expect(numbers(gradient)).toEqual([0.0999755859375, 0.0999755859375]);
});
