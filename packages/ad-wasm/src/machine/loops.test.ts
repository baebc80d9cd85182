/** Chains of formulas: every elementary operation in every format, with the bits of the reference. */
import * as core from "@nonsmooth/ad-core";
import { apply, type DType, type Primitive, records, type Tensor, tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { expectConforms } from "../../laws/conform.ts";
import { wasm } from "./wasm.ts";

const special = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  6,
  1e-8,
  -1e-8,
  65504,
  70000,
  3e38,
  -3e38,
  1e-40,
  1e300,
  Infinity,
  -Infinity,
  Number.NaN,
];
const spread = Array.from({ length: 45 }, (_, i) => ((i * 37) % 101) / 9 - 5);
const whole = [0, 1, -1, 2, -2, 3, 7, -8, 100, 2 ** 31 - 1, -(2 ** 31), 65536, -65537];

/** Pairs of interesting numbers of a format. */
function numbers(dtype: DType, operand: number): Tensor {
  const list = dtype === "i32" ? whole : dtype === "bool" ? [0, 1, 1] : [...special, ...spread];
  const count = list.length ** 2 % 7 === 0 ? list.length ** 2 + 1 : list.length ** 2;
  return tensor(
    Array.from(
      { length: count },
      (_, i) => list[(operand === 0 ? i : Math.floor(i / list.length)) % list.length] as number,
    ),
    { dtype },
  );
}

const settings: Readonly<Record<string, readonly unknown[]>> = {
  leakyRelu: [0.01, 0.1, 2],
  elu: [0.5, 1],
  "hardtanh.low": [-1],
  "hardtanh.high": [1],
  "clamp.low": [{ low: -0.3 }, -0.3],
  "clamp.high": [{ high: 0.7 }, 0.7],
};

const elementary = [...records.values()].filter(({ statement }) => statement !== undefined);

describe.each(["f64", "f32", "f16", "bf16", "i32", "bool"] as const)("in %s", (dtype) => {
  test.each(elementary.map(({ name }) => name))("%s", (name) => {
    const record = records.get(name) as Primitive;
    for (const params of settings[name] ?? [null]) {
      const { arity } = record.statement?.(params) ?? { arity: 1 };
      const inputs = Array.from({ length: arity }, (_, i) => numbers(dtype, i));
      let isRefused = false;
      try {
        apply(record, inputs, params);
      } catch (error) {
        isRefused = (error as { code?: string }).code === "dtype";
        if (!isRefused) throw error;
      }
      if (!isRefused) expectConforms(wasm(), (...args: Tensor[]) => apply(record, args, params), inputs);
    }
  });

  test("cast to every format", () => {
    for (const to of core.dtypes) expectConforms(wasm(), (x: Tensor) => core.cast(x, to), [numbers(dtype, 0)]);
  });

  test("where", () => {
    const [a, b] = [numbers(dtype, 0), numbers(dtype, 1)];
    expectConforms(wasm(), (x: Tensor, y: Tensor) => core.where(core.equal(x, y), y, x), [a, b]);
  });
});

const x = tensor(spread.slice(0, 24), { shape: [2, 3, 4], dtype: "f32" });

describe("chains", () => {
  test("round between their formulas", () => {
    for (const dtype of ["f16", "bf16", "f32"] as const) {
      const [a, b] = [numbers(dtype, 0), numbers(dtype, 1)];
      expectConforms(
        wasm(),
        (p: Tensor, q: Tensor) => core.mul(core.add(core.mul(p, q), p), core.sub(q, core.tanh(p))),
        [a, b],
      );
    }
  });

  test("write what others need, and what they repeat", () => {
    const f = (a: Tensor) => {
      const b = core.mul(a, a);
      const c = core.add(b, 1);
      return { b, c: core.exp(c), d: core.reshape(core.sub(c, b), [24]), e: a };
    };
    expectConforms(wasm(), f, [x]);
  });

  test("see scalars, rows and channels repeated", () => {
    const row = tensor([1, 2, 3, 4], { dtype: "f32" });
    const channel = tensor([5, 6, 7], { shape: [3, 1], dtype: "f32" });
    const f = (a: Tensor, r: Tensor, c: Tensor, s: Tensor) => core.mul(core.add(core.add(core.mul(a, s), r), c), 0.1);
    expectConforms(wasm(), f, [x, row, channel, tensor(3, { dtype: "f32" })]);
    const long = tensor(
      Array.from({ length: 5000 }, (_, i) => i),
      { shape: [5, 250, 4], dtype: "f64" },
    );
    const g = (a: Tensor, r: Tensor, c: Tensor) => core.sub(core.mul(a, r), c);
    expectConforms(wasm(), g, [
      long,
      tensor([1, 2, 3, 4]),
      tensor(
        Array.from({ length: 250 }, (_, i) => i),
        { shape: [250, 1] },
      ),
    ]);
  });

  test("see what only gets axes of size 1 as it is", () => {
    const f = (a: Tensor) => {
      const wider = (b: Tensor): Tensor => core.broadcastTo(b, [1, ...a.shape]);
      return core.add(wider(core.exp(a)), wider(core.neg(a)));
    };
    for (const at of [x, tensor(2), tensor([], { shape: [0, 3] })]) expectConforms(wasm(), f, [at]);
  });

  test("weights at kinks of two branches follow every selection", () => {
    const selections = [
      core.first,
      core.last,
      core.uniform,
      core.atKink(0.1),
      core.blend(core.first, core.uniform, 10),
    ];
    const at = tensor([-1, 0, -0, 0.5, 2, Number.NaN], { dtype: "f32" });
    const f = (a: Tensor) => core.mul(core.relu(a), core.maximum(a, 0.5));
    for (const relu of selections) {
      const slope = (a: Tensor) =>
        core.jvp(f, [a], [core.ones([6], { dtype: "f32" })], { select: { relu, maximum: relu } })[1];
      expect(core.trace(slope, [at]).tables.primitives.some(({ name }) => name === "tieWeights")).toBe(true);
      expectConforms(wasm(), slope, [at]);
    }
  });

  test("of nothing", () => {
    expectConforms(wasm(), (a: Tensor) => core.add(a, 1), [tensor([], { shape: [0, 3] })]);
  });

  test("operations of one's own run here too, and equal names are not mixed up", () => {
    const one = core.elementary("own/f", {
      ...{ arity: 1, value: (m, a) => m.mul(a, m.exp(a)), partials: [(m, y, a) => m.add(y, m.exp(a))] },
    });
    const two = core.elementary("own/f", { arity: 1, value: (m, a) => m.add(a, a), partials: [(m) => m.constant(2)] });
    expectConforms(wasm(), (a: Tensor) => [one(a), two(core.reshape(a, [24])), core.sub(two(a), one(a))], [x]);
  });
});
