import { describe, expect, test } from "vitest";
import {
  crossEntropy,
  exp,
  grad,
  hessian,
  jvp,
  log,
  logSoftmax,
  logSumExp,
  mul,
  type Nested,
  softmax,
  sum,
  type Tensor,
  tensor,
} from "../index.ts";

/** The numbers of a tensor; -0 counts as 0. */
const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

const close = (found: readonly number[], expected: readonly number[]): void => {
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] as number, 14);
  });
};

/** The gradient of a scalar function, which both modes must agree on up to rounding. */
function gradient(f: (x: Tensor) => Tensor, at: Nested): number[] {
  const x = tensor(at);
  const reverse = numbers(grad(f)(x));
  const forward = reverse.map((_, i) => {
    const unit = tensor(
      reverse.map((_other, j) => (i === j ? 1 : 0)),
      { shape: x.shape },
    );
    return numbers(jvp(f, [x], [unit])[1])[0] as number;
  });
  close(forward, reverse);
  return reverse;
}

/** Scores whose probabilities are 1/6, 2/6 and 3/6. */
const scores = [0, Math.log(2), Math.log(3)];
const [i32, inf] = [{ dtype: "i32" } as const, Infinity];

describe("logSumExp", () => {
  test("of 0, log 2 and log 3 is log 6", () => {
    close(numbers(logSumExp(tensor(scores))), [Math.log(6)]);
    close(
      gradient((x) => logSumExp(x), scores),
      [1 / 6, 2 / 6, 3 / 6],
    );
  });

  test("of one number is that number, with derivative 1", () => {
    expect(numbers(logSumExp(tensor([5])))).toEqual([5]);
    expect(gradient((x) => logSumExp(x), [5])).toEqual([1]);
  });

  test("does not overflow", () => {
    close(numbers(logSumExp(tensor([1000, 1000]))), [1000 + Math.LN2]);
    expect(gradient((x) => logSumExp(x), [1000, 1000])).toEqual([0.5, 0.5]);
  });

  test("shares one whole where the sum is rounded away", () => {
    expect(gradient((x) => logSumExp(x), [1e16, 1e16])).toEqual([0.5, 0.5]);
    const half = tensor([1000, 1000], { dtype: "f16" });
    expect(numbers(grad((x: Tensor) => logSumExp(x))(half))).toEqual([0.5, 0.5]);
  });

  test("keeps or drops axes", () => {
    const x = tensor([scores, scores]);
    expect(logSumExp(x, { axes: 1, keepDims: true }).shape).toEqual([2, 1]);
    expect(logSumExp(x, { axes: -1 }).shape).toEqual([2]);
    close(numbers(logSumExp(x, { axes: 0 })), [Math.LN2, Math.log(4), Math.log(6)]);
  });

  test("of a row of -Infinity is -Infinity and does not move", () => {
    expect(numbers(logSumExp(tensor([-inf, -inf])))).toEqual([-inf]);
    expect(gradient((x) => logSumExp(x), [-inf, -inf])).toEqual([0, 0]);
  });

  test("leaves out single terms of -Infinity", () => {
    expect(numbers(logSumExp(tensor([-inf, 3])))).toEqual([3]);
    expect(gradient((x) => logSumExp(x), [-inf, 3])).toEqual([0, 1]);
  });

  test("with a term of Infinity is Infinity and does not move", () => {
    expect(numbers(logSumExp(tensor([inf, 3])))).toEqual([inf]);
    expect(gradient((x) => logSumExp(x), [inf, 3])).toEqual([0, 0]);
  });

  test("an infinite row beside a finite one stays in its row", () => {
    const f = (x: Tensor): Tensor => sum(logSumExp(x, { axes: 1 }));
    expect(
      gradient(f, [
        [-inf, -inf],
        [0, 0],
      ]),
    ).toEqual([0, 0, 0.5, 0.5]);
  });

  test("shows NaN in value and derivative", () => {
    expect(numbers(logSumExp(tensor([NaN, 1])))).toEqual([NaN]);
    expect(numbers(grad((x: Tensor) => logSumExp(x))(tensor([NaN, 1])))).toEqual([NaN, NaN]);
  });

  test("has second derivative diag(p) - p pᵀ", () => {
    close(numbers(hessian((x: Tensor) => logSumExp(x), [tensor([0, 0])])), [0.25, -0.25, -0.25, 0.25]);
  });
});

