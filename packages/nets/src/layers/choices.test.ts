import { type DType, grad, jvp, last, mul, ones, type Select, sum, type Tensor, tensor } from "@nonsmooth/ad-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inContext } from "../../laws/inContext.ts";
import * as layers from "./index.ts";
import type { Layer } from "./layer.ts";

const { maxPoolChoice, normPoolChoice, relu6Choice, reluChoice } = layers;
type RealDType = Exclude<DType, "i32" | "bool">;
const formats: readonly RealDType[] = ["f64", "f32", "f16", "bf16"];
const forms = ["fused", "coded"] as const;

interface Chosen {
  readonly layer: Layer;
  readonly select: Select;
}
const pool = (options: Parameters<typeof maxPoolChoice>[0]): Chosen => {
  const { pool: layer, select } = maxPoolChoice(options);
  return { layer, select };
};
const activation = ({ activation: layer, select }: layers.ActivationChoice): Chosen => ({ layer, select });

/** The gradient of the sum of a layer's outputs, each times `upstream`. */
function gradient({ layer, select }: Chosen, x: Tensor, upstream = 1): number[] {
  const loss = (v: Tensor): Tensor => sum(mul(inContext(layer)(v), upstream));
  return Array.from(grad(loss, { select })(x).data);
}

const windowOf = (cells: readonly number[], dtype: RealDType = "f64"): Tensor =>
  tensor([...cells], { shape: [1, 1, 1, cells.length], dtype });
const square = (cells: readonly number[], dtype: RealDType = "f64"): Tensor =>
  tensor([...cells], { shape: [1, 1, 2, 2], dtype });

describe.each(forms)("beta-MaxPool, %s", (form) => {
  describe.each(formats)("in %s", (dtype) => {
    test.each([
      [0, [1, 0, 0, 0]],
      [1, [0.5, 0.5, 0, 0]],
      [10, [-4, 5, 0, 0]],
      [100, [-49, 50, 0, 0]],
    ])("beta %d, two cells tie: %j", (beta, expected) => {
      expect(gradient(pool({ beta, form }), square([1, 1, 0, 0], dtype))).toEqual(expected);
    });

    test.each([
      [0, [1, 0, 0, 0]],
      [1, [0.25, 0.25, 0.25, 0.25]],
      [10, [-6.5, 2.5, 2.5, 2.5]],
    ])("beta %d, four cells tie: %j", (beta, expected) => {
      expect(gradient(pool({ beta, form }), square([3, 3, 3, 3], dtype))).toEqual(expected);
    });

    test("without a tie the largest cell takes all", () => {
      expect(gradient(pool({ beta: 10, form }), square([1, 4, 2, 3], dtype))).toEqual([0, 1, 0, 0]);
    });
  });

  test("weights have sum 1 and the norm that theory says, for any ties and beta", () => {
    const cells = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(cells, fc.integer({ min: -20, max: 20 }), (x, beta) => {
        const { pool: layer, select } = maxPoolChoice({ beta, form, window: [1, x.length] });
        const w = gradient({ layer, select }, windowOf(x));
        const top = Math.max(...x);
        const s = x.filter((value) => value === top).length;
        expect(w.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        expect(w.reduce((a, b) => a + b * b, 0)).toBeCloseTo(1 / s + (1 - 1 / s) * (1 - beta) ** 2, 9);
        expect(w.filter((value, i) => x[i] !== top && value !== 0)).toEqual([]);
      }),
    );
  });

  test("windows that overlap add up", () => {
    const { pool: layer, select } = maxPoolChoice({ beta: 1, form, window: 2, stride: 1 });
    const found = gradient({ layer, select }, ones([1, 1, 3, 3]));
    expect(found).toEqual([0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25]);
  });
});

test("the minimal pooling divides, and the selection multiplies with a rounded share", () => {
  const x = windowOf([1, 1, 1], "f16");
  const minimal = layers.minimalPool2d({ window: [1, 3] });
  const { pool: layer, select } = maxPoolChoice({ beta: 1, form: "fused", window: [1, 3] });
  expect(gradient({ layer: minimal, select: {} }, x, 5)).toEqual(new Array(3).fill(1.6669921875));
  expect(gradient({ layer, select }, x, 5)).toEqual(new Array(3).fill(1.666015625));
});

