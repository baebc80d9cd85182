// Operations of a user's own: what their records state is all that is needed.
import {
  add,
  apply,
  elementary,
  exp,
  first,
  mul,
  type Primitive,
  sub,
  sum,
  type Tensor,
  tensor,
  uniform,
} from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { clarkeElement, directionalDerivative, lexicographicDerivative } from "./index.ts";

const tilt = elementary("user/tilt", {
  arity: 2,
  value: (m, a, b) => m.minimum(m.mul(m.constant(3), a), m.sub(a, b)),
  kink: {
    order: "min",
    default: uniform,
    branches: (m, a, b) => [m.mul(m.constant(3), a), m.sub(a, b)],
    partials: [(_m, mix) => mix(3, 1), (_m, mix) => mix(0, -1)],
  },
});

test("a kink of one's own with branches of two arguments", () => {
  const along = (a: number, b: number): number =>
    directionalDerivative((x: Tensor, y: Tensor) => tilt(x, y), [tensor(0), tensor(0)], [tensor(a), tensor(b)])
      .data[0] as number;
  expect([along(1, 1), along(-1, 1), along(-1, 5), along(2, -4)]).toEqual([0, -3, -6, 6]);
});

test("a kink of one's own is locked by the second direction where the first one ties", () => {
  const f = (x: Tensor, y: Tensor): Tensor => tilt(x, y);
  const found = lexicographicDerivative(
    f,
    [tensor(0), tensor(0)],
    [
      [tensor(1), tensor(-2)],
      [tensor(0), tensor(1)],
    ],
  );
  expect(found.map((y) => y.data[0])).toEqual([3, -1]);
});

test("branches that are not linear", () => {
  const bend = elementary("user/bend", {
    arity: 1,
    value: (m, a) => m.maximum(m.square(a), a),
    kink: {
      order: "max",
      default: first,
      branches: (m, a) => [m.square(a), a],
      partials: [(m, mix, a) => m.add(m.scaleBy(mix(1, 0), m.mul(m.constant(2), a)), mix(0, 1))],
    },
  });
  const slope = (x: number, d: number): number =>
    directionalDerivative((v: Tensor) => bend(v), [tensor(x)], [tensor(d)]).data[0] as number;
  expect([slope(1, 1), slope(1, -1), slope(0, 1), slope(0, -1)].map((v) => v + 0)).toEqual([2, -1, 1, 0]);
});

test("a raw record may round where nobody sees it, so nothing is called exact", () => {
  const half: Primitive<null> = {
    name: "user/third",
    shape: ([x]) => x.shape,
    forward: (k, [x]) => Array.from(x.data, (v) => k.each.constant(k.read(v) / 3)),
    linearize: () => [() => ({ jvp: (dx) => mul(dx, 1 / 3), vjp: (gy) => mul(gy, 1 / 3) })],
    cost: ([x]) => ({ mul: x.shape[0] as number }),
  };
  const f = (x: Tensor): Tensor => sum(apply(half, [x], null));
  expect(clarkeElement(f, [tensor([0, 0])]).certificate.arithmetic).toBe("numerical");
});

test("a smooth record of one's own is followed like any other", () => {
  const cube = elementary("user/cube", {
    arity: 1,
    value: (m, a) => m.mul(a, m.square(a)),
    partials: [(m, _y, a) => m.mul(m.constant(3), m.square(a))],
  });
  const f = (x: Tensor): Tensor => sum(sub(add(cube(x), exp(x)), exp(x)));
  expect(clarkeElement(f, [tensor([0, 2])]).gradient[0].data[1]).toBeCloseTo(12, 12);
});
