// What logarithms of two doubles begin with: `x = 2^k m`, and the table at m.
import { logTable } from "@nonsmooth/ad-core/machines";
import { type Expression, op, shuffle, vector } from "../../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { halves } from "../doubleDouble.ts";
import { add, mul, sub } from "../formula.ts";
import { ln2High, ln2Low, start } from "../logKernel.ts";
import { columnsAt, rowsOf } from "./lanes.ts";

/** `log x = base + lowBase + log(1 + r)`, where `1 + r = c m`. */
export interface LogPlace {
  readonly base: Local;
  readonly lowBase: Expression;
  readonly r: Local;
  readonly c: Local;
  /** `2^-k`. */
  readonly scale: Expression;
}

const integers = (value: bigint): Expression => vector(BigInt64Array.of(value, value));

/** The upper words of both lanes in front. */
const upperWords = [4, 5, 6, 7, 12, 13, 14, 15, 4, 5, 6, 7, 12, 13, 14, 15];

/** Where two positive normal doubles lie. */
export function logPlaceOf(module: ModuleBuilder, f: FunctionBuilder, x: Local): LogPlace {
  const offset = f.let(op("i64x2.sub", x, integers(BigInt(start))));
  const exponent = f.let(op("v128.and", offset, integers(-(2n ** 52n))));
  const m = f.let(op("i64x2.sub", x, exponent));
  const exponents = op("i32x4.shr_s", shuffle(offset, offset, upperWords), 20);
  const k = f.let(op("f64x2.convert_low_i32x4_s", exponents));
  const index = f.let(op("i64x2.shr_u", offset, 44));
  const rows = rowsOf(f, index, (word) => op("i32.mul", op("i32.and", word, 255), 24));
  const table = module.table("log", logTable);
  const [c, value] = columnsAt(f, rows, table);
  const [, low] = columnsAt(f, rows, table + 8);
  const [half, other] = halves(f, m);
  const r = f.let(add(sub(mul(c, half), 1), mul(c, other)));
  const base = f.let(add(mul(k, ln2High), value));
  const scale = op("i64x2.sub", vector(Float64Array.of(1, 1)), exponent);
  return { base, lowBase: add(mul(k, ln2Low), low), r, c, scale };
}
