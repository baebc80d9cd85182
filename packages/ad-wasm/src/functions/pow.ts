import { constant, type Expression, op, select } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { productError } from "./doubleDouble.ts";
import { expOfSum } from "./expKernel.ts";
import { abs, add, both, div, either, equal, floor, greater, isNan, less, mul, neg, not } from "./formula.ts";
import { logPair } from "./logKernel.ts";

const one = constant("f64", 1);
const isFinite = (x: Local): Expression => less(abs(x), Infinity);

/** Writes the function `x^y`. */
export function pow(module: ModuleBuilder, f: FunctionBuilder, x: Local, y: Local): void {
  f.if(either(equal(y, 0), equal(x, 1)), () => f.return(one));
  f.if(equal(y, 1), () => f.return(x));
  f.if(equal(y, 2), () => f.return(mul(x, x)));
  f.if(either(isNan(x), isNan(y)), () => f.return(constant("f64", NaN)));
  const sign = f.let(one);
  f.if(not(both(greater(x, 0), both(isFinite(x), isFinite(y)))), () => awayFromPositive(f, x, y, sign));
  f.result(mul(sign, positivePower(module, f, x, y)));
}

/** Returns what is no power of a positive number; makes a negative x positive, and `sign` that of the power. */
function awayFromPositive(f: FunctionBuilder, x: Local, y: Local, sign: Local): void {
  const isInteger = f.let(equal(floor(y), y));
  const half = f.let(mul(0.5, y));
  const isOdd = f.let(both(isInteger, op("f64.ne", floor(half), half)));
  f.if(either(equal(x, 0), not(both(isFinite(x), isFinite(y)))), () => limitPower(f, x, y, isOdd));
  f.if(not(isInteger), () => f.return(constant("f64", NaN)));
  f.if(isOdd, () => f.set(sign, -1));
  f.set(x, neg(x));
}

/** Returns powers with a base of 0 or Infinity, or an infinite exponent. */
function limitPower(f: FunctionBuilder, x: Local, y: Local, isOdd: Local): void {
  f.if(equal(abs(x), 1), () => f.return(one));
  const result = f.let(infinityOrZero(greater(abs(x), 1), y));
  const isNegative = either(less(x, 0), less(div(1, x), 0));
  f.return(select(both(isOdd, isNegative), neg(result), result));
}

/** Infinity when the base is above 1 and y positive, or neither is; else 0. */
const infinityOrZero = (isAboveOne: Expression, y: Local): Expression =>
  select(op("i32.eq", isAboveOne, greater(y, 0)), constant("f64", Infinity), constant("f64", 0));

/** `exp(y log x)` for positive finite x and finite y, with the logarithm and the product as double-doubles. */
function positivePower(module: ModuleBuilder, f: FunctionBuilder, x: Local, y: Local): Local {
  const power = f.local("f64");
  f.set(power, 1);
  // Beyond 2^65 the result over- or underflows, below 2^-65 it rounds to 1; in between no product does either.
  f.if(
    greater(abs(y), 3.6893488147419103e19),
    () => f.if(op("f64.ne", x, 1), () => f.set(power, infinityOrZero(greater(x, 1), y))),
    () =>
      f.if(op("f64.ge", abs(y), 2.710505431213761e-20), () => {
        const { hi, lo } = logPair(module, f, x, 0);
        const product = f.let(mul(y, hi));
        const low = f.let(add(productError(f, y, hi, product), mul(y, lo)));
        f.set(power, expOfSum(module, f, product, low));
      }),
  );
  return power;
}
