/**
 * Law: the choice at kinks is invisible almost everywhere: off kinks two selections give the same bits.
 * Source: [BP21], [BLGP21].
 */
import { grad, hessianVector, jvp, relu, sum, type Tensor, tensor } from "@nonsmooth/ad-core";
import { anySelect, expectSameBits, fc, kinkedRecords } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { runs } from "./programs.ts";

test("off kinks two selections give the same bits, in both modes and to second order", () => {
  const seen = { compared: 0, all: 0 };
  fc.assert(
    fc.property(runs("smooth", { jumps: true, steps: 4 }), anySelect(), (run, other) => {
      const { program, inputs, select, tangents } = run;
      seen.all += 1;
      if (program.gap(...inputs) === 0) return;
      seen.compared += 1;
      const [one, two] = [select, other].map((s) => grad(program.loss, { select: s, wrt: [0, 1] })(...inputs));
      expectSameBits("the gradient in the first argument", two?.[0] as Tensor, one?.[0] as Tensor);
      expectSameBits("the gradient in the second argument", two?.[1] as Tensor, one?.[1] as Tensor);
      const [dy, dz] = [select, other].map((s) => jvp(program.run, inputs, tangents, { select: s })[1]);
      expectSameBits("the tangent", dz as Tensor, dy as Tensor);
      const [h, k] = [select, other].map((s) => hessianVector(program.loss, inputs, tangents, { select: s }));
      expectSameBits("the second derivative", k as Tensor, h as Tensor);
    }),
  );
  expect(seen.compared).toBeGreaterThan(seen.all / 5);
});

test("on kinks some selection shows: the law is not empty", () => {
  const seen = { different: 0, all: 0 };
  fc.assert(
    fc.property(runs("kinky", { inputs: 1, steps: 3 }), anySelect(), ({ program, inputs, select }, other) => {
      const [one, two] = [select, other].map((s) => grad(program.loss, { select: s })(...inputs)) as [Tensor, Tensor];
      seen.all += 1;
      if (one.data.some((v, i) => !Object.is(v, two.data[i]))) seen.different += 1;
    }),
  );
  expect(seen.different).toBeGreaterThan(seen.all / 20);
});

test("a selection for an operation that is not there changes nothing", () => {
  fc.assert(
    fc.property(anySelect(), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1 }), (select, list) => {
      const others = Object.fromEntries(Object.entries(select).filter(([name]) => name !== "relu"));
      const x = list.map((v) => v - 2);
      const f = (v: Tensor): Tensor => sum(relu(v));
      expectSameBits("relu", grad(f, { select: others })(tensor(x)), grad(f)(tensor(x)));
    }),
  );
  expect(kinkedRecords.length).toBeGreaterThan(10);
});
