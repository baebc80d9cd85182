// What an element costs beside one evaluation, in the operations of the model at one unit each.
import {
  abs,
  add,
  cost,
  crossEntropy,
  type Histogram,
  matmul,
  max,
  maximum,
  mul,
  norm2,
  relu,
  reshape,
  sigmoid,
  slice,
  sub,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { clarkeCost, clarkeElement } from "../index.ts";

type Scalar = (x: Tensor) => Tensor;

const price = (histogram: Histogram): number => Object.values(histogram).reduce((total, n) => total + n, 0);

/** Operations of an element over those of an evaluation, with this many directions. */
const ratio = (f: Scalar, n: number, directions: 1 | 2 = 1): number =>
  price(clarkeCost(f, [zeros([n])], { directions })) / price(cost(f, [zeros([n])]));

const tail = (x: Tensor): Tensor => slice(x, [1], [x.shape[0] as number]);
const head = (x: Tensor): Tensor => slice(x, [0], [(x.shape[0] as number) - 1]);

const programs: Record<string, Scalar> = {
  "a sum of relus": (x) => sum(relu(x)),
  "a sum of absolute values": (x) => sum(abs(x)),
  "the largest entry": (x) => max(x),
  "total variation": (x) => sum(abs(sub(tail(x), head(x)))),
  "neighbours, the larger one": (x) => sum(maximum(tail(x), head(x))),
  "a norm and a product": (x) => add(norm2(x), sum(mul(x, x))),
  "a smooth function": (x) => sum(sigmoid(x)),
  "a network": (x) => sum(relu(matmul(reshape(x, [2, -1]), zeros([(x.shape[0] as number) / 2, 3])))),
};

describe.each(Object.entries(programs))("%s", (_, f) => {
  const sizes = [10, 100, 1000, 10_000, 100_000];
  const ratios = sizes.map((n) => ratio(f, n));

  test("costs at most ten evaluations, whatever the dimension", () => {
    expect(ratios.map((r) => (r <= 10 ? "at most 10" : r))).toEqual(sizes.map(() => "at most 10"));
  });

  test("costs no more with more inputs", () => {
    const [first = 0] = ratios;
    expect(Math.max(...ratios)).toBeLessThan(first * 1.25);
    expect(ratios.at(-1)).toBeCloseTo(ratios.at(-2) as number, 2);
  });
});

test("a second direction adds less than a first sweep", () => {
  const f = programs["total variation"] as Scalar;
  expect(ratio(f, 1000, 2)).toBeLessThan(2 * ratio(f, 1000));
});

test("the certificate counts the sweeps: one each, and one more where branches tie along the first direction", () => {
  const at = zeros([50]);
  expect(clarkeElement((x: Tensor) => sum(abs(x)), [at]).certificate.sweeps).toEqual({ forward: 1, reverse: 1 });
  const flat = clarkeElement((x: Tensor) => sum(abs(sub(x, x))), [at]);
  expect(flat.certificate.sweeps).toEqual({ forward: 2, reverse: 1 });
  expect(flat.certificate.undecided).toBe(50);
});

test("labels move along no direction, and other numbers of directions are refused", () => {
  const labels = tensor([1, 0], { dtype: "i32" });
  const f = (x: Tensor, l: Tensor): Tensor => crossEntropy(x, l);
  const alone = (x: Tensor): Tensor => crossEntropy(x, labels);
  expect(clarkeCost(f, [zeros([2, 3]), labels]).scaleBy).toBe(clarkeCost(alone, [zeros([2, 3])]).scaleBy);
  expect(() => clarkeCost(alone, [zeros([2, 3])], { directions: 3 as 2 })).toThrow("1 or 2");
});
