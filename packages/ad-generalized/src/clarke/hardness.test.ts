// Networks of relus that stand for formulas: what backpropagation says at the origin is no derivative of them.
import { add, grad, last, neg, relu, type Select, slice, squeeze, sub, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { clarkeElement } from "../index.ts";

const entry = (x: Tensor, i: number): Tensor => squeeze(slice(x, [i], [i + 1]));

/** The larger and the smaller of two numbers, with relus of differences alone. */
const larger = (a: Tensor, b: Tensor): Tensor => add(relu(sub(a, b)), sub(relu(b), relu(neg(b))));
const smaller = (a: Tensor, b: Tensor): Tensor => sub(sub(relu(b), relu(neg(b))), relu(sub(b, a)));

/** A number that a layer passes on, which takes two relus. */
const carried = (a: Tensor): Tensor => sub(relu(a), relu(neg(a)));

/** The signs of all clauses of three literals but the first `left` ones, from + + + on. */
const clausesFrom = (left: number): boolean[][] =>
  Array.from({ length: 8 }, (_, i) => [4, 2, 1].map((bit) => (i & bit) === 0)).slice(left);

/** relu of the smallest of the clauses, each the largest of its literals; pairs are merged from left to right. */
function network(clauses: readonly (readonly boolean[])[]): (x: Tensor) => Tensor {
  return (x) => {
    const literal = (isPositive: boolean, i: number): Tensor => (isPositive ? entry(x, i) : neg(entry(x, i)));
    let level = clauses.map((signs) => {
      const [a, b, c] = signs.map(literal) as [Tensor, Tensor, Tensor];
      return larger(larger(a, b), carried(c));
    });
    while (level.length > 1) {
      const pairs = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => level.slice(2 * i, 2 * i + 2));
      level = pairs.map(([a, b]) => (b ? smaller(a as Tensor, b) : carried(a as Tensor)));
    }
    return relu(level[0] as Tensor);
  };
}

const origin = tensor([0, 0, 0]);
const elements = (f: (x: Tensor) => Tensor): string[] => {
  const found = Array.from({ length: 60 }, (_, seed) => {
    const { gradient, certificate } = clarkeElement(f, [origin], { seed, steps: [] });
    expect(certificate.claim).toMatch(/^an element of the Clarke subdifferential/);
    return String(Array.from(gradient[0].data, (v) => v + 0));
  });
  return [...new Set(found)].toSorted();
};
const select: Select = { relu: last };

describe("a network for a formula", () => {
  test("that nothing satisfies is 0, and so is every element", () => {
    expect(elements(network(clausesFrom(0)))).toEqual(["0,0,0"]);
  });

  test("that one assignment satisfies has four limits of gradients", () => {
    const f = network(clausesFrom(1));
    expect(f(tensor([-1, -2, -3])).data[0]).toBe(1);
    expect(elements(f)).toEqual(["-1,0,0", "0,-1,0", "0,0,-1", "0,0,0"]);
  });

  test("gets from backpropagation what is not among them", () => {
    const found = grad(network(clausesFrom(1)), { select })(origin);
    expect(Array.from(found.data)).toEqual([-2, -2, -4]);
  });
});
