import { productError, tail } from "./doubleDouble.ts";
import { expOfSum } from "./expKernel.ts";
import { logPair } from "./logKernel.ts";

/**
 * Power, `pow(x, y) = x^y`.
 *
 * `pow(x, 0) = 1` and `pow(1, y) = 1` even for NaN, and `pow(-1, ±Infinity) = 1`, as in IEEE 754; the `**` of the
 * language gives NaN for `1 ** NaN` and `(±1) ** ±Infinity`. A negative x needs an integer y, else the power is NaN.
 * A power that is itself a double is exact.
 * Error: at most 0.51 ulp on the samples of the law "pow errs by at most 0.52 units in the last place".
 *
 * @param x - the base
 * @param y - the exponent
 * @returns the power
 * @example
 * pow(3, 5) // 243
 * pow(2, 0.5) // 1.4142135623730951
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (x > 0 && x < Infinity && y < Infinity && y > -Infinity) return positivePower(x, y);
  const isInteger = Math.floor(y) === y;
  const isOdd = isInteger && Math.floor(0.5 * y) !== 0.5 * y;
  if (x === 0 || !(Math.abs(x) < Infinity && Math.abs(y) < Infinity)) return limitPower(x, y, isOdd);
  if (!isInteger) return NaN;
  return isOdd ? -positivePower(-x, y) : positivePower(-x, y);
}

/** Powers with a base of 0 or Infinity, or an infinite exponent. */
function limitPower(x: number, y: number, isOdd: boolean): number {
  const magnitude = Math.abs(x);
  if (magnitude === 1) return 1;
  const result = magnitude > 1 === y > 0 ? Infinity : 0;
  return isOdd && (x < 0 || 1 / x < 0) ? -result : result;
}

/** `exp(y log x)` for positive finite x and finite y, with the logarithm and the product as double-doubles. */
function positivePower(x: number, y: number): number {
  // Beyond 2^65 the result over- or underflows, below 2^-65 it rounds to 1; in between no product does either.
  if (y > 3.6893488147419103e19 || y < -3.6893488147419103e19) return x === 1 ? 1 : x > 1 === y > 0 ? Infinity : 0;
  if (y < 2.710505431213761e-20 && y > -2.710505431213761e-20) return 1;
  const hi = logPair(x, 0);
  const lo = tail[0] as number;
  const product = y * hi;
  return expOfSum(product, productError(y, hi, product) + y * lo);
}
