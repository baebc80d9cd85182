import {
  abs,
  add,
  apply,
  atSite,
  cast,
  div,
  exp,
  isTrue,
  lessEqual,
  maximum,
  maxPool2d,
  mul,
  norm2,
  type Primitive,
  pow,
  relu,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { clarkeElement } from "../index.ts";

type Scalar = (x: Tensor) => Tensor;

const arithmetic = (f: Scalar, at: Tensor): string => clarkeElement(f, [at]).certificate.arithmetic;

describe("exact means that nothing was rounded", () => {
  const at = tensor([0, 1, -2]);
  test.each<[string, string, Scalar, Tensor]>([
    ["whole numbers", "exact", (x) => sum(abs(x)), at],
    ["products of whole numbers", "exact", (x) => sum(mul(square(x), x)), at],
    ["whole numbers in 32 bits", "exact", (x) => sum(relu(x)), tensor([0, 1, -2], { dtype: "f32" })],
    ["quotients without remainder", "exact", (x) => sum(div(x, 4)), at],
    ["quotients with a remainder", "numerical", (x) => sum(div(x, 3)), at],
    ["sums that are rounded", "numerical", (x) => sum(add(x, 0.1)), at],
    ["products that are rounded", "numerical", (x) => sum(mul(x, 0.1)), tensor([3, 1, -2])],
    ["exp", "numerical", (x) => sum(exp(x)), at],
    ["exp at 0 only", "exact", (x) => sum(exp(x)), tensor([0, 0])],
    ["a root that is a whole number", "exact", (x) => sum(sqrt(x)), tensor([4, 16])],
    ["a root that is none", "numerical", (x) => sum(sqrt(x)), tensor([4, 2])],
    ["a cast that loses digits", "numerical", (x) => sum(cast(x, "f32")), tensor([0.1, 2])],
    ["16 bits, where nothing is watched", "numerical", (x) => sum(x), tensor([1, 2], { dtype: "f16" })],
    ["a constant that is computed and rounded on the way", "numerical", (x) => sum(mul(x, div(tensor(1), 3))), at],
  ])("%s: %s", (_, expected, f, x) => {
    expect(arithmetic(f, x)).toBe(expected);
  });

  test("the claim is no stronger than the arithmetic", () => {
    const claim = (f: Scalar, options = {}): string => clarkeElement(f, [at], options).certificate.claim;
    expect(claim((x) => sum(abs(x)))).toBe("an element of the Clarke subdifferential");
    expect(claim((x) => sum(exp(abs(x))))).toMatch(/^an element of the Clarke subdifferential up to rounding/);
    expect(claim((x) => sum(abs(x)), { tolerance: 0.1 })).toBe(
      "nothing for this point: numbers within 0.1 were taken as equal",
    );
    expect(claim((x) => sum(abs(sub(x, x))))).toMatch(
      /unless the directions miss .* one of 3 places .* one in 1048576 /,
    );
  });
});

describe("what is locked", () => {
  test("instructions are told by name, site and position, with the branches taken", () => {
    const f = (x: Tensor): Tensor =>
      atSite("block", () =>
        sum(maxPool2d(relu(reshape(x, [1, 1, 2, 2]), { site: "act" }), { window: 2, site: "pool" })),
      );
    const { locked, directions } = clarkeElement(f, [tensor([0, -1, 0, 0])], { seed: 3 }).certificate;
    const speeds = Array.from(directions[0]?.[0].data ?? []);
    expect(locked[0]).toEqual({
      name: "relu",
      site: "block/act",
      position: 1,
      tied: 3,
      undecided: 0,
      places: [0, 2, 3].map((i) => ({
        index: [0, 0, Math.floor(i / 2), i % 2],
        ties: 2,
        branches: [(speeds[i] as number) > 0 ? 1 : 0],
      })),
    });
    expect(locked[1]).toMatchObject({ name: "maxPool2d", site: "block/pool", position: 2, tied: 1 });
    expect(locked[1]?.places[0]?.ties).toBe(4);
  });

  test("smooth points lock nothing", () => {
    expect(clarkeElement((x: Tensor) => sum(abs(x)), [tensor([1, -2])]).certificate.locked).toEqual([]);
  });

  test("a norm at 0 is a place with a direction and no branches", () => {
    const { gradient, certificate } = clarkeElement((x: Tensor) => norm2(x, { site: "n" }), [tensor([0, 0])]);
    expect(certificate.locked).toEqual([
      { name: "norm2", site: "n", position: 0, tied: 1, undecided: 0, places: [{ index: [], ties: 0, branches: [] }] },
    ]);
    expect(Math.hypot(...gradient[0].data)).toBeCloseTo(1, 14);
  });
});

describe("an unlucky direction", () => {
  const at: [Tensor] = [tensor([0, 0])];
  const [first] = clarkeElement((x: Tensor) => sum(abs(x)), at, { seed: 5 }).certificate.directions;
  const [p = 0, q = 0] = Array.from(first?.[0].data ?? []).map((v) => v * 2 ** 20);
  // moves at speed 0 along the direction of this seed, and at no other speed elsewhere
  const f = (x: Tensor): Tensor => abs(sum(mul(x, tensor([q, -p]))));

  test("is mended by a second one", () => {
    const { gradient, certificate } = clarkeElement(f, at, { seed: 5 });
    expect(Array.from(gradient[0].data, Math.abs)).toEqual([Math.abs(q), Math.abs(p)]);
    expect(certificate.slope).toBe(0);
    expect(certificate.undecided).toBe(0);
    expect(certificate.directions.length).toBe(2);
    expect(certificate.sweeps).toEqual({ forward: 2, reverse: 1 });
  });

  test("is none for another seed", () => {
    expect(clarkeElement(f, at, { seed: 6 }).certificate.directions.length).toBe(1);
  });
});

describe("tolerance", () => {
  const f = (x: Tensor): Tensor => abs(sub(x, 0.3));
  const at: [Tensor] = [tensor(0.1 + 0.2)];
  const slopes = (tolerance: number): number[] => {
    const found = [0, 1, 2, 3, 4, 5, 6, 7].map(
      (seed) => clarkeElement(f, at, { seed, tolerance }).gradient[0].data[0] as number,
    );
    return [...new Set(found)].toSorted((a, b) => a - b);
  };

  test("numbers that rounding has moved apart tie again", () => {
    expect(slopes(0)).toEqual([1]);
    expect(slopes(1e-12)).toEqual([-1, 1]);
  });
});

describe("small steps", () => {
  test("that do not agree with a gradient leave nothing to claim", () => {
    const wrong: Primitive<null> = {
      name: "user/wrong",
      shape: ([x]) => x.shape,
      forward: (k, [x]) => Array.from(x.data, (v) => k.each.square(v)),
      linearize: () => [() => ({ jvp: (dx) => mul(dx, 3), vjp: (gy) => mul(gy, 3) })],
      cost: ([x]) => ({ square: x.shape[0] as number }),
    };
    const { claim } = clarkeElement((x: Tensor) => sum(apply(wrong, [x], null)), [tensor([1])]).certificate;
    expect(claim).toBe("nothing: small steps do not agree with the gradient");
  });

  test("out of the domain leave nothing to claim", () => {
    const claims = [0, 1, 2, 3, 4, 5].map(
      (seed) => clarkeElement((x: Tensor) => pow(x, 1.5), [tensor(0)], { seed }).certificate.claim,
    );
    expect(claims).toContain("nothing: the function is not finite beside the point");
  });

  test("go to 0 with the step, and are the caller's to choose", () => {
    const f = (x: Tensor): Tensor => sum(maximum(square(x), x));
    const { residuals } = clarkeElement(f, [tensor([0, 2])], { steps: [0.25, 2 ** -10] }).certificate;
    expect(residuals.map(({ step }) => step)).toEqual([0.25, 2 ** -10]);
    const [coarse, fine] = residuals.map(({ residual }) => Math.abs(residual as number)) as [number, number];
    expect(fine).toBeLessThan(coarse / 100);
  });

  test("have no residual where a recorded program does not hold", () => {
    const program = trace((x: Tensor) => (isTrue(lessEqual(abs(x), 0.001)) ? mul(x, 3) : x), [tensor(0)]);
    const { gradient, certificate } = clarkeElement(program, [tensor(0)], { steps: [1, 2 ** -20] });
    expect(gradient[0].data[0]).toBe(3);
    expect(certificate.residuals).toEqual([
      { step: 1, residual: null },
      { step: 2 ** -20, residual: 0 },
    ]);
  });
});

test("trees come back in the form of the arguments, integers with zeros", () => {
  const f = (w: { bias: Tensor; weight: Tensor }, n: Tensor): Tensor =>
    sum(relu(add(mul(w.weight, cast(n, "f64")), w.bias)));
  const { value, gradient } = clarkeElement(f, [
    { bias: tensor(1), weight: tensor([2, 3]) },
    tensor(4, { dtype: "i32" }),
  ]);
  expect(value.data[0]).toBe(22);
  expect(Array.from(gradient[0].weight.data)).toEqual([4, 4]);
  expect(gradient[0].bias.data[0]).toBe(2);
  expect(gradient[1]).toMatchObject({ dtype: "i32" });
});
