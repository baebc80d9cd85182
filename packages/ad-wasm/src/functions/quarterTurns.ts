// Reduction of an angle: `x = n pi/2 + r` with |r| at most pi/4, to about 120 bits.
import { twoOverPiTable } from "@nonsmooth/ad-core/machines";
import { type Expression, load, op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { asInteger, highWord, normalPower, rounder, wholeOf } from "./bits.ts";
import { productError, sumError } from "./doubleDouble.ts";
import { add, div, floor, less, mul, sub } from "./formula.ts";

// pi/2 in four parts: three of 33 bits, so that n < 2^20 times each is exact, and the rest.
const part1 = 1.5707963267341256;
const part2 = 6.077100506303966e-11;
const part3 = 2.0222662487111665e-21;
const part4 = 8.4784276603689e-32;
const halfPiHigh = 1.5707963267948966;
const halfPiLow = 6.123233995736766e-17;
const twoOverPi = 0.6366197723675814;
// Powers of the base 2^24 in which 2/pi is tabulated.
const radix = 16777216;
const radix2 = radix * radix;
const radix3 = radix2 * radix;
const radix4 = radix2 * radix2;
const radix6 = radix4 * radix2;

/** An angle as `turns pi/2 + r + rest`; only the last two bits of the turns mean something. */
export interface Turned {
  readonly turns: Local;
  readonly r: Local;
  readonly rest: Local;
}

/** The number of quarter turns nearest to a finite x that is not negative, and the angle left over. */
export function quarterTurns(module: ModuleBuilder, f: FunctionBuilder, x: Local): Turned {
  const turned = { turns: f.local("i32"), r: f.let(x), rest: f.local("f64") };
  f.set(turned.turns, 0);
  f.set(turned.rest, 0);
  f.if(op("f64.gt", x, 0.7853981633974483), () =>
    f.if(
      less(x, 1600000),
      () => smallTurns(f, x, turned),
      () => largeTurns(module, f, x, turned),
    ),
  );
  return turned;
}

/** Subtracts n pi/2 part by part. */
function smallTurns(f: FunctionBuilder, x: Local, { turns, r, rest }: Turned): void {
  const shifted = f.let(add(mul(x, twoOverPi), rounder));
  f.set(turns, wholeOf(shifted));
  const n = f.let(sub(shifted, rounder));
  const first = f.let(sub(x, mul(n, part1)));
  const product2 = f.let(mul(n, part2));
  const second = f.let(sub(first, product2));
  const product3 = f.let(mul(n, part3));
  const third = f.let(sub(second, product3));
  const error2 = sumError(f, first, f.let(op("f64.neg", product2)), second);
  const error3 = sumError(f, second, f.let(op("f64.neg", product3)), third);
  const low = f.let(add(error2, sub(error3, mul(n, part4))));
  f.set(r, add(third, low));
  f.set(rest, add(sub(third, r), low));
}

/** Multiplies x by those digits of 2/pi that are neither multiples of 4 turns nor below 2^-140 turns. */
function largeTurns(module: ModuleBuilder, f: FunctionBuilder, x: Local, turned: Turned): void {
  const exponent = op("i32.sub", op("i32.shr_u", highWord(x), 20), 1075);
  // x = digits 2^(24 q), where digits has at most 77 bits. The exponent is above -48.
  const q = f.let(op("i32.sub", op("i32.div_u", op("i32.add", exponent, 48), 24), 2));
  const digits = digitsOf(f, f.let(mul(x, normalPower(op("i32.mul", q, -24)))));
  const table = module.table("two over pi", twoOverPiTable);
  const row = f.let(op("i32.add", op("i32.shl", op("i32.add", q, 3), 3), table));
  const columns = Array.from({ length: 7 }, (_, t) => f.let(columnAt(digits, row, t)));
  for (let t = 6; t > 0; t -= 1) {
    const [column, next] = [columns[t] as Local, columns[t - 1] as Local];
    const carry = f.let(floor(div(column, radix)));
    f.set(column, sub(column, mul(carry, radix)));
    f.set(next, add(next, carry));
  }
  turnsFromColumns(f, columns, turned);
}

/** The digits of x in base 2^24, the last one first. */
function digitsOf(f: FunctionBuilder, x: Local): readonly Local[] {
  const d3 = f.let(floor(div(x, radix3)));
  const rest3 = f.let(sub(x, mul(d3, radix3)));
  const d2 = f.let(floor(div(rest3, radix2)));
  const rest2 = f.let(sub(rest3, mul(d2, radix2)));
  const d1 = f.let(floor(div(rest2, radix)));
  return [f.let(sub(rest2, mul(d1, radix))), d1, d2, d3];
}

function columnAt(digits: readonly Local[], row: Local, t: number): Expression {
  const [d0, d1, d2, d3] = digits.map((digit, i) => mul(digit, load("f64.load", row, 8 * (t + i)))) as [
    Expression,
    Expression,
    Expression,
    Expression,
  ];
  return add(d0, d1, d2, d3);
}

/** Splits the columns into the nearest integer and a signed fraction, and turns the fraction into an angle. */
function turnsFromColumns(f: FunctionBuilder, columns: readonly Local[], { turns, r, rest }: Turned): void {
  const pairOfDigits = (t: number): Expression => add(mul(columns[t] as Local, radix), columns[t + 1] as Local);
  const fraction1 = f.let(div(pairOfDigits(1), radix2));
  const roundUp = f.let(op("f64.ge", fraction1, 0.5));
  const first = f.let(sub(fraction1, op("f64.convert_i32_s", roundUp)));
  const second = f.let(div(pairOfDigits(3), radix4));
  const third = div(pairOfDigits(5), radix6);
  const sum = f.let(add(first, second));
  const low = f.let(add(sumError(f, first, second, sum), third));
  const hi = f.let(add(sum, low));
  const lo = f.let(add(sub(sum, hi), low));
  const product = f.let(mul(hi, halfPiHigh));
  const productLow = f.let(add(productError(f, hi, halfPiHigh, product), add(mul(hi, halfPiLow), mul(lo, halfPiHigh))));
  f.set(r, add(product, productLow));
  f.set(rest, add(sub(product, r), productLow));
  // The column of the units is below 2^53; only its last two bits matter.
  const units = columns[0] as Local;
  const quarter = sub(units, mul(floor(div(units, 4)), 4));
  f.set(turns, op("i32.add", asInteger(quarter), roundUp));
}
