import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { roundToBf16, roundToF16 } from "./rounding.ts";

/** A 16-bit format as its bits say: sign, exponent, fraction. */
interface Layout {
  readonly exponentBits: number;
  readonly fractionBits: number;
}

const layouts = {
  f16: { exponentBits: 5, fractionBits: 10 },
  bf16: { exponentBits: 8, fractionBits: 7 },
} as const;

/** The value of a bit pattern, by the definition of IEEE 754 and nothing else. */
function decode({ exponentBits, fractionBits }: Layout, pattern: number): number {
  const fraction = pattern % 2 ** fractionBits;
  const exponent = Math.floor(pattern / 2 ** fractionBits) % 2 ** exponentBits;
  const sign = pattern >= 0x8000 ? -1 : 1;
  const [top, bias] = [2 ** exponentBits - 1, 2 ** (exponentBits - 1) - 1];
  if (exponent === top) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  return sign * (2 ** fractionBits + fraction) * 2 ** (exponent - bias - fractionBits);
}

const buffer = new DataView(new ArrayBuffer(8));

/** The next double above a positive one, or below it. */
function neighbour(x: number, step: 1n | -1n): number {
  buffer.setFloat64(0, x);
  buffer.setBigUint64(0, buffer.getBigUint64(0) + step);
  return buffer.getFloat64(0);
}

/** Collects what is not as expected, so that an exhaustive test asserts once. */
function misses(count: number, check: (i: number) => readonly [found: number, expected: number, at: number]): string[] {
  const found: string[] = [];
  for (let i = 0; i < count && found.length < 5; i++) {
    const [value, expected, at] = check(i);
    if (!Object.is(value, expected)) found.push(`${at} gave ${value}, not ${expected}`);
  }
  return found;
}

const formats = [
  ["f16", roundToF16, layouts.f16],
  ["bf16", roundToBf16, layouts.bf16],
] as const;

describe.each(formats)("rounding to %s", (_name, round, layout) => {
  /** Bit patterns of the finite positive values, 0 first: as whole numbers they are in the order of the values. */
  const infinite = (2 ** layout.exponentBits - 1) * 2 ** layout.fractionBits;
  const value = (pattern: number): number => decode(layout, pattern);
  /** What the value after the largest finite one would be: rounding decides there as if it existed. */
  const above = (pattern: number): number =>
    pattern + 1 === infinite ? 2 * value(pattern) - value(pattern - 1) : value(pattern + 1);
  const midpoint = (pattern: number): number => (value(pattern) + above(pattern)) / 2;

  test("leaves all 65536 values as they are", () => {
    expect(misses(65536, (pattern) => [round(value(pattern)), value(pattern), value(pattern)])).toEqual([]);
  });

  test("takes every midpoint between neighbours to the even one, of both signs", () => {
    const even = (pattern: number): number => value(pattern + (pattern % 2));
    expect(misses(infinite, (pattern) => [round(midpoint(pattern)), even(pattern), midpoint(pattern)])).toEqual([]);
    expect(misses(infinite, (pattern) => [round(-midpoint(pattern)), -even(pattern), -midpoint(pattern)])).toEqual([]);
  });

  test("takes the doubles just below and just above every midpoint to the nearer neighbour", () => {
    const below = (pattern: number): number => neighbour(midpoint(pattern), -1n);
    const beyond = (pattern: number): number => neighbour(midpoint(pattern), 1n);
    expect(misses(infinite, (pattern) => [round(below(pattern)), value(pattern), below(pattern)])).toEqual([]);
    expect(misses(infinite, (pattern) => [round(beyond(pattern)), value(pattern + 1), beyond(pattern)])).toEqual([]);
    expect(misses(infinite, (pattern) => [round(-below(pattern)), -value(pattern), -below(pattern)])).toEqual([]);
  });

  test("takes the doubles beside every value back to it", () => {
    const count = infinite - 1;
    expect(misses(count, (i) => [round(neighbour(value(i + 1), 1n)), value(i + 1), value(i + 1)])).toEqual([]);
    expect(misses(count, (i) => [round(neighbour(value(i + 1), -1n)), value(i + 1), value(i + 1)])).toEqual([]);
  });

  test("keeps zeros with their sign, infinities and NaN", () => {
    expect([0, -0, Infinity, -Infinity, NaN].map((x) => round(x))).toEqual([0, -0, Infinity, -Infinity, NaN]);
  });

  test("takes what is below half the least value to a zero of the same sign", () => {
    const least = value(1);
    expect([5e-324, 1e-310, least / 2, least / 4].map((x) => round(x))).toEqual([0, 0, 0, 0]);
    expect([-5e-324, -least / 2].map((x) => round(x))).toEqual([-0, -0]);
    expect(round(neighbour(least / 2, 1n))).toBe(least);
    expect(round(1.5 * least)).toBe(2 * least);
    expect(round(2.5 * least)).toBe(2 * least);
  });

  test("overflows from the midpoint above the largest value on", () => {
    const edge = midpoint(infinite - 1);
    expect([round(neighbour(edge, -1n)), round(edge), round(Number.MAX_VALUE), round(-edge)]).toEqual([
      value(infinite - 1),
      Infinity,
      Infinity,
      -Infinity,
    ]);
  });

  test("never moves a number past a neighbour, and keeps order", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        expect(round(Math.min(a, b)) <= round(Math.max(a, b))).toBe(true);
        expect(round(-a)).toBe(-round(a));
      }),
    );
  });
});

test("the numbers of hand: 65520 overflows f16, 65519 does not; thirds and tenths round as printed", () => {
  expect([roundToF16(65504), roundToF16(65519.99), roundToF16(65520)]).toEqual([65504, 65504, Infinity]);
  expect([roundToF16(0.1), roundToF16(1 / 3), roundToF16(2049), roundToF16(2051)]).toEqual([
    0.0999755859375, 0.333251953125, 2048, 2052,
  ]);
  expect([roundToBf16(0.1), roundToBf16(1 / 3), roundToBf16(257), roundToBf16(259)]).toEqual([
    0.10009765625, 0.333984375, 256, 260,
  ]);
  expect([roundToF16(2 ** -24), roundToF16(2 ** -25), roundToBf16(2 ** -133), roundToBf16(2 ** -134)]).toEqual([
    2 ** -24,
    0,
    2 ** -133,
    0,
  ]);
  const largest = (2 - 2 ** -7) * 2 ** 127;
  expect([roundToBf16(largest), roundToBf16((2 - 2 ** -8) * 2 ** 127), roundToBf16(3.4028234663852886e38)]).toEqual([
    largest,
    Infinity,
    Infinity,
  ]);
});

test("a double is rounded once: through f32 first it would go elsewhere", () => {
  const above = 2049 + 2 ** -20;
  expect([roundToF16(above), roundToF16(Math.fround(above))]).toEqual([2050, 2048]);
});