describe("softmax and logSoftmax", () => {
  test("give 1/6, 2/6 and 3/6 and their logarithms", () => {
    close(numbers(softmax(tensor(scores))), [1 / 6, 2 / 6, 3 / 6]);
    close(numbers(logSoftmax(tensor(scores))), [Math.log(1 / 6), Math.log(1 / 3), Math.log(1 / 2)]);
  });

  test("work along any axis", () => {
    const x = tensor([
      [0, 5],
      [0, 5],
    ]);
    expect(numbers(softmax(x, { axis: 0 }))).toEqual([0.5, 0.5, 0.5, 0.5]);
    close(numbers(logSoftmax(x, { axis: -2 })), Array(4).fill(-Math.LN2));
  });

  test("do not overflow, and give -Infinity probability 0", () => {
    expect(numbers(softmax(tensor([1000, 1000])))).toEqual([0.5, 0.5]);
    expect(numbers(softmax(tensor([-inf, 7])))).toEqual([0, 1]);
    expect(numbers(logSoftmax(tensor([-inf, 7])))).toEqual([-inf, 0]);
  });

  test("are NaN where the largest score is infinite", () => {
    expect(numbers(softmax(tensor([inf, 0])))).toEqual([NaN, NaN]);
    expect(numbers(softmax(tensor([-inf, -inf])))).toEqual([NaN, NaN]);
  });

  test("agree with each other", () => {
    const x = tensor([0.5, -2, 3, 0]);
    close(numbers(exp(logSoftmax(x))), numbers(softmax(x)));
    close(numbers(log(softmax(x))), numbers(logSoftmax(x)));
  });

  test("have the Jacobians of hand: row 3 of scores with probabilities 1/6, 2/6, 3/6", () => {
    const third = tensor([0, 0, 1]);
    close(
      gradient((x) => sum(mul(softmax(x), third)), scores),
      [-1 / 12, -1 / 6, 1 / 4],
    );
    close(
      gradient((x) => sum(mul(logSoftmax(x), third)), scores),
      [-1 / 6, -1 / 3, 1 / 2],
    );
  });

  test("have the same second derivatives as their logarithm and exponential", () => {
    const pickFirst = tensor([1, 0]);
    const direct = hessian((x: Tensor) => sum(mul(softmax(x), pickFirst)), [tensor([1, 3])]);
    const viaLog = hessian((x: Tensor) => sum(mul(exp(logSoftmax(x)), pickFirst)), [tensor([1, 3])]);
    close(numbers(direct), numbers(viaLog));
  });
});

describe("crossEntropy", () => {
  test("of equal scores is the logarithm of the number of classes", () => {
    close(numbers(crossEntropy(tensor([[0, 0]]), tensor([1], i32))), [Math.LN2]);
    close(
      numbers(
        crossEntropy(
          tensor([
            [7, 7, 7],
            [1, 1, 1],
          ]),
          tensor([0, 2], i32),
        ),
      ),
      [Math.log(3)],
    );
  });

  test("has the gradient (p - y) / batch", () => {
    const f = (x: Tensor): Tensor => crossEntropy(x, tensor([2, 0], i32));
    close(gradient(f, [scores, scores]), [1 / 12, 1 / 6, -1 / 4, -5 / 12, 1 / 6, 1 / 4]);
  });

  test("is minus the mean of the picked logSoftmax", () => {
    const x = tensor([scores, [3, 1, 2]]);
    const logs = numbers(logSoftmax(x));
    close(numbers(crossEntropy(x, tensor([1, 0], i32))), [-((logs[1] as number) + (logs[3] as number)) / 2]);
  });

  test("a class that is not the true one may have probability 0", () => {
    expect(numbers(crossEntropy(tensor([[0, -inf]]), tensor([0], i32)))).toEqual([0]);
    expect(gradient((x) => crossEntropy(x, tensor([0], i32)), [[0, -inf]])).toEqual([0, 0]);
  });

  test("is infinite when the true class has probability 0", () => {
    expect(numbers(crossEntropy(tensor([[0, -inf]]), tensor([1], i32)))).toEqual([inf]);
  });
});
