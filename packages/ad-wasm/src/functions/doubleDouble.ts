// Sums of two doubles: `hi + lo` carries about 106 bits.
import type { Expression } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { add, type Known, mul, sub } from "./formula.ts";

/** What a kernel gives back that is more accurate than a double. */
export interface Pair {
  readonly hi: Local;
  /** Computed only where it is used. */
  readonly lo: Expression;
}

/** What rounding took from a sum: `a + b = sum + error`, exactly. */
export function sumError(f: FunctionBuilder, a: Known, b: Known, sum: Local): Expression {
  const part = f.let(sub(sum, a));
  return add(sub(a, sub(sum, part)), sub(b, part));
}

/** What rounding took from a product: `a * b = product + error`, exactly while nothing over- or underflows. */
export function productError(f: FunctionBuilder, a: Known, b: Known, product: Local): Expression {
  const [highA, lowA] = halves(f, a);
  const [highB, lowB] = halves(f, b);
  return add(sub(mul(highA, highB), product), mul(highA, lowB), mul(lowA, highB), mul(lowA, lowB));
}

/** The upper 26 bits of a double, and the rest. */
export function halves(f: FunctionBuilder, a: Known): readonly [Local, Local] {
  const scaled = f.let(mul(134217729, a));
  const high = f.let(sub(scaled, sub(scaled, a)));
  return [high, f.let(sub(a, high))];
}
