// What tests of optimizers share: problems with known gradients, and running an optimizer on them.
import { type Tensor, type Tree, tensor } from "@nonsmooth/ad-core";
import type { Optimizer } from "../src/optimizers/optimizer.ts";
import { applyUpdates } from "../src/optimizers/optimizer.ts";

/** A problem in the plane. */
export interface Problem {
  readonly start: readonly [number, number];
  gradient(x: number, y: number): [number, number];
}

export const problems: Readonly<Record<"Q" | "R", Problem>> = {
  /** x² + x y / 2 + y² / 2 */
  Q: { start: [1, -2], gradient: (x, y) => [2 * x + 0.5 * y, 0.5 * x + y] },
  /** Rosenbrock's (1 - x)² + 100 (y - x²)² */
  R: {
    start: [-1.2, 1],
    gradient: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
  },
};

/** Parameters and state after each step. */
export interface Visit<State> {
  readonly params: Tensor;
  readonly state: State;
}

/** Runs an optimizer on one tensor; the gradient may depend on the number of the step, from 0. */
export function run<State>(
  optimizer: Optimizer<State>,
  start: Tensor,
  gradient: (params: Tensor, k: number) => Tensor,
  steps: number,
): Visit<State>[] {
  let [params, state] = [start, optimizer.init(start)];
  return Array.from({ length: steps }, (_, k) => {
    const [updates, next] = optimizer.update(gradient(params, k), state, params);
    params = applyUpdates(params as Tree, updates) as Tensor;
    state = next;
    return { params, state };
  });
}

/** Runs an optimizer on one of the problems. */
export const runOn = <State>(problem: Problem, optimizer: Optimizer<State>, steps: number): Visit<State>[] =>
  run(
    optimizer,
    tensor([...problem.start]),
    ({ data: [x, y] }) => tensor(problem.gradient(x as number, y as number)),
    steps,
  );

/** The numbers of a tensor. */
export const numbersOf = (x: Tensor): number[] => Array.from(x.data);

/** The largest difference relative to the expected number; 0 must be 0. */
export function worst(got: readonly number[], expected: readonly number[]): number {
  return Math.max(
    ...expected.map((want, i) => (got[i] === want ? 0 : Math.abs((got[i] as number) - want) / Math.abs(want))),
  );
}
