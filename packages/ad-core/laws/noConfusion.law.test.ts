/**
 * Law: nested derivatives do not confuse their variables.
 *
 * Source: perturbation confusion, in the four combinations of forward and reverse, three deep, and with functions that
 * use variables of the derivatives around them. Every expectation is a closed form.
 */
import {
  add,
  exp,
  grad,
  jvp,
  linearize,
  mul,
  relu,
  sin,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  vjp,
} from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { describe, expect, test } from "vitest";
import { numberOf } from "./programs.ts";

type Scalar = (x: Tensor) => Tensor;

/** The derivative of a scalar function of a scalar, in each form. */
const forms: Readonly<Record<string, (f: Scalar) => Scalar>> = {
  grad: (f) => (x) => grad(f)(x),
  jvp: (f) => (x) => jvp(f, [x], [tensor(1)])[1],
  vjp: (f) => (x) => vjp(f, [x])[1](tensor(1))[0] as Tensor,
  linearize: (f) => (x) => linearize(f, [x])[1](tensor(1)),
};

const names = Object.keys(forms);
const pairs = names.flatMap((outer) => names.map((inner): [string, string] => [outer, inner]));
const triples = pairs.flatMap(([a, b]) => names.map((c): [string, string, string] => [a, b, c]));
const derivative = (name: string): ((f: Scalar) => Scalar) => forms[name] as (f: Scalar) => Scalar;

const number = fc.integer({ min: -8, max: 8 }).map((n) => n / 4);

function expectNumber(got: Tensor, expected: number): void {
  expect(numberOf(got)).toBeCloseTo(expected, 9);
}

describe.each(pairs)("%s of %s", (outer, inner) => {
  const [D, d] = [derivative(outer), derivative(inner)];

  test("the inner function may use the outer variable: d/dx x · d/dy (x + y) is 1", () => {
    fc.assert(
      fc.property(number, number, (x, y) => {
        expectNumber(D((v) => mul(v, d((w) => add(v, w))(tensor(y))))(tensor(x)), 1);
      }),
    );
  });

  test("d/dx of d/dy x²y³ at y = x is 12 x³, because both depend on x", () => {
    fc.assert(
      fc.property(number, (x) => {
        const f: Scalar = (v) => d((w) => mul(square(v), mul(w, square(w))))(v);
        expectNumber(D(f)(tensor(x)), 12 * x ** 3);
      }),
    );
  });

  test("the second derivative of exp(sin) is the closed form", () => {
    fc.assert(
      fc.property(number, (x) => {
        const closed = Math.exp(Math.sin(x)) * (Math.cos(x) ** 2 - Math.sin(x));
        expectNumber(D(d((v) => exp(sin(v))))(tensor(x)), closed);
      }),
    );
  });

  test("a result of the inner derivative may be a constant of the outer one", () => {
    fc.assert(
      fc.property(number, (x) => {
        expectNumber(D((v) => mul(v, d((w) => mul(5, w))(tensor(1))))(tensor(x)), 5);
      }),
    );
  });

  test("a kink of the inner function carries the outer variable: d/dx of d/dy relu(xy) at y = 1 is 1 for x > 0", () => {
    fc.assert(
      fc.property(fc.integer({ min: -4, max: 4 }), (n) => {
        const found = D((v) => d((w) => relu(mul(v, w)))(tensor(1)))(tensor(n));
        expectNumber(found, n > 0 ? 1 : 0);
      }),
    );
  });
});

test.each(triples)("%s of %s of %s: the third derivative of x⁵ + y x² is 60 x²", (a, b, c) => {
  fc.assert(
    fc.property(number, number, (x, y) => {
      const f: Scalar = (v) => add(mul(v, square(square(v))), mul(y, square(v)));
      expectNumber(derivative(a)(derivative(b)(derivative(c)(f)))(tensor(x)), 60 * x ** 2);
    }),
    { numRuns: 20 },
  );
});

test.each(triples)("%s of %s of %s: each level keeps its own variable in x y z + x² y", (a, b, c) => {
  fc.assert(
    fc.property(number, number, number, (x, y, z) => {
      const f = derivative(a)((u) =>
        derivative(b)((v) => derivative(c)((w) => add(mul(mul(u, v), w), mul(square(u), v)))(tensor(z)))(tensor(y)),
      );
      expectNumber(f(tensor(x)), 1);
    }),
    { numRuns: 20 },
  );
});

test("a gradient with respect to the outer variable passes through a gradient step on the inner one", () => {
  fc.assert(
    fc.property(number, number, (x, y) => {
      // one step of size 1/4 on (y - x)², then its square: (y - (y - x)/2)² = ((y + x)/2)²
      const step = (v: Tensor): Tensor => {
        const gradient = grad((w: Tensor) => square(sub(w, v)))(tensor(y));
        return sum(square(sub(tensor(y), mul(0.25, gradient))));
      };
      expectNumber(grad(step)(tensor(x)), (x + y) / 2);
    }),
  );
});
