// What an element costs beside one evaluation, in the operations of the model at one unit each.
import {
  abs,
  add,
  cost,
  type Histogram,
  matmul,
  max,
  maximum,
  mul,
  norm2,
  ones,
  relu,
  reshape,
  sigmoid,
  slice,
  sub,
  sum,
  type Tensor,
  zeros,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { ask } from "../derivatives/asked.ts";
import { clarkeElement } from "../index.ts";
import { gradientOf, sweepTaped } from "./search.ts";

type Scalar = (x: Tensor) => Tensor;

const price = (histogram: Histogram): number => Object.values(histogram).reduce((total, n) => total + n, 0);

/** Operations of an element over those of an evaluation, with this many directions. */
function ratio(f: Scalar, n: number, directions = 1): number {
  const sweeps = (x: Tensor, ...d: Tensor[]): unknown => {
    const question = { ...ask("cost", f, [zeros([n])], {}), leaves: [x] };
    const sweep = sweepTaped(
      question,
      d.map((one) => [one]),
    );
    return [sweep.outputs, sweep.tangents, gradientOf(question, sweep, sweep.outputs[0] as Tensor)];
  };
  const drawn = Array.from({ length: directions }, () => ones([n]));
  return price(cost(sweeps, [zeros([n]), ...drawn])) / price(cost(f, [zeros([n])]));
}

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
