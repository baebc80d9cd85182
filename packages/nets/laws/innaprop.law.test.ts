/**
 * Law: the forms of INNAprop are one method, and its special cases are other optimizers.
 *
 * Source: the step of [BBPP24]; the other forms are derived from it by algebra, and hold for every sequence of gradients.
 */
import { equal, mul, type Tensor, tensor, where } from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { adamW } from "../src/optimizers/adam.ts";
import { dinAdam } from "../src/optimizers/dinAdam.ts";
import type { InertiaState } from "../src/optimizers/inertia.ts";
import { innaprop } from "../src/optimizers/inna.ts";
import type { Optimizer } from "../src/optimizers/optimizer.ts";
import { rmsprop } from "../src/optimizers/rmsprop.ts";
import { numbersOf, run } from "./optimization.ts";
import { type Form, published, quasiHyperbolic, type Run, secondOrder, withMomentum } from "./recurrences.ts";

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const gradient = number(-2, 2).map((g) => (Math.abs(g) < 1e-3 ? 1 : g));

const anyRun = fc
  .record({
    alpha: number(0.05, 3),
    beta: number(0.2, 3),
    sigma: number(0, 0.999),
    epsilon: number(1e-10, 1e-4),
    weightDecay: number(0, 0.5),
    shares: fc.array(number(0.01, 0.3), { minLength: 6, maxLength: 6 }),
  })
  .map(
    ({ shares, ...rest }): Run => ({
      ...rest,
      rates: shares.map((share) => share * Math.min(rest.beta, 1 / rest.alpha)),
    }),
  );

const steady = anyRun.map(
  (one): Run => ({ ...one, weightDecay: 0, rates: one.rates.map(() => one.rates[0] as number) }),
);

const gradients = fc.array(gradient, { minLength: 6, maxLength: 6 });

/** A schedule from a list, made of operations; its bound is not known, so that the optimizer asks at every step. */
const listed = (rates: readonly number[]) => (count: Tensor) =>
  rates.reduce((value, rate, k) => where(equal(count, k), rate, value), tensor(0));

const optimizerOf = ({ rates, ...settings }: Run, state: "psi" | "velocity") =>
  innaprop({ ...settings, rate: listed(rates), state });

/** Parameters after each step, when the gradients are given. */
const walked = (optimizer: Optimizer, start: number, gs: readonly number[], factor = 1): number[] =>
  run(optimizer, tensor(start), (_, k) => mul(tensor(gs[k] as number), factor), gs.length).map(
    ({ params }) => params.data[0] as number,
  );

const isClose = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((x, i) => Math.abs(x - (b[i] as number)) <= 1e-11 * (1 + Math.abs(x)));

/** Both states against another form. */
function expectForm(runs: fc.Arbitrary<Run>, form: Form): void {
  fc.assert(
    fc.property(runs, number(-3, 3), gradients, (one, start, gs) => {
      const other = form(one, start, gs);
      expect(isClose(walked(optimizerOf(one, "psi"), start, gs), other)).toBe(true);
      expect(isClose(walked(optimizerOf(one, "velocity"), start, gs), other)).toBe(true);
    }),
  );
}

test("both states take the published step, for every schedule and decay", () => {
  expectForm(anyRun, published);
});

test.each([
  ["the recurrence of second order", secondOrder],
  ["the momentum form", withMomentum],
  ["quasi-hyperbolic momentum", quasiHyperbolic],
])("with a constant rate and no decay it is %s", (_name, form) => {
  expectForm(steady, form);
});

test("the two states are one another: ψ = (1 - αβ) θ - β d", () => {
  fc.assert(
    fc.property(anyRun, number(-3, 3), gradients, (one, start, gs) => {
      const kept = (state: "psi" | "velocity") =>
        run(optimizerOf(one, state), tensor(start), (_, k) => tensor(gs[k] as number), gs.length).map(
          (visit) =>
            [visit.params, (visit.state[1] as InertiaState).kept as Tensor].flatMap(numbersOf) as [number, number],
        );
      const [psi, velocity] = [kept("psi"), kept("velocity")];
      const rebased = velocity.map(([theta, d]) => (1 - one.alpha * one.beta) * theta - one.beta * d);
      expect(
        isClose(
          psi.map(([, value]) => value),
          rebased,
        ),
      ).toBe(true);
    }),
  );
});

test("with α = β = 1 it is AdamW without average of gradients", () => {
  fc.assert(
    fc.property(anyRun, number(-3, 3), gradients, ({ sigma, epsilon, weightDecay, rates }, start, gs) => {
      const rate = listed(rates.map((value) => value / 3));
      const mine = innaprop({ rate, alpha: 1, beta: 1, sigma, epsilon, weightDecay });
      const adam = adamW({ rate, beta1: 0, beta2: sigma, epsilon, weightDecay });
      expect(isClose(walked(mine, start, gs), walked(adam, start, gs))).toBe(true);
    }),
  );
});

test("with αβ = 1 it keeps no inertia: it is AdamW without average, with the gradient's step times β", () => {
  fc.assert(
    fc.property(anyRun, number(-3, 3), gradients, ({ beta, sigma, epsilon, rates }, start, gs) => {
      const scaledBy = (by: number) => listed(rates.map((value) => value * by));
      const mine = innaprop({ rate: scaledBy(0.5), alpha: 1 / beta, beta, sigma, epsilon, weightDecay: 0 });
      const adam = adamW({ rate: scaledBy(0.5 * beta), beta1: 0, beta2: sigma, epsilon, weightDecay: 0 });
      expect(isClose(walked(mine, start, gs), walked(adam, start, gs))).toBe(true);
    }),
  );
});

test("without ε, multiplying all gradients by a power of two changes no bit", () => {
  fc.assert(
    fc.property(anyRun, number(-3, 3), gradients, fc.integer({ min: -20, max: 20 }), (one, start, gs, power) => {
      const bare = optimizerOf({ ...one, epsilon: 0 }, "velocity");
      expect(walked(bare, start, gs, 2 ** power)).toEqual(walked(bare, start, gs));
    }),
  );
});

test("a zero of αβ turns both forms of DINAdam into AdamW, bit for bit", () => {
  fc.assert(
    fc.property(anyRun, number(-3, 3), gradients, ({ alpha, sigma, epsilon, weightDecay }, start, gs) => {
      const settings = { rate: 0.01, beta2: sigma, epsilon, weightDecay };
      const adam = walked(adamW(settings), start, gs);
      for (const form of ["derived", "published"] as const) {
        expect(walked(dinAdam({ ...settings, alpha, beta: 0, form }), start, gs)).toEqual(adam);
      }
    }),
  );
});

test("AdamW without averages of gradients and RMSprop differ by the bias of the average alone", () => {
  fc.assert(
    fc.property(number(0, 0.999), number(-3, 3), gradient, (sigma, start, g) => {
      const [first] = walked(adamW({ beta1: 0, beta2: sigma, epsilon: 0, weightDecay: 0 }), start, [g]);
      const [plain] = walked(rmsprop({ rate: 1e-3 * Math.sqrt(1 - sigma), decay: sigma, epsilon: 0 }), start, [g]);
      expect(isClose([first as number], [plain as number])).toBe(true);
    }),
  );
});
