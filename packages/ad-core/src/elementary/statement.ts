// What the statement of a scalar function looks like.
import type { Algebra } from "../arithmetic/algebra.ts";
import type { DType } from "../dtypes/dtype.ts";
import type { TieSelection } from "../selections/selection.ts";

/** A partial derivative from the result `y`, the arguments, and the residual `r` when the statement names one. */
export type PartialDerivative = <N>(m: Algebra<N>, y: N, a: N, b: N, r: N) => N;

/**
 * A partial derivative at a kink: `mix(p, q)` is the derivative when that of the first branch is `p` and that of the
 * second `q`. Each is a number; for a branch that is not linear multiply `mix(1, 0)` or `mix(0, 1)` by its derivative.
 */
export type KinkPartial = <N>(m: Algebra<N>, mix: (first: number, second: number) => N, a: N, b: N) => N;

/** A scalar function that is the larger or the smaller of two branches. */
export interface PairKink {
  readonly order: "max" | "min";
  readonly default: TieSelection;
  /** The two branches in written order. */
  readonly branches: <N>(m: Algebra<N>, a: N, b: N) => readonly [N, N];
  /** One partial for each argument. */
  readonly partials: readonly KinkPartial[];
}

/**
 * A scalar function of one or two arguments, said once over an algebra. Read on tensors it is the derivative rule in
 * both modes, read on a counter it is the price.
 */
export interface Statement {
  readonly arity: 1 | 2;
  readonly value: <N>(m: Algebra<N>, a: N, b: N) => N;
  /** One partial for each argument; absent when the function is locally constant or has a kink. */
  readonly partials?: readonly PartialDerivative[];
  /** What the partials share. */
  readonly residual?: <N>(m: Algebra<N>, y: N, a: N, b: N) => N;
  readonly kink?: PairKink;
  /** Set when the value is exactly 0 wherever an argument is. */
  readonly isZeroAtZero?: true;
  /** Set when the value jumps: two numbers that are equal where it does. Jumps are reported, not selected. */
  readonly jumps?: <N>(m: Algebra<N>, a: N, b: N) => readonly [N, N];
  /** What it works on: reals only when absent, `number` for `i32` too, `any` for `bool` too. */
  readonly on?: "number" | "any" | "bool";
  /** The dtype of the result, when it is not that of the arguments. */
  readonly result?: DType;
}
