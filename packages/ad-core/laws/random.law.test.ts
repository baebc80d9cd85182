/**
 * Law: draws follow their distribution; streams of different keys, and neighbours in one stream, are independent.
 * Source: definition of the distributions. Keys are fixed, so that the tests are too: bounds are 5 standard deviations,
 * and for the distance of Kolmogorov and Smirnov 1.95 / √n, which one stream in a thousand exceeds.
 */
import {
  type DType,
  erf,
  key,
  mul,
  randomNormal,
  randomUniform,
  reshape,
  split,
  type Tensor,
  tensor,
} from "@nonsmooth/ad-core";
import { anyShape, fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";

const n = 100_000;
const seeds = [0, 1, 2, 3, 2 ** 53 - 1];

const numbers = (x: Tensor): number[] => Array.from(x.data);
const mean = (list: readonly number[]): number => list.reduce((total, v) => total + v, 0) / list.length;

/** Checks a mean of terms whose expectation and standard deviation are known. */
function expectMean(terms: readonly number[], expected: number, deviation: number): void {
  expect(Math.abs(mean(terms) - expected)).toBeLessThan((5 * deviation) / Math.sqrt(terms.length));
}

/** `√n` times the largest distance between the steps of the sample and the distribution function. */
function kolmogorovSmirnov(list: readonly number[], distribution: (sorted: readonly number[]) => number[]): number {
  const sorted = list.toSorted((a, b) => a - b);
  const distances = distribution(sorted).map((p, i) => Math.max(p - i / sorted.length, (i + 1) / sorted.length - p));
  return Math.sqrt(sorted.length) * distances.reduce((a, b) => Math.max(a, b), 0);
}

const normalDistribution = (sorted: readonly number[]): number[] =>
  Array.from(erf(mul(tensor([...sorted]), Math.SQRT1_2)).data, (v) => (1 + v) / 2);

/** Uncorrelated lists of variance 1 have products with mean 0 and variance 1. */
const expectUncorrelated = (a: readonly number[], b: readonly number[]): void =>
  expectMean(
    a.slice(0, b.length).map((v, i) => v * (b[i] as number)),
    0,
    1,
  );

describe.each(seeds)("uniform numbers of key(%d)", (seed) => {
  const list = numbers(randomUniform(key(seed), [n]));

  test("have the mean and the variance of their distribution, and lie in [0, 1)", () => {
    expect(list.every((v) => v >= 0 && v < 1)).toBe(true);
    expectMean(list, 1 / 2, Math.sqrt(1 / 12));
    const squares = list.map((v) => (v - 0.5) ** 2);
    expectMean(squares, 1 / 12, Math.sqrt(1 / 180));
  });

  test("fill the interval evenly", () => {
    expect(kolmogorovSmirnov(list, (sorted) => [...sorted])).toBeLessThan(1.95);
    const cells = new Array<number>(1000).fill(0);
    for (const v of list) cells[Math.floor(1000 * v)] = (cells[Math.floor(1000 * v)] as number) + 1;
    const chiSquare = cells.reduce((total, count) => total + (count - n / 1000) ** 2 / (n / 1000), 0);
    expect(Math.abs(chiSquare - 999)).toBeLessThan(5 * Math.sqrt(2 * 999));
  });

  test("set each of their 53 bits half of the time", () => {
    for (let bit = 1, scale = 2; bit <= 53; bit++, scale *= 2) {
      const set = list.filter((v) => Math.floor(v * scale) % 2 === 1).length;
      expect(Math.abs(set - n / 2)).toBeLessThan((5 * Math.sqrt(n)) / 2);
    }
  });
});

describe.each(seeds)("normal numbers of key(%d)", (seed) => {
  const list = numbers(randomNormal(key(seed), [n]));

  test("have the first four moments of their distribution", () => {
    // The moments of even order are 1, 3, 15, 105.
    expectMean(list, 0, 1);
    const powers = [2, 3, 4].map((power) => list.map((v) => v ** power));
    expectMean(powers[0] as number[], 1, Math.sqrt(2));
    expectMean(powers[1] as number[], 0, Math.sqrt(15));
    expectMean(powers[2] as number[], 3, Math.sqrt(96));
  });

  test("follow the distribution function, and no two are equal", () => {
    expect(kolmogorovSmirnov(list, normalDistribution)).toBeLessThan(1.95);
    expect(new Set(list).size).toBe(n);
  });

  test("are not correlated with their neighbours, nor are their squares", () => {
    const squares = list.map((v) => (v ** 2 - 1) / Math.SQRT2);
    for (let lag = 1; lag <= 8; lag++) {
      expectUncorrelated(list, list.slice(lag));
      expectUncorrelated(squares, squares.slice(lag));
    }
  });
});

test("the variance of many normal numbers is 1, and their tails are as long as they should be", () => {
  const list = numbers(randomNormal(key(11), [1_000_000]));
  const squares = list.map((v) => v ** 2);
  expectMean(squares, 1, Math.sqrt(2));
  // Twice the upper tail of the normal distribution at 2, 3, 4 and 4.5.
  const tails = [4.550026e-2, 2.699796e-3, 6.334248e-5, 6.795346e-6];
  [2, 3, 4, 4.5].forEach((bound, i) => {
    const expected = (tails[i] as number) * list.length;
    const found = list.filter((v) => Math.abs(v) > bound).length;
    expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });
});

test("children of a key are not correlated with it nor with each other", () => {
  const parent = key(42);
  const [left, right] = split(parent);
  const keys = [parent, left, right, ...split(left), ...split(right), key(43)];
  const streams = keys.map((k) => numbers(randomNormal(k, [n])));
  streams.forEach((stream, i) => {
    for (const other of streams.slice(i + 1)) expectUncorrelated(stream, other);
  });
});

test("children of a key repeat none of its draws, and none of each other's", () => {
  const parent = key(5);
  const keys = [parent, ...split(parent, 7)];
  const list = keys.flatMap((k) => numbers(randomUniform(k, [n / 8])));
  expect(new Set(list).size).toBe(n);
});

test("the words of a key's children are not those that the key draws", () => {
  const parent = key(5);
  const children = split(parent, 1000).map(({ data: [a = 0, b = 0] }) => (a >>> 0) * 2 ** 21 + (b >>> 11));
  const drawn = numbers(randomUniform(parent, [n])).map((v) => v * 2 ** 53);
  expect(new Set([...children, ...drawn]).size).toBe(n + 1000);
});

test("keys that differ in one bit draw unrelated numbers", () => {
  const stream = numbers(randomNormal(key(0), [n / 10]));
  for (let bit = 0; bit < 53; bit++) expectUncorrelated(stream, numbers(randomNormal(key(2 ** bit), [n / 10])));
});

test("an element depends on the key and its place alone, whatever the shape, in every dtype", () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      anyShape({ minSize: 0 }),
      fc.nat(9),
      fc.constantFrom<DType>("f64", "f32", "f16", "bf16"),
      (seed, shape, more, dtype) => {
        for (const draw of [randomUniform, randomNormal]) {
          const x = draw(key(seed), shape, { dtype });
          const size = x.data.length;
          const longer = draw(key(seed), [size + more], { dtype });
          expect(numbers(reshape(x, [size]))).toEqual(numbers(longer).slice(0, size));
        }
      },
    ),
  );
});

test("children depend on the key and their number alone, and all differ", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 3, max: 20 }), (seed, count) => {
      const children = split(key(seed), count).map(numbers);
      expect(children.slice(0, 2)).toEqual(split(key(seed)).map(numbers));
      expect(new Set(children.map(String)).size).toBe(count);
    }),
  );
});