test("NaN: the minimal pooling spoils its window, first takes the first one", () => {
  const x = square([NaN, 9, NaN, 2]);
  const minimal = layers.minimalPool2d({ window: 2 });
  expect(inContext(minimal)(x).data[0]).toBe(NaN);
  expect(gradient({ layer: minimal, select: {} }, x)).toEqual([NaN, NaN, NaN, NaN]);
  expect(gradient(pool({ beta: 0, form: "fused" }), x)).toEqual([1, 0, 0, 0]);
});

test("zeros of both signs tie", () => {
  expect(gradient(pool({ beta: 1, form: "coded" }), square([-0, 0, -1, -1]))).toEqual([0.5, 0.5, 0, 0]);
});

test("a selection changes the native part of the coded form, and nothing of the minimal one", () => {
  const select = { maxPool2d: last };
  const x = square([1, 1, 0, 0]);
  expect(gradient({ layer: layers.betaPool2d({ window: 2, beta: 10 }), select }, x)).toEqual([5, -4, 0, 0]);
  expect(gradient({ layer: layers.minimalPool2d({ window: 2 }), select }, x)).toEqual([0.5, 0.5, 0, 0]);
});

test("second derivatives pass, forward mode does not", () => {
  const { layer } = pool({ beta: 1, form: "coded" });
  const loss = (v: Tensor): Tensor => sum(mul(inContext(layer)(v), inContext(layer)(v)));
  const slope = (v: Tensor): Tensor => sum(mul(grad(loss)(v), square([1, 0, 0, 0])));
  expect(Array.from(grad(slope)(square([3, 3, 0, 0])).data)).toEqual([0.5, 0.5, 0, 0]);
  const forward = (): unknown => jvp(inContext(layer), [square([1, 2, 3, 4])], [square([1, 1, 1, 1])]);
  expect(forward).toThrow(expect.objectContaining({ code: "missing", where: "customDerivative" }));
});

test.each([
  [1, [0, 0, 0, 0]],
  [2, [1, 1, 1, 1]],
] as const)("norm-pooling, choice %d, at a window of zeros: %j", (choice, expected) => {
  const { pool: layer, select } = normPoolChoice({ choice });
  expect(gradient({ layer, select }, square([0, 0, 0, 0]))).toEqual(expected);
  expect(gradient({ layer, select }, square([3, 0, 0, 4]))).toEqual([0.6, 0, 0, 0.8]);
});

describe.each(formats)("relu'(0) in %s", (dtype) => {
  const x = tensor([-1, -0, 0, 2, NaN], { dtype });

  test("multiplies what arrives", () => {
    const multiplied = activation(reluChoice({ alpha: 0.5, rule: "multiply" }));
    expect(gradient(multiplied, x, 0.125).slice(0, 4)).toEqual([0, 0.0625, 0.0625, 0.125]);
  });

  test("or is written, whatever arrives", () => {
    const assigned = activation(reluChoice({ alpha: 0.5, rule: "assign" }));
    expect(gradient(assigned, x, 0.125)).toEqual([0, 0.5, 0.5, 0.125, 0.125]);
    expect(gradient(assigned, x, 0)).toEqual([0, 0.5, 0.5, 0, 0]);
  });

  test("is the same by both rules when it is 0, and when 1 arrives", () => {
    const at = tensor([-1, 0, 2], { dtype });
    for (const [alpha, upstream] of [[0, 0.125] as const, [3, 1] as const]) {
      const [one, other] = (["multiply", "assign"] as const).map((rule) =>
        gradient(activation(reluChoice({ alpha, rule })), at, upstream),
      );
      expect(other).toEqual(one);
    }
  });

  test("relu6 has a number at each of its kinks", () => {
    const at = tensor([-1, 0, 3, 6, 7], { dtype });
    const found = (["multiply", "assign"] as const).map((rule) =>
      gradient(activation(relu6Choice({ low: 0.5, high: 0.25, rule })), at, 8),
    );
    expect(found).toEqual([
      [0, 4, 8, 2, 0],
      [0, 0.5, 8, 0.25, 0],
    ]);
  });
});
