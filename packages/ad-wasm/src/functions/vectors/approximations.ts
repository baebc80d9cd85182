// Shorter ways to functions of two doubles, up to a small error: enough where results are rounded to 32 bits.
import { type Expression, load, op, shuffle, vector } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { stepHigh, stepLow } from "../expKernel.ts";
import { abs, add, mul, series, sub } from "../formula.ts";
import type { RealName } from "../index.ts";
import { placeOf } from "./erf.ts";
import { briefBytes, briefRows } from "./erfRows.ts";
import { columnsAt, constantsOf, lowHalves, withSign } from "./lanes.ts";
import { nearestSteps } from "./steps.ts";

/** A function of two doubles, and how far from it the result may lie, as a share of it. */
export interface Approximation {
  readonly write: (module: ModuleBuilder, f: FunctionBuilder, x: Local) => Expression;
  readonly error: number;
}

/** `2^(n/128) (1 + r + r^2/2 + r^3/6)` without what the table and the step have beyond a double; r^4/24 is 2^-38.6. */
function exp(module: ModuleBuilder, f: FunctionBuilder, x: Local): Expression {
  // Beyond these no result is a single.
  const [most, least, step] = constantsOf(module, "brief exp", [100, -150, stepHigh + stepLow]);
  const inside = f.let(op("f64x2.pmax", f.let(op("f64x2.pmin", x, most)), least));
  const { n, rows, table, power } = nearestSteps(module, f, inside);
  const [low, high] = rows.map((row) => load("v128.load64_zero", row, table)) as [Expression, Expression];
  const factor = f.let(shuffle(low, high, lowHalves));
  const r = f.let(sub(inside, mul(n, step)));
  const tail = mul(r, r, series(r, ...constantsOf(module, "brief exp tail", [1 / 2, 1 / 6])));
  return mul(add(factor, mul(factor, add(r, tail))), power);
}

/** `value + slope d + c2 d^2 + ... + c5 d^5` around the nearest i/64; what follows is at most 2^-43.6 of the sum. */
function erf(module: ModuleBuilder, f: FunctionBuilder, x: Local): Expression {
  const size = f.let(op("f64x2.pmin", abs(x), vector(Float64Array.of(6, 6))));
  const { d, rows } = placeOf(module, f, size, briefBytes);
  const table = module.table("brief erf", briefRows);
  const square = f.let(mul(d, d));
  const parts = [0, 16, 32].map((offset) => {
    const [even, odd] = columnsAt(f, rows, table + offset);
    return add(even, mul(d, odd));
  });
  const [first, second, third] = parts as [Expression, Expression, Expression];
  return withSign(add(first, mul(square, add(second, mul(square, third)))), x);
}

/** Of the functions that have one. */
export const approximations: Readonly<Partial<Record<RealName, Approximation>>> = {
  exp: { write: exp, error: 2 ** -38 },
  erf: { write: erf, error: 2 ** -42 },
};
