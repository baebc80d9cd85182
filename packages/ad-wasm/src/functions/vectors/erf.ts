// `erf` of two doubles: a shorter way to the sum that the function of one number rounds. Both sums are so near to each
// other that nearly always they round to the same double; where that is not certain, the result is not sure.
import { type Expression, op, vector } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { rounder } from "../bits.ts";
import { abs, add, greater, mul, sub } from "../formula.ts";
import { erfRows, rowBytes } from "./erfRows.ts";
import { type Both, columnsAt, constantsOf, type Rows, rounded, rowsOf, withSign } from "./lanes.ts";

/** Writes `erf` of two doubles. */
export function erf(module: ModuleBuilder, f: FunctionBuilder, x: Local): Both {
  // From 6 on the result is that of 6. Products of numbers below the least one underflow.
  const [most, least] = constantsOf(module, "vector erf", [6, 1e-200]);
  const size = f.let(abs(x));
  const { y, isSure } = ofSize(module, f, f.let(op("f64x2.pmin", most, size)));
  return { y: withSign(y, x), isSure: op("v128.and", isSure, greater(size, least)) };
}

/** `value + slope d + c2 d^2 + ...` around the nearest i/64, and what rounding takes from the first sum and product. */
function ofSize(module: ModuleBuilder, f: FunctionBuilder, x: Local): ReturnType<typeof rounded> {
  const { d, rows } = placeOf(module, f, x, rowBytes);
  const table = module.table("vector erf", erfRows);
  const [value, valueLow] = columnsAt(f, rows, table);
  const [slope, slopeLow] = columnsAt(f, rows, table + 16);
  const upper = f.let(op("v128.and", d, vector(BigInt64Array.of(-(2n ** 27n), -(2n ** 27n)))));
  const step = f.let(mul(slope, upper));
  const y = f.let(add(value, step));
  const { curve, distance } = curveAt(f, d, rows, table + 32);
  const linear = add(valueLow, add(mul(slope, sub(d, upper)), mul(slopeLow, d)));
  const below = f.let(add(add(sub(value, y), step), add(linear, curve)));
  return rounded(f, y, below, f.let(mul(y, distance)));
}

/** The distances from the nearest i/64, and where the rows i of a table are. */
export function placeOf(
  module: ModuleBuilder,
  f: FunctionBuilder,
  x: Local,
  bytes: number,
): { readonly d: Local; readonly rows: Rows } {
  // The last bit of a sum with this number is 1/64.
  const [shift] = constantsOf(module, "vector erf shift", [rounder / 64]);
  const shifted = f.let(add(x, shift));
  const rows = rowsOf(f, shifted, (i) => op("i32.mul", i, bytes));
  return { d: f.let(sub(x, sub(shifted, shift))), rows };
}

/** `c2 d^2 + ... + c8 d^8`, summed in pairs, and the number that follows the factors in the row. */
function curveAt(
  f: FunctionBuilder,
  d: Local,
  rows: Rows,
  offset: number,
): { readonly curve: Expression; readonly distance: Expression } {
  const square = f.let(mul(d, d));
  const [c8, distance] = columnsAt(f, rows, offset + 48);
  const curve = [32, 16, 0].reduce<Expression>((inner, at) => {
    const [even, odd] = columnsAt(f, rows, offset + at);
    return add(add(even, mul(d, odd)), mul(square, inner));
  }, c8);
  return { curve: mul(square, curve), distance };
}
