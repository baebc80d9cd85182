/** The function whose directional derivatives hold a product of matrices, and the directions that show it. */
import {
  abs,
  add,
  concatenate,
  full,
  key,
  matmul,
  relu,
  slice,
  softplus,
  split,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "@nonsmooth/ad-core";
import { integersFrom } from "../integers.ts";

/** What is summed up; `softplus` is the smooth contrast. */
export type Summand = "relu" | "abs" | "softplus";

const summands: Readonly<Record<Summand, (x: Tensor) => Tensor>> = { relu, abs, softplus };

/** Matrices of small whole numbers, `[n, n]` each. */
export interface Problem {
  readonly n: number;
  readonly a: Tensor;
  readonly b: Tensor;
  readonly d: Tensor;
  /** Larger than every entry of the product `A B D`, so that it decides alone which way each argument moves. */
  readonly lift: number;
}

/** Entries go from -3 to 3. */
const largest = 3;

/** Draws a problem. */
export function drawProblem(n: number, seed: number): Problem {
  const [a, b, d] = split(key(seed), 3).map((one) => integersFrom(one, [n, n], largest)) as [Tensor, Tensor, Tensor];
  return { n, a, b, d, lift: n * n * largest ** 3 + 1 };
}

/** `F(x, z) = Σ s((A B x)_i + z_i)`, evaluated as `A (B x)`. */
export const sumOf =
  (summand: Summand, { a, b }: Problem) =>
  (x: Tensor, z: Tensor): Tensor =>
    sum(summands[summand](add(matmul(a, matmul(b, x)), z)));

/** The point of all derivatives. */
export const originOf = ({ n }: Problem): [Tensor, Tensor] => [zeros([n, 1]), zeros([n, 1])];

/** The direction of number `j`: a column of `D`, and up in entry `j` of z and down in the others. */
export function directionOf({ n, lift }: Problem, d: Tensor, j: number): [Tensor, Tensor] {
  const lifts = Array.from({ length: n }, (_, i) => [i === j ? lift : -lift]);
  return [slice(d, [0, j], [n, j + 1]), tensor(lifts)];
}

/** All of them as columns, x over z. */
export const directionsOf = (problem: Problem): Tensor =>
  concatenate(
    Array.from({ length: problem.n }, (_, j) => concatenate(directionOf(problem, problem.d, j), 0)),
    1,
  );

/** A column of ones. */
export const onesOf = ({ n }: Problem): Tensor => full([n, 1], 1);
