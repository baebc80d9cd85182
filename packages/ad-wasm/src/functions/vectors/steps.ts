// Exponentials of two doubles: 2^(n/128) from the table of the function of one number.
import { expTable } from "@nonsmooth/ad-core/machines";
import { type Expression, op, vector } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { rounder } from "../bits.ts";
import type { Pair } from "../doubleDouble.ts";
import { expm1WithoutSteps, scaledPair, stepsPerUnit } from "../expKernel.ts";
import { add, equal, mul, sub } from "../formula.ts";
import { chosen, columnsAt, constantsOf, type Rows, rowsOf } from "./lanes.ts";

/** The nearest numbers of steps n, and `2^(n/128)` as `(factor + low) power`. */
export interface Steps {
  readonly n: Local;
  readonly factor: Local;
  readonly low: Local;
  readonly power: Expression;
}

/** Steps whose factors are still in the table. */
interface NearestSteps extends Pick<Steps, "n" | "power"> {
  readonly rows: Rows;
  readonly table: number;
}

/** The nearest numbers of steps; they mean nothing for those so large that the power is no normal double. */
export function nearestSteps(module: ModuleBuilder, f: FunctionBuilder, x: Local): NearestSteps {
  const [perUnit, shift] = constantsOf(module, "vector steps", [stepsPerUnit, rounder]);
  const shifted = f.let(add(mul(x, perUnit), shift));
  const rows = rowsOf(f, shifted, (word) => op("i32.shl", op("i32.and", word, 127), 4));
  const exponent = op("i64x2.add", op("i32x4.shr_s", shifted, 7), vector(BigInt64Array.of(1023n, 1023n)));
  const n = f.let(sub(shifted, shift));
  return { n, rows, table: module.table("exp", expTable), power: op("i64x2.shl", exponent, 52) };
}

/** The steps of two doubles. */
export function stepsOf(module: ModuleBuilder, f: FunctionBuilder, x: Local): Steps {
  const { n, rows, table, power } = nearestSteps(module, f, x);
  const [factor, low] = columnsAt(f, rows, table);
  return { n, factor, low, power };
}

/** `exp(x) - 1` as a double-double, for x from -50 to 700. */
export function expm1Pair(module: ModuleBuilder, f: FunctionBuilder, x: Local): Pair {
  const { n, factor, low, power } = stepsOf(module, f, x);
  const scale = f.let(power);
  const { hi, lo } = expm1WithoutSteps(f, x, n);
  const near = { hi, lo: f.let(lo) };
  const far = scaledPair(f, near, f.let(mul(factor, scale)), mul(low, scale));
  const isNear = f.let(equal(n, 0));
  return { hi: f.let(chosen(isNear, near.hi, far.hi)), lo: chosen(isNear, near.lo, far.lo) };
}
