// `sin` of an angle reduced to a quarter turn: a table at i/128 and short series around it.
import { circularTable } from "@nonsmooth/ad-core/machines";
import { type Expression, load, op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { asInteger } from "./bits.ts";
import { add, both, choose, div, floor, greater, less, mul, not, series, sub } from "./formula.ts";
import type { Turned } from "./quarterTurns.ts";

/** `sin(d) - d` for |d| < 1/8. */
function sinTail(f: FunctionBuilder, d: Local): Expression {
  const u = f.let(mul(d, d));
  return mul(d, u, series(u, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800));
}

/** `cos(d) - 1` for |d| < 1/255. */
function cosTail(f: FunctionBuilder, d: Local): Expression {
  const u = f.let(mul(d, d));
  return mul(u, series(u, -0.5, 1 / 24, -1 / 720));
}

const asReal = (integer: Expression): Expression => op("f64.convert_i32_s", integer);

/**
 * `sin(turns pi/2 + r + rest)`.
 *
 * The cosine is the same formula with the sine's row read as `cos, -sin`: so no branch depends on the quarter.
 */
export function sinOfTurns(module: ModuleBuilder, f: FunctionBuilder, { turns, r, rest }: Turned): Local {
  const sign = f.let(asReal(op("i32.sub", 1, op("i32.and", turns, 2))));
  const odd = f.let(op("i32.and", turns, 1));
  return choose(
    f,
    both(not(odd), both(less(r, 0.125), greater(r, -0.125))),
    () => mul(sign, add(r, add(rest, sinTail(f, r)))),
    () => mul(sign, aroundTable(module, f, odd, r, rest)),
  );
}

function aroundTable(module: ModuleBuilder, f: FunctionBuilder, odd: Local, r: Local, rest: Local): Expression {
  const i = f.let(floor(add(mul(r, 128), 101.5)));
  const flip = f.let(asReal(op("i32.sub", 1, op("i32.shl", odd, 1))));
  const d = f.let(mul(flip, sub(r, div(sub(i, 101), 128))));
  const restD = f.let(mul(flip, rest));
  const row = f.let(op("i32.add", op("i32.shl", asInteger(i), 5), module.table("circular", circularTable)));
  const side = f.let(op("i32.shl", odd, 4));
  const [valueAt, slopeAt] = [f.let(op("i32.add", row, side)), f.let(op("i32.sub", row, side))];
  const value = f.let(load("f64.load", valueAt));
  const slope = f.let(load("f64.load", slopeAt, 16));
  const low = add(load("f64.load", valueAt, 8), mul(load("f64.load", slopeAt, 24), d));
  const bend = mul(value, sub(cosTail(f, d), mul(d, restD)));
  return add(value, add(mul(slope, d), add(low, add(mul(slope, add(restD, sinTail(f, d))), bend))));
}
