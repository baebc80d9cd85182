/** Law: the value under every transform is the plain value, bit for bit. Source: definition. */
import { checkpoint, grad, jvp, linearize, valueAndGrad, vjp } from "@nonsmooth/ad-core";
import { expectSameBits, fc } from "@nonsmooth/ad-testing";
import { test } from "vitest";
import { runs } from "./programs.ts";

test("a transform returns the plain value, whatever the selection", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), ({ program, inputs, select, tangents }) => {
      const y = program.run(...inputs);
      expectSameBits("jvp", jvp(program.run, inputs, tangents, { select })[0], y);
      expectSameBits("vjp", vjp(program.run, inputs, { select })[0], y);
      expectSameBits("linearize", linearize(program.run, inputs, { select })[0], y);
      expectSameBits("checkpoint", checkpoint(program.run)(...inputs), y);
      expectSameBits("valueAndGrad", valueAndGrad(program.loss, { select })(...inputs)[0], program.loss(...inputs));
    }),
  );
});

test("a value computed inside a gradient of a gradient is the plain value", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), ({ program, inputs, select, tangents }) => {
      const gradient = grad(program.loss, { select });
      expectSameBits("jvp of grad", jvp(gradient, inputs, tangents, { select })[0], gradient(...inputs));
    }),
  );
});
