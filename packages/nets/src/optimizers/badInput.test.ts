/** What optimizers refuse when they are made, when they meet parameters, and when rates change. */
import { add, mul, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { adam, adamW } from "./adam.ts";
import { clipByGlobalNorm, clipByValue } from "./clip.ts";
import { addDecayedWeights } from "./decay.ts";
import { dinAdam } from "./dinAdam.ts";
import { inertia } from "./inertia.ts";
import { inna, innaprop } from "./inna.ts";
import { nadam } from "./nadam.ts";
import { rmsprop } from "./rmsprop.ts";
import { scale, scaleByRate, scaleBySchedule } from "./scale.ts";
import { scaleByAdam } from "./scaleByAdam.ts";
import { scaleByRms } from "./scaleByRms.ts";
import { cosine, linearWarmup } from "./schedules.ts";
import { addMomentum, momentum, sgd } from "./sgd.ts";

type Make = (options: never) => unknown;

const optimizers: Readonly<Record<string, Make>> = {
  sgd,
  momentum,
  rmsprop,
  adam,
  adamW,
  nadam,
  inna,
  innaprop,
  dinAdam,
};

describe.each(Object.entries(optimizers))("%s", (where, make) => {
  test.each([
    { rate: 0 },
    { rate: -1 },
    { rate: Number.NaN },
    { rate: Number.POSITIVE_INFINITY },
    { rate: "0.1" },
    { rate: 0.01, weightDecay: -1 },
    { rate: 0.01, learningRate: 1 },
  ])("refuses %j", (options) => {
    expect(() => make(options as never)).toThrow(expect.objectContaining({ code: "domain", where }));
  });

  test("refuses what is no object of settings", () => {
    expect(() => make(0.1 as never)).toThrow(expect.objectContaining({ code: "domain", where }));
    expect(() => make(null as never)).toThrow(expect.objectContaining({ code: "domain", where }));
  });
});

test.each<[string, string, () => unknown]>([
  ["momentum", "momentum", () => momentum({ rate: 1, momentum: 1 })],
  ["addMomentum", "momentum", () => addMomentum({ momentum: -0.1 })],
  ["rmsprop", "decay", () => rmsprop({ decay: 1 })],
  ["rmsprop", "momentum", () => rmsprop({ momentum: 1 })],
  ["rmsprop", "epsilon", () => rmsprop({ epsilon: -1, centered: true })],
  ["scaleByRms", "decay", () => scaleByRms({ decay: Number.NaN })],
  ["adam", "beta1", () => adam({ beta1: 1 })],
  ["adamW", "beta2", () => adamW({ beta2: -0.5 })],
  ["scaleByAdam", "epsilon", () => scaleByAdam({ epsilon: Number.POSITIVE_INFINITY })],
  ["nadam", "momentumDecay", () => nadam({ momentumDecay: -1 })],
  ["inna", "beta", () => inna({ beta: 0 })],
  ["inna", "alpha", () => inna({ alpha: -1 })],
  ["inna", "state", () => inna({ state: "phi" as never })],
  ["inna", "initialSpeed", () => inna({ initialSpeed: Number.NaN })],
  ["inertia", "alpha", () => inertia({ rate: 1, beta: 1 } as never)],
  ["innaprop", "sigma", () => innaprop({ sigma: 1 })],
  ["innaprop", "rate", () => innaprop({ rate: 0.9 })],
  ["innaprop", "rate", () => innaprop({ rate: 0.1, beta: 0.05 })],
  ["innaprop", "rate", () => innaprop({ rate: linearWarmup(cosine({ rate: 1, steps: 9 }), { steps: 3 }) })],
  ["dinAdam", "form", () => dinAdam({ form: "other" as never })],
  ["dinAdam", "alpha * beta", () => dinAdam({ alpha: 2, beta: 0.5, form: "published" })],
  ["addDecayedWeights", "weightDecay", () => addDecayedWeights(-1)],
  ["clipByGlobalNorm", "limit", () => clipByGlobalNorm(0)],
  ["clipByValue", "limit", () => clipByValue(Number.POSITIVE_INFINITY)],
  ["scale", "factor", () => scale(Number.NaN)],
  ["scaleByRate", "rate", () => scaleByRate(0)],
  ["scaleBySchedule", "rate", () => scaleBySchedule(-1)],
])("%s refuses a %s out of range", (where, name, make) => {
  expect(make).toThrow(expect.objectContaining({ code: "domain", where, details: expect.objectContaining({ name }) }));
});

test("initialSpeed is no setting of innaprop", () => {
  expect(() => innaprop({ initialSpeed: 1 } as never)).toThrow(expect.objectContaining({ code: "domain" }));
});

describe("a rate that reaches β, from a schedule whose bound is not known", () => {
  const rising = (count: Tensor): Tensor => add(0.25, mul(0.25, count));
  const optimizer = innaprop({ rate: rising, beta: 0.7 });
  const params = tensor([1, 2]);

  test("stops at that step", () => {
    let state = optimizer.init(params);
    for (let k = 0; k < 2; k++) state = optimizer.update(params, state, params)[1];
    expect(() => optimizer.update(params, state, params)).toThrow(
      expect.objectContaining({ code: "domain", where: "innaprop" }),
    );
  });

  test("stops a recorded program by its guard", () => {
    const step = (count: Tensor) => {
      const [scaling, steps] = optimizer.init(params) as unknown as [{ squares: Tensor }, { kept: Tensor }];
      return {
        updates: optimizer.update(
          params,
          [
            { ...scaling, count },
            { ...steps, count },
          ],
          params,
        )[0] as Tensor,
      };
    };
    const program = trace(step, [tensor(0)]);
    program(tensor(1));
    expect(() => program(tensor(2))).toThrow(expect.objectContaining({ code: "guard" }));
  });
});

test.each(["f64", "f32", "bf16"] as const)("an ε of 1e-8 will do in %s", (dtype) => {
  expect(() => innaprop().init({ w: tensor([1], { dtype }) })).not.toThrow();
});

test.each<[string, () => { init(params: never): unknown }]>([
  ["rmsprop", () => rmsprop()],
  ["rmsprop", () => rmsprop({ centered: true })],
  ["adam", () => adam()],
  ["adamW", () => adamW()],
  ["nadam", () => nadam()],
  ["innaprop", () => innaprop()],
  ["dinAdam", () => dinAdam()],
])("%s refuses an ε that is 0 in f16, which would make 0 / 0 of a zero gradient", (where, make) => {
  const params = { w: tensor([1], { dtype: "f16" }) };
  expect(() => make().init(params as never)).toThrow(expect.objectContaining({ code: "domain", where }));
});

test("the sentence of a refused setting", () => {
  expect(() => innaprop({ rate: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[AdError: innaprop: rate out of range: expected below beta, 0.9, at every step, got 1; choose another]`,
  );
  expect(() => adam({ betas: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
    `[AdError: adam: an unknown setting: expected rate, beta1, beta2, epsilon, weightDecay, mask, got betas; check the spelling]`,
  );
  expect(() => adam().update(tensor([1]), [], tensor([1]))).toThrowErrorMatchingInlineSnapshot(
    `[AdError: adam: the state is not one of this optimizer: expected a list of 2, got a list of 0; pass what init or the last update gave]`,
  );
  expect(() => adam().init({ w: "1" } as never)).toThrowErrorMatchingInlineSnapshot(
    `[AdError: adam: "w" is not a tensor: expected tensors, numbers, arrays and plain objects of them, got string; leave it out of the tree]`,
  );
  expect(() => applied()).toThrowErrorMatchingInlineSnapshot(
    `[AdError: adam: trees differ at the tree: expected {w}, got {v}; give gradients and state the form of the parameters; a state belongs to the parameters of its init]`,
  );
});

const applied = () => adam().update({ v: tensor(1) }, [], { w: tensor(1) });
