import { describe, expect, test } from "vitest";
import { errorOf, wrong } from "../../laws/refusals.ts";
import {
  flatten,
  type Handle,
  instructionsOf,
  type ScalarBuilder,
  type ScalarProgram,
  scalarBuilder,
  scalarCost,
} from "../index.ts";

const record = (inputs: number, body: (b: ScalarBuilder, x: Handle[]) => Handle): ScalarProgram => {
  const b = scalarBuilder();
  const x = Array.from({ length: inputs }, (_, i) => b.input(i + 1));
  return b.program([body(b, x)]);
};

/** The four programs of the first figure of the paper, over sums and products. */
const P0 = record(2, (b, [a = 0, c = 0]) => b.add(a, c));
const P1 = record(3, (b, [a = 0, c = 0, d = 0]) => b.mul(a, b.add(c, d)));
const Q1 = record(3, (b, [a = 0, c = 0, d = 0]) => b.add(b.mul(a, c), b.mul(a, d)));
const P2 = record(4, (b, [a = 0, c = 0, d = 0, e = 0]) =>
  b.add(b.call(Q1, [a, d, e])[0] as Handle, b.call(P1, [c, d, e])[0] as Handle),
);
const direct = record(4, (b, [a = 0, c = 0, d = 0, e = 0]) => b.mul(b.add(a, c), b.add(d, e)));

describe("the programs of the figure", () => {
  test("cost what is written, not what they compute", () => {
    expect([P0, P1, Q1, P2, direct].map((program) => scalarCost(program).evaluate)).toEqual([1, 2, 3, 6, 3]);
    expect([P0, P1, Q1, P2].map(({ level }) => level)).toEqual([1, 1, 1, 2]);
  });

  test("equivalent ones have one value and one gradient", () => {
    for (const x of [
      [1, 2, 3],
      [-0.5, 4, 0],
    ]) {
      expect(P1.at(x).outputs).toEqual(Q1.at(x).outputs);
      expect(P1.at(x).reverse()).toEqual(Q1.at(x).reverse());
    }
    const x = [1, -2, 3, 5];
    expect(P2.at(x).outputs[0]).toBe((1 - 2) * (3 + 5));
    expect(P2.at(x).reverse()).toEqual(direct.at(x).reverse());
  });

  test("cost five times as much backward, and four times forward", () => {
    for (const program of [P0, P1, Q1, P2, direct]) {
      const { backwardRatio, forwardRatio, omegaB, omegaF, forwardFull } = scalarCost(program);
      expect([backwardRatio, omegaB, forwardRatio, omegaF]).toEqual([5, 5, 4, 4]);
      expect(forwardFull.bound).toBe(4 * program.inputs.length);
    }
  });

  test("cost the same written out, where they are programs of level 1", () => {
    expect([flatten(P2).level, [...instructionsOf(flatten(P2))].length]).toEqual([1, 6]);
    expect(scalarCost(flatten(P2))).toEqual(scalarCost(P2));
  });
});

describe("an instruction", () => {
  test.each<[string, (b: ScalarBuilder, x: Handle) => Handle, [number, number]]>([
    ["with a number has one edge", (b, x) => b.mul(x, b.constant(3)), [1, 3]],
    ["of numbers alone is computed once and for all", (b, x) => b.add(x, b.exp(b.constant(3))), [1, 3]],
    ["with one cell twice has two edges", (b, x) => b.mul(x, x), [1, 5]],
    ["that compares passes no derivative on", (b, x) => b.mul(x, b.less(x, b.constant(1))), [2, 2 + 2]],
    [
      "that selects passes it to both branches",
      (b, x) => b.select(b.less(x, b.constant(1)), b.exp(x), x),
      [3, 3 + 2 + 4],
    ],
    ["with settings has the price of its statement", (b, x) => b.apply("leakyRelu", [x], 0.5), [2, 2 + 2]],
  ])("%s", (_says, body, costs) => {
    const { evaluate, backward } = scalarCost(record(1, (b, [x = 0]) => body(b, x)));
    expect([evaluate, backward]).toEqual(costs);
  });
});

test("bad prices are refused", () => {
  expect(errorOf(() => scalarCost(P0, { prices: { mul: -1 } })).code).toBe("domain");
  expect(errorOf(() => scalarCost(P0, wrong({ price: 1 }))).code).toBe("domain");
});
