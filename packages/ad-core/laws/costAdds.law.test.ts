/**
 * Law: the cost of a composition is the sum of the costs of its parts, the formulas are what the kernels do, and both
 * depend on shapes alone. Source: definition. Derivatives are programs, so the same law prices them.
 */
import * as ad from "@nonsmooth/ad-core";
import {
  blend,
  checkpoint,
  first,
  grad,
  type Histogram,
  jvp,
  last,
  matmul,
  mul,
  random,
  relu,
  type Select,
  square,
  sum,
  type Tensor,
  type TieSelection,
  tensor,
  uniform,
} from "@nonsmooth/ad-core";
import { fc, kinkyTensor } from "@nonsmooth/ad-testing";
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

/** The selections of a table but those of sorts: one that mixes takes a matrix where one that picks takes a move. */
const withoutSorts = (select: Select): Select =>
  Object.fromEntries(Object.entries(select).filter(([key]) => key !== "sort"));

test("the cost of a value and of a gradient depends on shapes alone, not on numbers or selections", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), runs("smooth"), (run, { inputs: others, select: other }) => {
      const { program, inputs, select } = run;
      const gradient = (x: Tensor[], s: typeof select): Histogram =>
        metered(() => grad(program.loss, { select: withoutSorts(s) })(...x)).formula;
      expect(gradient(others, other)).toEqual(gradient(inputs, select));
    }),
  );
});

test("the gradient of a sort depends on whether its selection picks or mixes, and on no number", () => {
  const gradientOf = (x: Tensor, sort: TieSelection): number =>
    total(metered(() => grad((v: Tensor) => sum(square(ad.sort(v))), { select: { sort } })(x)).formula);
  fc.assert(
    fc.property(kinkyTensor({ shape: [8] }), kinkyTensor({ shape: [8] }), fc.nat(9), (x, other, seed) => {
      const [picks, mixes] = [gradientOf(x, first), gradientOf(x, uniform)];
      expect([last, random(seed)].map((selection) => gradientOf(other, selection))).toEqual([picks, picks]);
      expect([blend(first, last, 0.5), blend(uniform, last, 2)].map((s) => gradientOf(other, s))).toEqual([
        mixes,
        mixes,
      ]);
      expect(picks).toBeLessThan(mixes);
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
