// Derivatives along directions on random programs at points that sit on kinks.
import { add, grad, jvp, mul, square, sub, type Tensor, tensor } from "@nonsmooth/ad-core";
import { fc, randomProgram } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { clarkeElement, directionalDerivative, lexicographicDerivative } from "../src/index.ts";

const numbers = (x: Tensor): number[] => Array.from(x.data);
const times = (xs: readonly Tensor[], s: number): Tensor[] => xs.map((x) => mul(x, s));
/** Values that tie on paper and that rounding has moved apart. */
const near = { tolerance: 1e-11 };
const program = randomProgram();
const dyadic = fc.integer({ min: -64, max: 64 }).map((n) => n / 32);
const direction = fc
  .array(fc.array(dyadic, { minLength: 9, maxLength: 9 }), { minLength: 2, maxLength: 2 })
  .map((list) => list.map((d) => tensor(Float64Array.from(d), { shape: [3, 3] })));

const atKinks = program.chain((one) => fc.tuple(fc.constant(one), one.kinky, direction, direction));
const anywhere = program.chain((one) => fc.tuple(fc.constant(one), one.smooth, direction));

/** Where two lists differ by the most, beside their size. */
const gap = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((v, i) => Math.abs(v - (b[i] as number)) / (1 + Math.abs(v))));

test("a directional derivative is the limit of difference quotients", () => {
  fc.assert(
    fc.property(atKinks, ([{ run }, x, d]) => {
      const slope = numbers(directionalDerivative(run, x, d, near));
      const quotient = (t: number): number[] =>
        numbers(mul(sub(run(...x.map((v, i) => add(v, mul(d[i] as Tensor, t)))), run(...x)), 1 / t));
      expect(gap(slope, quotient(2 ** -24))).toBeLessThan(1e-4);
    }),
  );
});

test("it is positively homogeneous", () => {
  fc.assert(
    fc.property(atKinks, ([{ run }, x, d]) => {
      const slope = numbers(directionalDerivative(run, x, d));
      const double = numbers(directionalDerivative(run, x, times(d, 2)));
      // products that underflow are the only ones that know of the factor
      double.forEach((v, i) => {
        expect(Math.abs(v / 2 - (slope[i] as number))).toBeLessThan(1e-300);
      });
    }),
  );
});

test("the chain rule holds along curves", () => {
  fc.assert(
    fc.property(atKinks, ([{ run }, x, d, bend]) => {
      const curve = (t: Tensor): Tensor[] =>
        x.map((v, i) => add(add(v, mul(d[i] as Tensor, t)), mul(bend[i] as Tensor, square(t))));
      const along = numbers(directionalDerivative((t: Tensor) => run(...curve(t)), [tensor(0)], [tensor(1)]));
      expect(gap(along, numbers(directionalDerivative(run, x, d)))).toBeLessThan(1e-12);
    }),
  );
});

test("the first of several directions has the derivative that it has alone", () => {
  fc.assert(
    fc.property(atKinks, ([{ run }, x, d, e]) => {
      const [first] = lexicographicDerivative(run, x, [d, e]);
      expect(gap(numbers(first as Tensor), numbers(directionalDerivative(run, x, d)))).toBeLessThan(1e-12);
    }),
  );
});

test("forward and reverse mode agree on what is locked", () => {
  fc.assert(
    fc.property(atKinks, fc.nat(), ([{ loss }, x], seed) => {
      const { certificate } = clarkeElement(loss, x, { seed });
      expect(gap([certificate.slope], [certificate.product])).toBeLessThan(1e-9);
    }),
  );
});

test("where a function is smooth all derivatives are the derivative", () => {
  fc.assert(
    fc.property(anywhere, ([{ run, loss, gap: distance }, x, d]) => {
      fc.pre(distance(...x) > 1e-6);
      expect(gap(numbers(directionalDerivative(run, x, d)), numbers(jvp(run, x, d)[1]))).toBeLessThan(1e-12);
      const { gradient } = clarkeElement(loss, x, { steps: [] });
      const expected = grad(loss, { wrt: [0, 1] })(...x) as Tensor[];
      gradient.forEach((g, i) => {
        expect(gap(numbers(g as Tensor), numbers(expected[i] as Tensor))).toBeLessThan(1e-12);
      });
    }),
  );
});
