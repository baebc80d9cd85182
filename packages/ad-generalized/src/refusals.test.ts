import {
  AdError,
  abs,
  argmax,
  cast,
  customDerivative,
  div,
  equal,
  floor,
  grad,
  greater,
  isTrue,
  less,
  log,
  maximum,
  mul,
  oneHot,
  pow,
  relu,
  sign,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
  where,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { clarkeElement, directionalDerivative, lDerivative, lexicographicDerivative } from "./index.ts";

type Scalar = (x: Tensor) => Tensor;

function errorOf(body: () => unknown): AdError {
  try {
    body();
  } catch (error) {
    if (error instanceof AdError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** What all three derivatives say of a function at a point. */
function refusals(f: Scalar, at: number): AdError[] {
  const x = tensor(at);
  return [
    errorOf(() => directionalDerivative(f, [x], [tensor(1)])),
    errorOf(() => lexicographicDerivative(f, [x], [[tensor(1)], [tensor(-1)]])),
    errorOf(() => lDerivative(f, [x], [[tensor(1)]])),
    errorOf(() => clarkeElement(f, [x])),
  ];
}

describe("jumps", () => {
  test.each<[string, Scalar, number]>([
    ["sign@s", (x) => sign(x, { site: "s" }), 0],
    ["floor", (x) => floor(x), 2],
    ["less@test", (x) => where(less(x, 0, { site: "test" }), sub(0, x), x), 0],
    ["equal", (x) => where(equal(x, 1), 5, x), 1],
    ["less", (x) => (isTrue(greater(x, 0)) ? x : mul(x, 2)), 0],
    ["tieWeights", (x) => grad((v: Tensor) => abs(v))(x), 0],
  ])("%s", (name, f, at) => {
    for (const error of refusals(f, at)) {
      expect(error.message).toContain(`${name} jumps here`);
      expect(error.code).toBe("domain");
      expect(error.details).toMatchObject({ name: name.split("@")[0], site: name.split("@")[1] ?? "", index: [] });
    }
  });

  test("are none beside their point", () => {
    expect(
      directionalDerivative((x: Tensor) => where(less(x, 0), mul(x, 3), x), [tensor(-1)], [tensor(2)]).data[0],
    ).toBe(6);
    expect(directionalDerivative((x: Tensor) => mul(floor(x), x), [tensor(2.5)], [tensor(1)]).data[0]).toBe(2);
    expect(directionalDerivative((x: Tensor) => mul(sign(x), x), [tensor(-3)], [tensor(1)]).data[0]).toBe(-1);
  });

  test("lie within the tolerance too", () => {
    const f = (x: Tensor): Tensor => floor(x);
    expect(directionalDerivative(f, [tensor(2.001)], [tensor(1)]).data[0]).toBe(0);
    expect(errorOf(() => directionalDerivative(f, [tensor(2.001)], [tensor(1)], { tolerance: 0.01 })).code).toBe(
      "domain",
    );
  });

  test("of an index are jumps where the largest tie", () => {
    const f = (x: Tensor): Tensor => sum(mul(x, oneHot(argmax(x, { axis: 0 }), 2)));
    expect(directionalDerivative(f, [tensor([1, 2])], [tensor([5, 7])]).data[0]).toBe(7);
    expect(errorOf(() => directionalDerivative(f, [tensor([2, 2])], [tensor([5, 7])])).message).toContain(
      "argmax jumps",
    );
  });
});

describe("slopes that are not finite", () => {
  test.each<[string, Scalar, number]>([
    ["sqrt", (x) => sqrt(x), 0],
    ["sqrt", (x) => sqrt(square(x)), 0],
    ["log", (x) => log(x), 0],
    ["pow", (x) => pow(x, 0.5), 0],
    ["div", (x) => div(1, x), 0],
    ["sqrt", (x) => maximum(sqrt(x), -1), 0],
  ])("%s", (name, f, at) => {
    for (const error of refusals(f, at)) {
      expect(error.message).toContain(`${name} has no derivative here`);
      expect(error).toMatchObject({ code: "domain", details: { name, index: [] } });
    }
  });

  test("in a branch not taken do no harm", () => {
    const safe = (x: Tensor): Tensor => where(greater(x, 0), sqrt(x), 0);
    expect(directionalDerivative(safe, [tensor(-1)], [tensor(1)]).data[0]).toBe(0);
    expect(clarkeElement((x: Tensor) => maximum(sub(sqrt(x), 1), x), [tensor(0)]).gradient[0].data[0]).toBe(1);
  });

  test("of numbers that overflow are told as such", () => {
    const error = errorOf(() => clarkeElement((x: Tensor) => square(square(x)), [tensor(1e100)]));
    expect(error.message).toContain("a derivative is not finite");
  });
});

describe("derivatives that are no derivatives of the value", () => {
  test.each<[string, Scalar]>([
    ["stopGradient", (x) => mul(x, stopGradient(x))],
    ["customDerivative", customDerivative((x: Tensor) => relu(x), { jvp: (_, __, [dx]) => dx as Tensor })],
    ["cast", (x) => mul(x, cast(cast(x, "i32"), "f64"))],
  ])("%s", (name, f) => {
    for (const error of refusals(f, 1.5)) {
      expect(error.code).toBe("unsupported");
      expect(error.details).toMatchObject({ name });
    }
  });

  test("recorded programs keep that in mind", () => {
    const program = trace(
      customDerivative((x: Tensor) => relu(x), {}),
      [tensor(0)],
    );
    expect(errorOf(() => clarkeElement(program, [tensor(0)])).code).toBe("unsupported");
  });

  test("of what does not move are none of our business", () => {
    const f = (x: Tensor): Tensor => mul(x, customDerivative((v: Tensor) => stopGradient(v), {})(tensor(3)));
    expect(directionalDerivative(f, [tensor(1)], [tensor(1)]).data[0]).toBe(3);
  });
});

describe("questions", () => {
  const f = (x: Tensor): Tensor => sum(abs(x));
  const x = tensor([1, 2]);
  const wrong = (value: unknown): never => value as never;

  test.each<[string, string, () => unknown]>([
    ["a direction of another shape", "shape", () => directionalDerivative(f, [x], [tensor([1, 2, 3])])],
    ["a direction of another dtype", "dtype", () => directionalDerivative(f, [x], [tensor([1, 2], { dtype: "f32" })])],
    ["a direction of another form", "data", () => directionalDerivative(f, [x], wrong([x, x]))],
    ["a direction that is not finite", "domain", () => directionalDerivative(f, [x], [tensor([1, Infinity])])],
    ["no directions", "domain", () => lexicographicDerivative(f, [x], [])],
    ["no list of directions", "domain", () => lDerivative(f, [x], wrong(3))],
    ["too few directions", "shape", () => lDerivative(f, [x], [[x]])],
    ["directions that depend on each other", "domain", () => lDerivative(f, [x], [[x], [mul(x, 3)]])],
    ["a tolerance below 0", "domain", () => directionalDerivative(f, [x], [x], { tolerance: -1 })],
    ["an unknown setting", "domain", () => directionalDerivative(f, [x], [x], wrong({ tolerence: 1 }))],
    ["a seed that is no whole number", "domain", () => clarkeElement(f, [x], { seed: 0.5 })],
    ["steps that are not positive", "domain", () => clarkeElement(f, [x], { steps: [0] })],
    ["steps that are no list", "domain", () => clarkeElement(f, [x], { steps: wrong(1) })],
    ["a result that is no scalar", "shape", () => clarkeElement((v: Tensor) => abs(v), [x])],
    ["a result that is no real", "dtype", () => clarkeElement((v: Tensor) => argmax(v, { axis: 0 }), [x])],
    ["no function", "data", () => directionalDerivative(wrong(3), [x], [x])],
    ["arguments that are no list", "data", () => clarkeElement(f, wrong(x))],
    ["a point without numbers", "escaped", () => trace((v: Tensor) => directionalDerivative(f, [v], [v]), [x])],
    ["an element inside a gradient", "escaped", () => grad((v: Tensor) => clarkeElement(f, [v]).value)(x)],
    [
      "an element of a function of outer variables",
      "escaped",
      () => grad((v: Tensor) => clarkeElement((w: Tensor) => sum(mul(v, abs(w))), [x]).value)(x),
    ],
    ["an element inside a recording", "escaped", () => trace((v: Tensor) => clarkeElement(f, [v]).value, [x])],
  ])("%s", (_, code, body) => {
    expect(errorOf(body).code).toBe(code);
  });
});
