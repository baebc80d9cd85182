/**
 * Law: the gradient of a nonsmooth program obeys the chain rule along curves, whatever the choice at kinks.
 *
 * Source: conservative fields [BP21]. Curves are segments between points of the lattice {-1, 0, 1}ⁿ. Along them each
 * function below is made of polynomials of degree at most two whose ends are multiples of 1/12, so that the midpoints
 * of twelfths integrate the gradient exactly. Lattice points share coordinates, so that many segments run inside kinks.
 */
import {
  abs,
  add,
  atKink,
  clamp,
  grad,
  hardtanh,
  leakyRelu,
  max,
  maximum,
  maxPool2d,
  min,
  minimum,
  mul,
  norm1,
  normInf,
  random,
  relu,
  relu6,
  reshape,
  type Select,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  type TransformOptions,
  tensor,
  transpose,
} from "@nonsmooth/ad-core";
import { anySelect, anySelection, fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { inner, numberOf } from "./programs.ts";

const pieces = 12;
const lattice = fc
  .array(fc.constantFrom(-1, 0, 1), { minLength: 16, maxLength: 16 })
  .map((list) => tensor(list, { shape: [4, 4] }));

const image = (x: Tensor): Tensor => reshape(x, [1, 1, 4, 4]);
const weights = tensor([2, -1, 0.5, 3, -2, 1, 0.25, -3, 1, 1, -1, 2, 0.5, -0.5, 4, -1], { shape: [4, 4] });

const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  relu: (x) => sum(mul(relu(x), weights)),
  "square of relu": (x) => sum(mul(square(relu(x)), weights)),
  leakyRelu: (x) => sum(mul(leakyRelu(x, 0.25), weights)),
  "relu6, hardtanh and clamp": (x) =>
    sum(mul(add(relu6(mul(6, x)), add(hardtanh(mul(2, x)), clamp(x, { low: -0.5, high: 0.5 }))), weights)),
  "abs and its transpose": (x) => sum(mul(sub(abs(x), transpose(abs(x))), weights)),
  "maximum and minimum": (x) => sum(mul(sub(maximum(x, transpose(x)), minimum(x, 0)), weights)),
  "max and min along axes": (x) => sum(sub(mul(2, max(x, { axes: 0 })), min(x, { axes: 1 }))),
  "norm1 minus normInf": (x) => sub(norm1(x), sum(normInf(x, { axes: 1 }))),
  "maxPool2d of relu": (x) => sum(maxPool2d(relu(image(x)), { window: 2 })),
  "overlapping maxPool2d": (x) =>
    sum(mul(maxPool2d(image(x), { window: 2, stride: 1 }), slice(weights, [0, 0], [3, 3]))),
  "max of abs": (x) => sum(sub(mul(3, max(abs(x), { axes: 1 })), max(abs(x)))),
  "relu minus relu of the opposite": (x) => sum(mul(sub(relu(x), relu(sub(0, x))), weights)),
};

function expectChainRule(f: (x: Tensor) => Tensor, a: Tensor, b: Tensor, options: TransformOptions): void {
  const gradient = grad(f, options) as (x: Tensor) => Tensor;
  const step = sub(b, a);
  const along = (t: number): Tensor => add(a, mul(t, step));
  const slopes = Array.from({ length: pieces }, (_, i) => inner(gradient(along((i + 0.5) / pieces)), step));
  const integral = slopes.reduce((total, slope) => total + slope, 0) / pieces;
  expect(integral).toBeCloseTo(numberOf(f(b)) - numberOf(f(a)), 8);
}

test.each(Object.keys(functions))(
  "the integral of <gradient, path'> is the change of %s, whatever the selection",
  (name) => {
    fc.assert(
      fc.property(lattice, lattice, anySelect(), (a, b, select) => {
        expectChainRule(functions[name] as (x: Tensor) => Tensor, a, b, { select });
      }),
    );
  },
);

test("it holds for draws that differ along the path", () => {
  const f = functions["maxPool2d of relu"] as (x: Tensor) => Tensor;
  fc.assert(
    fc.property(lattice, lattice, fc.nat(1000), (a, b, seed) => {
      const gradient = (x: Tensor, i: number): Tensor => {
        const select: Select = { relu: random(seed + i), maxPool2d: random(seed - i) };
        return grad(f, { select })(x);
      };
      const step = sub(b, a);
      const slopes = Array.from({ length: pieces }, (_, i) =>
        inner(gradient(add(a, mul((i + 0.5) / pieces, step)), i), step),
      );
      const integral = slopes.reduce((total, slope) => total + slope, 0) / pieces;
      expect(integral).toBeCloseTo(numberOf(f(b)) - numberOf(f(a)), 8);
    }),
  );
});

test("it holds around a closed path, where the integral is 0", () => {
  const f = functions["maxPool2d of relu"] as (x: Tensor) => Tensor;
  fc.assert(
    fc.property(fc.array(lattice, { minLength: 3, maxLength: 4 }), anySelection(), (corners, s) => {
      const gradient = grad(f, { select: { relu: atKink(7), maxPool2d: s } });
      const sides = corners.map((a, i) => {
        const step = sub(corners[(i + 1) % corners.length] as Tensor, a);
        const slopes = Array.from({ length: pieces }, (_, k) =>
          inner(gradient(add(a, mul((k + 0.5) / pieces, step))), step),
        );
        return slopes.reduce((total, slope) => total + slope, 0) / pieces;
      });
      expect(sides.reduce((total, side) => total + side, 0)).toBeCloseTo(0, 8);
    }),
  );
});
