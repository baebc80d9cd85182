/** A product of matrices, read off the gradient of a sum of directional derivatives in their directions. */
import { add, concatenate, grad, matmul, mul, sub, type Tensor, transpose, valueAndGrad } from "@nonsmooth/ad-core";
import { directionalDerivative } from "@nonsmooth/ad-generalized";
import { metered } from "../meter.ts";
import { directionOf, directionsOf, onesOf, originOf, type Problem, type Summand, sumOf } from "./problem.ts";

/** The kinked summands. */
export type Kinked = Exclude<Summand, "softplus">;

/** The n directional derivatives at 0 along the columns of `d`. */
function slopesOf(kinked: Kinked, problem: Problem, d: Tensor): Tensor[] {
  const f = sumOf(kinked, problem);
  return Array.from({ length: problem.n }, (_, j) =>
    directionalDerivative(f, originOf(problem), directionOf(problem, d, j)),
  );
}

/**
 * `A B` from the gradient of the sum. For relu the sum is `trace(A B D) + n T`, with gradient `(A B)'`. For the absolute
 * value it is `2 trace(A B D) - 1' A B D 1 + n² T`, and the gradient lacks a matrix of rank one, which two products of
 * a matrix and a vector give.
 */
function productFrom(kinked: Kinked, problem: Problem, gradient: Tensor): Tensor {
  if (kinked === "relu") return transpose(gradient);
  const { a, b } = problem;
  const row = matmul(matmul(transpose(onesOf(problem)), a), b);
  return transpose(mul(add(gradient, transpose(matmul(onesOf(problem), row))), 0.5));
}

const entriesOf = (x: Tensor): readonly number[] => Array.from(x.data);
const differenceOf = (x: Tensor, y: Tensor): number => Math.max(...entriesOf(sub(x, y)).map(Math.abs));

/** What the derivatives along n directions cost, and what their gradient reveals. */
export interface ReadOff {
  /** Operations of the n directional derivatives. */
  readonly forward: number;
  /** Operations of the derivatives, their sum and its gradient in the directions. */
  readonly backward: number;
  /** Largest difference between an entry of the product read off and of `A B`. */
  readonly difference: number;
}

/** Runs the n derivatives, then one sweep back through all of them. */
export function readOff(kinked: Kinked, problem: Problem): ReadOff {
  const forward = metered(() => slopesOf(kinked, problem, problem.d));
  const total = (d: Tensor): Tensor => slopesOf(kinked, problem, d).reduce((sofar, next) => add(sofar, next));
  const backward = metered(() => valueAndGrad(total)(problem.d));
  const product = productFrom(kinked, problem, backward.value[1]);
  return {
    forward: forward.operations,
    backward: backward.operations,
    difference: differenceOf(product, matmul(problem.a, problem.b)),
  };
}

/** n directional derivatives of a smooth sum: one gradient and n inner products, compared with those along each direction. */
export function smoothSlopes(problem: Problem): { readonly operations: number; readonly difference: number } {
  const f = sumOf("softplus", problem);
  const [x, z] = originOf(problem);
  const found = metered(() => {
    const [gx, gz] = grad(f, { wrt: [0, 1] })(x, z);
    return matmul(transpose(concatenate([gx, gz])), directionsOf(problem));
  });
  const slopes = Array.from({ length: problem.n }, (_, j) =>
    directionalDerivative(f, [x, z], directionOf(problem, problem.d, j)),
  );
  const values = entriesOf(found.value);
  const gaps = slopes.map((slope, j) => Math.abs((slope.data[0] as number) - (values[j] as number)));
  return { operations: found.operations, difference: Math.max(...gaps) };
}
