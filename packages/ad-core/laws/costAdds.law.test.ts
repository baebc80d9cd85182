/**
 * Law: the cost of a composition is the sum of the costs of its parts, the formulas are what the kernels do, and both
 * depend on shapes alone. Source: definition. Derivatives are programs, so the same law prices them.
 */
import { checkpoint, grad, type Histogram, jvp, matmul, mul, relu, sum, type Tensor, tensor } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { addHistograms } from "../src/arithmetic/algebra.ts";
import { metered } from "./meter.ts";
import { runs } from "./programs.ts";

const total = (cost: Histogram): number => Object.values(cost).reduce((sum, n) => sum + n, 0);

test("formulas are what the kernels ask for, in programs and in their derivatives", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), ({ program, inputs, select, tangents }) => {
      for (const body of [
        () => program.run(...inputs),
        () => grad(program.loss, { select })(...inputs),
        () => jvp(program.run, inputs, tangents, { select }),
      ]) {
        const { formula, kernels } = metered(body);
        expect(formula).toEqual(kernels);
      }
    }),
  );
});

test("the cost of a composition is the sum of the costs of its parts", () => {
  fc.assert(
    fc.property(
      runs("kinky", { inputs: 1 }),
      runs("kinky", { inputs: 1 }),
      ({ program: f, inputs }, { program: g }) => {
        const [x] = inputs as [Tensor];
        const parts = [metered(() => f.run(x)), metered(() => g.run(f.run(x)))];
        const [one, both] = parts.map((meter) => meter.formula) as [Histogram, Histogram];
        expect(addHistograms(one, metered(() => g.run(x)).formula)).toEqual(both);
      },
    ),
  );
});

test("the cost of a value and of a gradient depends on shapes alone, not on numbers or selections", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), runs("smooth"), (run, { inputs: others, select: other }) => {
      const { program, inputs, select } = run;
      const gradient = (x: Tensor[], s: typeof select): Histogram =>
        metered(() => grad(program.loss, { select: s })(...x)).formula;
      expect(gradient(others, other)).toEqual(gradient(inputs, select));
    }),
  );
});

test("a checkpoint costs one further run of the function", () => {
  fc.assert(
    fc.property(runs("kinky"), fc.constantFrom([0], [1], [0, 1]), ({ program, inputs, select }, wrt) => {
      const options = { select, wrt };
      const plain = metered(() => grad(program.loss, options)(...inputs)).formula;
      const kept = metered(() => grad(checkpoint(program.loss), options)(...inputs)).formula;
      const again = metered(() => program.loss(...inputs)).formula;
      expect(kept).toEqual(addHistograms(plain, again));
    }),
  );
});

test("the gradient of a program costs a bounded multiple of the program, whatever the number of inputs", () => {
  const ratios = [2, 8, 24].map((n) => {
    const x = tensor(new Float64Array(n * n), { shape: [n, n] });
    const f = (v: Tensor): Tensor => sum(relu(matmul(v, mul(v, 2))));
    return total(metered(() => grad(f)(x)).formula) / total(metered(() => f(x)).formula);
  });
  for (const ratio of ratios) expect(ratio).toBeLessThan(5);
});
