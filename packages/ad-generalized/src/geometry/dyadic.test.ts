import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { integersOf, oddPart, primitiveVector, quotientOf } from "./dyadic.ts";

const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1, -(2 ** -1074), 3 * 2 ** -1074, Number.MAX_VALUE, 2 ** -1022, 2 ** 31, -(2 ** 52)),
);

test("a double is its odd part times a power of two", () => {
  fc.assert(
    fc.property(finite, (x) => {
      const [digits, exponent] = oddPart(x);
      expect(digits === 0 || Math.abs(digits) % 2 === 1).toBe(true);
      const half = Math.trunc(exponent / 2);
      expect(digits * 2 ** half * 2 ** (exponent - half)).toBe(x === 0 ? 0 : x);
    }),
  );
});

test("whole numbers keep ratios", () => {
  expect(integersOf(Float64Array.of(0.5, 0.75, 0, -3))).toEqual([2n, 3n, 0n, -12n]);
  expect(integersOf(Float64Array.of(2 ** 1000, 2 ** -1000))).toEqual([2n ** 2000n, 1n]);
  expect(integersOf(Float64Array.of(0, 0))).toEqual([0n, 0n]);
});

test("the shortest vector starts positive", () => {
  expect(primitiveVector([0n, -6n, 4n])).toEqual([0n, 3n, -2n]);
  expect(primitiveVector([0n, 0n])).toEqual([0n, 0n]);
});

test("fractions become the doubles next to them", () => {
  const whole = fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n });
  fc.assert(
    fc.property(whole, fc.bigInt({ min: 1n, max: 2n ** 52n }), fc.nat(3000), (a, b, shift) => {
      const power = 2n ** BigInt(shift);
      expect(quotientOf(a * power, b * power)).toBe(a === 0n ? 0 : Number(a) / Number(b));
    }),
  );
  expect(quotientOf(1n, 2n ** 1000n)).toBe(2 ** -1000);
  expect(quotientOf(2n ** 1000n, 1n)).toBe(2 ** 1000);
});
