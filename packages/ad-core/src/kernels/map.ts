// One scalar function, element by element.
import type { Algebra, Arithmetic } from "../arithmetic/algebra.ts";
import type { Cells } from "../door/primitive.ts";

/** A scalar function of one to three arguments, over any algebra. */
export type ScalarFunction = <N>(m: Algebra<N>, a: N, b: N, c: N) => N;

/** Applies a scalar function to tensors of one shape. */
export function mapCells<N>(k: Arithmetic<N>, apply: ScalarFunction, inputs: readonly Cells<N>[]): ArrayLike<N> {
  const [a, b, c] = inputs.map((x) => x.data) as [ArrayLike<N>, ArrayLike<N>?, ArrayLike<N>?];
  const [second, third] = [b ?? a, c ?? a];
  const out = k.allocate(a.length);
  for (let i = 0; i < out.length; i++) out[i] = apply(k.each, a[i] as N, second[i] as N, third[i] as N);
  return out;
}
