import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cos, erf, exp, expm1, log, log1p, pow, sin, tanh } from "./index.ts";

const infinity = Infinity;
const least = 5e-324;
const greatest = Number.MAX_VALUE;

/** Argument and value, compared with `Object.is`. */
const values: Readonly<Record<string, readonly [(x: number) => number, readonly (readonly [number, number])[]]>> = {
  exp: [
    exp,
    [
      [NaN, NaN],
      [0, 1],
      [-0, 1],
      [infinity, infinity],
      [-infinity, 0],
      [1, Math.E],
      [710, infinity],
      [-746, 0],
      [-745, least],
      [greatest, infinity],
      [-greatest, 0],
      [least, 1],
    ],
  ],
  expm1: [
    expm1,
    [
      [NaN, NaN],
      [0, 0],
      [-0, -0],
      [infinity, infinity],
      [-infinity, -1],
      [least, least],
      [-least, -least],
      [-50, -1],
      [710, infinity],
      [greatest, infinity],
      [-greatest, -1],
    ],
  ],
  log: [
    log,
    [
      [NaN, NaN],
      [0, -infinity],
      [-0, -infinity],
      [1, 0],
      [-1, NaN],
      [-least, NaN],
      [-infinity, NaN],
      [infinity, infinity],
      [2, Math.LN2],
      [least, -744.4400719213812],
      [greatest, 709.782712893384],
    ],
  ],
  log1p: [
    log1p,
    [
      [NaN, NaN],
      [0, 0],
      [-0, -0],
      [-1, -infinity],
      [-1.5, NaN],
      [-infinity, NaN],
      [infinity, infinity],
      [least, least],
      [-least, -least],
      [1, Math.LN2],
      [greatest, 709.782712893384],
    ],
  ],
  sin: [
    sin,
    [
      [NaN, NaN],
      [0, 0],
      [-0, -0],
      [infinity, NaN],
      [-infinity, NaN],
      [least, least],
      [-least, -least],
      [Math.PI, 1.2246467991473532e-16],
      [Math.PI / 2, 1],
      [1e22, -0.8522008497671888],
    ],
  ],
  cos: [
    cos,
    [
      [NaN, NaN],
      [0, 1],
      [-0, 1],
      [infinity, NaN],
      [-infinity, NaN],
      [least, 1],
      [Math.PI, -1],
      [Math.PI / 2, 6.123233995736766e-17],
      [1e22, 0.523214785395139],
    ],
  ],
  tanh: [
    tanh,
    [
      [NaN, NaN],
      [0, 0],
      [-0, -0],
      [infinity, 1],
      [-infinity, -1],
      [least, least],
      [-least, -least],
      [20, 1],
      [-20, -1],
      [greatest, 1],
    ],
  ],
  erf: [
    erf,
    [
      [NaN, NaN],
      [0, 0],
      [-0, -0],
      [infinity, 1],
      [-infinity, -1],
      [least, least],
      [-least, -least],
      [6, 1],
      [-6, -1],
      [5.5, 0.9999999999999927],
      [greatest, 1],
    ],
  ],
};

describe.each(Object.entries(values))("%s", (_name, [f, pairs]) => {
  test.each(pairs)("takes %d to %d", (x, y) => {
    expect(f(x)).toBe(y);
  });
});

/** x, y and x^y, compared with `Object.is`. */
const powers: readonly (readonly [number, number, number])[] = [
  [NaN, 0, 1],
  [NaN, -0, 1],
  [NaN, 1, NaN],
  [1, NaN, 1],
  [2, NaN, NaN],
  [NaN, 2, NaN],
  [1, infinity, 1],
  [-1, infinity, 1],
  [-1, -infinity, 1],
  [infinity, 0, 1],
  [0, 0, 1],
  [2, infinity, infinity],
  [2, -infinity, 0],
  [0.5, infinity, 0],
  [0.5, -infinity, infinity],
  [-2, infinity, infinity],
  [0, 3, 0],
  [-0, 3, -0],
  [-0, 4, 0],
  [-0, 2.5, 0],
  [0, -3, infinity],
  [-0, -3, -infinity],
  [-0, -4, infinity],
  [infinity, 0.5, infinity],
  [infinity, -0.5, 0],
  [-infinity, 3, -infinity],
  [-infinity, 4, infinity],
  [-infinity, -3, -0],
  [-infinity, -4, 0],
  [-infinity, 0.5, infinity],
  [-2, 3, -8],
  [-2, 4, 16],
  [-2, -3, -0.125],
  [-8, 1 / 3, NaN],
  [-1, 0.5, NaN],
  [-1, 9007199254740991, -1],
  [-1, 9007199254740992, 1],
  [-1, 1e300, 1],
  [3, 5, 243],
  [10, 15, 1e15],
  [10, 22, 1e22],
  [7, 18, 1628413597910449],
  [2, -1074, least],
  [2, -1075, 0],
  [2, 1023, 2 ** 1023],
  [2, 1024, infinity],
  [-2, 1025, -infinity],
  [1e300, 1e300, infinity],
  [1e300, -1e300, 0],
  [0.5, 1e300, 0],
  [2, least, 1],
  [9, 0.5, 3],
  [1024, 0.1, 2],
  [1 + 2 ** -52, 2 ** 52, Math.E],
  [least, 0.5, 2 ** -537],
];

describe("pow", () => {
  test.each(powers)("takes %d and %d to %d", (x, y, power) => {
    expect(pow(x, y)).toBe(power);
  });

  test("leaves x as it is when y is 1, and multiplies once when y is 2", () => {
    fc.assert(
      fc.property(fc.double(), (x) => {
        expect(pow(x, 1)).toBe(x);
        expect(pow(x, 2)).toBe(x * x);
      }),
    );
  });

  test("is exact when the power is an integer below 2^53", () => {
    for (let base = 2; base <= 1000; base += 1) {
      for (let y = 0, power = 1; power <= Number.MAX_SAFE_INTEGER; y += 1, power *= base) {
        expect(pow(base, y)).toBe(power);
        expect(pow(-base, y)).toBe(y % 2 === 0 ? power : -power);
      }
    }
  });

  test("of a negative base is the power of its opposite with the sign of an odd exponent", () => {
    fc.assert(
      fc.property(fc.double({ min: least, noNaN: true }), fc.integer(), (x, y) => {
        expect(pow(-x, y)).toBe(y % 2 === 0 ? pow(x, y) : -pow(x, y));
      }),
    );
  });
});

describe("symmetry", () => {
  test.each(Object.entries({ sin, tanh, erf }))("%s is exactly odd", (_name, f) => {
    fc.assert(
      fc.property(fc.double(), (x) => {
        expect(f(-x)).toBe(-f(x));
      }),
    );
  });

  test("cos is exactly even", () => {
    fc.assert(
      fc.property(fc.double(), (x) => {
        expect(cos(-x)).toBe(cos(x));
      }),
    );
  });
});

test("exp of k times log 2 is the k-th power of 2 to 13 digits", () => {
  for (let k = -1000; k <= 1000; k += 1) expect(Math.abs(exp(k * Math.LN2) / 2 ** k - 1)).toBeLessThan(1e-13);
});

test("exp falls to 0 through the subnormal numbers without a step", () => {
  let previous = exp(-708);
  for (let x = -708; x > -746; x -= 1 / 64) {
    const y = exp(x);
    expect(y).toBeLessThanOrEqual(previous);
    expect(y === 0).toBe(x < -745.1332191019412);
    previous = y;
  }
});
