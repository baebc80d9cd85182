import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { isExactProduct, isExactQuotient, isExactSum } from "./errorFree.ts";

/** A double as a whole number of units of 2^-1074. */
function units(x: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0] as bigint;
  const exponent = Number((bits >> 52n) & 2047n);
  const digits = (bits & ((1n << 52n) - 1n)) | (exponent === 0 ? 0n : 1n << 52n);
  return (bits >> 63n === 1n ? -digits : digits) << BigInt(Math.max(0, exponent - 1));
}

const one = 1n << 1074n;
const short = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((n) => n / 2 ** 10);
const any = fc.oneof(
  short,
  fc.double({ min: -1e30, max: 1e30, noNaN: true }),
  fc.constantFrom(0, -0, 0.1, 1 / 3, 2 ** 60),
);

test("a sum is exact when the sum of whole numbers says so", () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      expect(isExactSum(a, b, a + b)).toBe(units(a) + units(b) === units(a + b));
    }),
  );
});

test("a product is exact when the product of whole numbers says so", () => {
  const seen = { exact: 0, rounded: 0 };
  fc.assert(
    fc.property(any, any, (a, b) => {
      const isExact = units(a) * units(b) === units(a * b) * one;
      // close to the smallest numbers it may say no where it could say yes, and never yes where it must say no
      if (Math.abs(a * b) > 1e-280 || a * b === 0) expect(isExactProduct(a, b, a * b)).toBe(isExact);
      else expect(isExactProduct(a, b, a * b) && !isExact).toBe(false);
      seen[isExact ? "exact" : "rounded"]++;
    }),
    { numRuns: 1000 },
  );
  expect(Math.min(seen.exact, seen.rounded)).toBeGreaterThan(100);
});

test("a quotient is exact when multiplying back is", () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      if (b === 0) return;
      const isExact = units(a / b) * units(b) === units(a) * one;
      if (a === 0 || Math.abs(a) > 1e-280) expect(isExactQuotient(a, b, a / b)).toBe(isExact);
    }),
  );
  expect(isExactQuotient(1, 0, Infinity)).toBe(false);
});

test("what overflows or underflows is not exact", () => {
  expect(isExactSum(1e308, 1e308, Infinity)).toBe(false);
  expect(isExactProduct(1e200, 1e200, Infinity)).toBe(false);
  expect(isExactProduct(2 ** -600, 2 ** -600, 0)).toBe(false);
  expect(isExactProduct(2 ** 1000, 1, 2 ** 1000)).toBe(false);
  expect(isExactProduct(0, 5, 0)).toBe(true);
  expect(isExactProduct(0, Infinity, NaN)).toBe(false);
});
