// `exp` of a sum of two doubles: 2^(n/128) from a table times a Taylor polynomial on |r| < 0.0028.
import { expTable } from "@nonsmooth/ad-core/machines";
import { type Expression, load, op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { normalPower, rounder, wholeOf } from "./bits.ts";
import { type Pair, productError, sumError } from "./doubleDouble.ts";
import { add, choose, either, greater, type Known, less, mul, series, sub } from "./formula.ts";
import { atLeastScale } from "./leastScale.ts";

export const stepsPerUnit: number = 184.6649652337873;
// log(2)/128 in two parts; the first is a multiple of 2^-42, so that n times it is exact.
export const stepHigh: number = 0.0054152123482253955;
export const stepLow: number = -1.0082281460997769e-13;

/** The factors of r^2, r^3, ... in the exponential, cut after r^6. */
export const tailFactors: readonly number[] = [0.5, 1 / 6, 1 / 24, 1 / 120, 1 / 720];

/** `exp(r) - 1 - r` for |r| < 0.0028. */
const expTail = (r: Local): Expression => mul(r, r, series(r, ...tailFactors));

/** The nearest number of steps: as a double n, and as `128 power + index`. */
interface Steps {
  readonly n: Local;
  readonly power: Expression;
  /** The address of the row of the table. */
  readonly row: Local;
}

function stepsOf(module: ModuleBuilder, f: FunctionBuilder, x: Local): Steps {
  const shifted = f.let(add(mul(x, stepsPerUnit), rounder));
  const n = f.let(sub(shifted, rounder));
  const whole = f.let(wholeOf(shifted));
  const table = module.table("exp", expTable);
  const row = f.let(op("i32.add", op("i32.shl", op("i32.and", whole, 127), 4), table));
  return { n, power: op("i32.shr_s", whole, 7), row };
}

/** `exp(hi + lo)`, rounded once, over- and underflowing as it should; hi is no NaN, lo at most an ulp of it. */
export function expOfSum(module: ModuleBuilder, f: FunctionBuilder, hi: Local, lo: Known): Local {
  return choose(
    f,
    greater(hi, 710),
    () => Infinity,
    () =>
      choose(
        f,
        less(hi, -746),
        () => 0,
        () => expInside(module, f, hi, lo),
      ),
  );
}

function expInside(module: ModuleBuilder, f: FunctionBuilder, hi: Local, lo: Known): Local {
  const { n, power, row } = stepsOf(module, f, hi);
  const first = f.let(sub(hi, mul(n, stepHigh)));
  const second = f.let(sub(mul(n, stepLow), lo));
  const r = f.let(sub(first, second));
  const rest = sub(sub(first, r), second);
  const factor = f.let(load("f64.load", row));
  const small = f.let(add(load("f64.load", row, 8), mul(factor, add(r, add(rest, expTail(r))))));
  const exponent = f.let(power);
  return choose(
    f,
    either(op("i32.lt_s", exponent, -1021), op("i32.gt_s", exponent, 1022)),
    () => scaleExtreme(f, factor, small, exponent),
    () => mul(add(factor, small), normalPower(exponent)),
  );
}

/** `(factor + small) 2^power` where the result may be subnormal or too large. */
function scaleExtreme(f: FunctionBuilder, factor: Local, small: Local, power: Local): Local {
  return choose(
    f,
    op("i32.gt_s", power, 0),
    () => mul(add(factor, small), 2, normalPower(op("i32.sub", power, 1))),
    () => {
      const scale = f.let(normalPower(op("i32.add", power, 1022)));
      return atLeastScale(f, f.let(mul(factor, scale)), f.let(mul(small, scale)));
    },
  );
}

/** `exp(x) - 1` as a double-double, for x from -50 to 700. */
export function expm1Pair(module: ModuleBuilder, f: FunctionBuilder, x: Local): Pair {
  const { n, power, row } = stepsOf(module, f, x);
  const near = expm1WithoutSteps(f, x, n);
  const [hi, lo] = [near.hi, f.let(near.lo)];
  f.if(op("f64.ne", n, 0), () => {
    const scale = f.let(normalPower(power));
    const factor = f.let(mul(load("f64.load", row), scale));
    const scaled = scaledPair(f, { hi, lo }, factor, mul(load("f64.load", row, 8), scale));
    f.set(lo, scaled.lo);
    f.set(hi, scaled.hi);
  });
  return { hi, lo };
}

/** `exp(r) - 1`, where r is what n steps leave of x. */
export function expm1WithoutSteps(f: FunctionBuilder, x: Local, n: Local): Pair {
  const first = f.let(sub(x, mul(n, stepHigh)));
  const low = f.let(mul(n, stepLow));
  const r = f.let(sub(first, low));
  const rest = sub(sub(first, r), low);
  const curve = f.let(expTail(r));
  const hi = f.let(add(r, curve));
  return { hi, lo: add(sub(r, hi), curve, rest) };
}

/** From `p = exp(r) - 1` to `factor (1 + p) - 1`. */
export function scaledPair(f: FunctionBuilder, { hi: p, lo: lowP }: Pair, factor: Local, lowFactor: Expression): Pair {
  const product = f.let(mul(factor, p));
  const base = f.let(sub(factor, 1));
  const sum = f.let(add(base, product));
  const lowProduct = f.let(add(productError(f, factor, p, product), mul(factor, lowP), mul(lowFactor, add(1, p))));
  const low = f.let(add(sumError(f, factor, -1, base), sumError(f, base, product, sum), lowProduct));
  const hi = f.let(add(sum, low));
  return { hi, lo: add(sub(sum, hi), low) };
}
