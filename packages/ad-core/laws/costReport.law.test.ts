/**
 * Laws of the model count: ratios stay within the bounds of the atoms in use, for every program; costs of two programs
 * side by side add up; the count does not look at numbers. Source: [BBPP23] for the existence of the bounds.
 */
import { add, costReport, type ModelReport, sum, type Tensor } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { runs } from "./programs.ts";

const prices = fc.record({
  add: fc.integer({ min: 1, max: 4 }),
  mul: fc.integer({ min: 1, max: 4 }),
  nonlinear: fc.integer({ min: 1, max: 20 }),
});

test("backward mode costs at most omega_b evaluations, r tangents at most r omega_f", () => {
  let compared = 0;
  fc.assert(
    fc.property(runs("kinky", { jumps: true, steps: 6 }), prices, ({ program, inputs }, priced) => {
      const { model, directions } = costReport(program.loss, inputs as [Tensor, Tensor], {
        wrt: [0, 1],
        prices: priced,
      });
      if (model.evaluate === 0) return;
      compared += 1;
      const slack = 1 + 1e-12;
      expect(model.backwardRatio).toBeLessThanOrEqual(model.omegaB * slack);
      expect(model.forwardRatio).toBeLessThanOrEqual(model.omegaF * slack);
      expect(model.forwardFull.ratio).toBeLessThanOrEqual(model.forwardFull.bound * slack);
      expect(model.forwardFull.bound).toBeCloseTo(directions * model.omegaF, 9);
      expect(model.evaluate).toBeLessThanOrEqual(model.forward);
      expect(model.forward).toBeLessThanOrEqual(model.backward);
    }),
  );
  expect(compared).toBeGreaterThan(20);
});

test("what two programs cost side by side is what they cost, and one addition", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), runs("kinky"), (run, { program: other }) => {
      const inputs = run.inputs as [Tensor, Tensor];
      const costOf = (f: (x: Tensor, y: Tensor) => Tensor): ModelReport => costReport(f, inputs, { wrt: [0, 1] }).model;
      const both = costOf((x, y) => add(run.program.loss(x, y), other.loss(x, y)));
      const parts = [costOf(run.program.loss), costOf(other.loss)] as [ModelReport, ModelReport];
      expect(both.evaluate).toBe(parts[0].evaluate + parts[1].evaluate + 1);
      // The addition has an edge for each loss that depends on an argument.
      const extra = both.backward - parts[0].backward - parts[1].backward;
      expect([1, 3, 5]).toContain(extra);
    }),
  );
});

test("counts follow from types alone", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), runs("smooth"), ({ program, inputs }, { inputs: others }) => {
      const countAt = (at: readonly Tensor[]) => costReport(program.loss, at as [Tensor, Tensor], { wrt: 0 });
      expect(countAt(others)).toEqual(countAt(inputs));
    }),
  );
});

test("the model count of a sum is its number of additions", () => {
  fc.assert(
    fc.property(runs("kinky", { inputs: 1, steps: 1 }), ({ inputs: [x] }) => {
      const { evaluate, backward } = costReport((v: Tensor) => sum(v), [x as Tensor]).model;
      expect([evaluate, backward]).toEqual([8, 40]);
    }),
  );
});
