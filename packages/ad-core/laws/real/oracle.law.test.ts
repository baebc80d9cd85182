/** Laws: the oracle against digits known for long, and against identities that its series do not use. */
import { describe, expect, test } from "vitest";
import type { Real } from "./oracle.ts";
import * as oracle from "./oracle.ts";

const one: Real = { mantissa: 1n, exponent: 0 };

/** The first 40 decimals of |x|, cut. */
function decimals(x: Real): string {
  const scaled = x.mantissa * 10n ** 40n;
  const cut = (scaled < 0n ? -scaled : scaled) >> BigInt(-x.exponent);
  return cut.toString().padStart(41, "0");
}

/** Whether two reals differ by less than 2^-170 of the second. */
function isClose(a: Real, b: Real): boolean {
  const quotient = oracle.divide(oracle.add(a, oracle.negate(b)), b);
  return Math.abs(oracle.doubleFromReal(quotient)) < 2 ** -170;
}

describe("oracle", () => {
  test.each([
    ["pi", oracle.pi, "31415926535897932384626433832795028841971"],
    ["log 2", oracle.logTwo, "06931471805599453094172321214581765680755"],
    ["exp 1", oracle.expReal(one), "27182818284590452353602874713526624977572"],
    ["log 10", oracle.logReal(10), "23025850929940456840179914546843642076011"],
    ["sin 1", oracle.sinReal(one), "08414709848078965066525023216302989996225"],
    ["cos 1", oracle.cosReal(one), "05403023058681397174009366074429766037323"],
    ["sin 10^22", oracle.sinReal(oracle.realFromDouble(1e22)), "08522008497671888017727058937530293682617"],
    ["tanh 1", oracle.tanhReal(one), "07615941559557648881194582826047935904127"],
    ["erf 1", oracle.erfReal(one), "08427007929497148693412206350826092592960"],
  ])("%s has its known digits", (_name, value, digits) => {
    expect(decimals(value)).toBe(digits);
  });

  test.each([1e-300, 0.3, 1.7, 40, 1e6, 1e300])("the squares of sine and cosine of %d add to 1", (x) => {
    const s = oracle.sinReal(oracle.realFromDouble(x));
    const c = oracle.cosReal(oracle.realFromDouble(x));
    expect(isClose(oracle.add(oracle.multiply(s, s), oracle.multiply(c, c)), one)).toBe(true);
  });

  test.each([5e-324, 0.3, 1 + 2 ** -52, 1.001, 40, 1e300])("exp undoes log at %d", (x) => {
    expect(isClose(oracle.expReal(oracle.logReal(x)), oracle.realFromDouble(x))).toBe(true);
  });

  test.each([1e-300, 1e-5, -0.2, 0.3, 40])("expm1 and log1p undo each other at %d", (x) => {
    const real = oracle.realFromDouble(x);
    const back = oracle.expm1Real(oracle.log1pReal(real, Math.log1p(x)));
    expect(isClose(back, real)).toBe(true);
  });
});
