/**
 * Laws: the gradient of a nonsmooth program by reverse mode costs a bounded multiple of the program, whatever the number
 * of inputs; the gradient built from tangents costs in proportion to that number.
 * Source: the existence of the bound, [BBPP23]. Counted here with every operation of the algebra at price 1, the weights of
 * kinks included; the operations of these programs stay within 5, and so does what is built from them.
 */
import {
  abs,
  conv2d,
  grad,
  jvp,
  logSumExp,
  matmul,
  max,
  maximum,
  maxPool2d,
  median,
  mul,
  norm1,
  ones,
  prod,
  relu,
  reshape,
  sigmoid,
  sin,
  sort,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { metered } from "./meter.ts";

type Loss = (x: Tensor) => Tensor;

const vector = (n: number): Tensor => tensor(Array.from({ length: n }, (_, i) => ((i * 7) % 5) - 2));
const matrix = (n: number): Tensor => reshape(vector(n * n), [n, n]);

/** Programs of n inputs, n a square of an even number. */
const losses: Readonly<Record<string, (n: number) => Loss>> = {
  "a sum of relus of linear forms": (n) => (x) => sum(relu(matmul(matrix(n), x))),
  "a product of all inputs": () => (x) => prod(x),
  "smooth functions of each input": () => (x) => sum(mul(sin(x), sigmoid(x))),
  "a maximum of all inputs": () => (x) => max(square(x)),
  "weighted order statistics": (n) => (x) => sum(mul(sort(square(x)), vector(n))),
  "a median of all inputs": () => (x) => median(square(x)),
  "absolute differences": (n) => (x) => norm1(sub(abs(x), maximum(vector(n), x))),
  "a soft maximum": () => (x) => logSumExp(mul(x, x)),
  "a pooled convolution": (n) => (x) => {
    const image = reshape(x, [1, 1, Math.sqrt(n), Math.sqrt(n)]);
    return sum(maxPool2d(relu(conv2d(image, ones([3, 1, 3, 3]), { padding: 1 })), { window: 2 }));
  },
};

/** Scalar operations of a run, each counted once; moves and copies are free, as in the model of the source. */
const countOf = (body: () => unknown): number =>
  Object.values(metered(body).formula).reduce((total, n) => total + n, 0);

const reverseRatio = (loss: Loss, x: Tensor): number => countOf(() => grad(loss)(x)) / countOf(() => loss(x));

const bound = 5;

describe.each(Object.entries(losses))("%s", (_name, lossOf) => {
  test("the gradient by reverse mode costs at most five times the value, for 4 to 256 inputs", () => {
    for (const n of [4, 16, 64, 256]) expect(reverseRatio(lossOf(n), vector(n))).toBeLessThanOrEqual(bound);
  });

  test("its ratio does not grow with the number of inputs", () => {
    const [few, many] = [16, 256].map((n) => reverseRatio(lossOf(n), vector(n))) as [number, number];
    expect(many).toBeLessThanOrEqual(few * 1.1);
  });

  test("one tangent costs at most five times the value, and all of them n times that", () => {
    const ratioOf = (n: number): number => {
      const [loss, x] = [lossOf(n), vector(n)];
      const units = Array.from({ length: n }, (_, i) =>
        tensor(Array.from({ length: n }, (_other, j) => (i === j ? 1 : 0))),
      );
      const all = countOf(() => units.map((unit) => jvp(loss, [x], [unit])));
      return all / countOf(() => loss(x)) / n;
    };
    const [few, many] = [ratioOf(4), ratioOf(64)];
    for (const ratio of [few, many]) expect(ratio).toBeLessThanOrEqual(bound);
    expect(many).toBeGreaterThan(1);
  });
});
