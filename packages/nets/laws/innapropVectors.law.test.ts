/**
 * Law: INNAprop, INNA and DINAdam take the published steps, to 1e-12.
 *
 * Source: [BBPP24] and [CBFP21] with the files of their authors; the vectors are described where they stand.
 */
import type { Tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import type { ChainState } from "../src/optimizers/chain.ts";
import { type DinAdamOptions, dinAdam } from "../src/optimizers/dinAdam.ts";
import type { InertiaState } from "../src/optimizers/inertia.ts";
import { type InnapropOptions, inna, innaprop } from "../src/optimizers/inna.ts";
import type { MomentsState } from "../src/optimizers/scaleByAdam.ts";
import type { RmsState } from "../src/optimizers/scaleByRms.ts";
import { cosine, inversePower, type Rate } from "../src/optimizers/schedules.ts";
import { innapropRows, momentumRows, type Row, squareRows, velocityRows } from "./innapropVectors.ts";
import { dinAdamRows, fallingRows, innaRows } from "./innaVectors.ts";
import { numbersOf, problems, runOn, type Visit, worst } from "./optimization.ts";
import { momentumForm } from "./recurrences.ts";

const limit = 1e-12;

const settings: Readonly<Record<string, InnapropOptions>> = {
  H1: { rate: 0.01, sigma: 0.999, weightDecay: 0 },
  H2: { rate: 0.1, sigma: 0.9, weightDecay: 0.01 },
  H3: { rate: cosine({ rate: 0.1, steps: 5 }), sigma: 0.999, weightDecay: 0.1 },
};

const problemOf = (key: string) => problems[key.includes("Q") ? "Q" : "R"];

const all = (rows: Readonly<Record<string, readonly Row[]>>): [string, Row][] =>
  Object.entries(rows).flatMap(([key, list]) => list.map((row): [string, Row] => [key, row]));

/** Runs INNAprop to the step of a row: θ, ψ or d, and v. */
function innapropAt(key: string, [alpha, beta, t]: Row, state: "psi" | "velocity"): number[][] {
  const optimizer = innaprop({ ...settings[key.slice(0, 2)], alpha, beta, state });
  const visit = runOn(problemOf(key), optimizer, t)[t - 1] as { params: Tensor; state: readonly unknown[] };
  const [scaling, steps] = visit.state as unknown as [RmsState, InertiaState];
  return [visit.params, steps.kept as Tensor, scaling.squares as Tensor].map(numbersOf);
}

describe("INNAprop", () => {
  test.each(all(innapropRows))("θ and ψ, %s, %j", (key, row) => {
    const [theta, psi] = innapropAt(key, row, "psi") as [number[], number[]];
    expect(worst([...theta, ...psi], row.slice(3))).toBeLessThanOrEqual(limit);
    expect(worst(innapropAt(key, row, "velocity")[0] as number[], row.slice(3, 5))).toBeLessThanOrEqual(limit);
  });

  test.each(all(squareRows))("v, %s, %j", (key, row) => {
    expect(worst(innapropAt(key, row, "psi")[2] as number[], row.slice(5))).toBeLessThanOrEqual(limit);
  });

  test.each(all(velocityRows))("d, %s, %j", (key, row) => {
    expect(worst(innapropAt(key, row, "velocity")[1] as number[], row.slice(5))).toBeLessThanOrEqual(limit);
  });

  test.each(all(momentumRows))("the momentum form is another method when rates fall, %s, %j", (key, row) => {
    const [alpha, beta, t, ...expected] = row;
    const { rate, sigma, weightDecay } = settings[key.slice(0, 2)] as Required<InnapropOptions>;
    const rates = Array.from({ length: t }, (_, k) =>
      typeof rate === "number" ? rate : 0.05 * (1 + Math.cos((Math.PI * k) / 5)),
    );
    const problem = problemOf(key);
    const found = momentumForm({ alpha, beta, sigma, weightDecay, epsilon: 1e-8, rates }, problem);
    expect(worst(found, expected)).toBeLessThanOrEqual(limit);
  });

  test.each([
    [0.1, 0.9, -0.9457268035, 0.9014390485],
    [2, 2, -0.9594593025, 0.9253603393],
    [0.5, 0.5, -1.0102984776, 1.0275097367],
    [1, 1, -0.9893413255, 0.9850403971],
  ])("2000 steps on Rosenbrock's function, α = %d, β = %d", (alpha, beta, x, y) => {
    for (const state of ["psi", "velocity"] as const) {
      const visits = runOn(problems.R, innaprop({ rate: 1e-3, alpha, beta, weightDecay: 0, state }), 2000);
      const [gotX, gotY] = numbersOf(visits[1999]?.params as Tensor) as [number, number];
      expect([gotX.toFixed(10), gotY.toFixed(10)]).toEqual([x.toFixed(10), y.toFixed(10)]);
    }
  });
});

/** θ and ψ of INNA at the step of a row; what is kept as d gives ψ = (1 - αβ) θ - β d. */
function innaAt(key: string, [alpha, beta, t]: Row, state: "psi" | "velocity"): number[] {
  const speed = key.endsWith("Fast") ? { initialSpeed: 1 } : {};
  const visit = runOn(problemOf(key), inna({ rate: rateOf(key), alpha, beta, state, ...speed }), t)[
    t - 1
  ] as Visit<ChainState>;
  const theta = numbersOf(visit.params);
  const kept = numbersOf((visit.state[0] as unknown as InertiaState).kept as Tensor);
  return [
    ...theta,
    ...(state === "psi" ? kept : theta.map((x, i) => (1 - alpha * beta) * x - beta * (kept[i] as number))),
  ];
}

const rateOf = (key: string): Rate =>
  key === "Qfalling" ? inversePower({ rate: 0.05 }) : key.startsWith("Q") ? 0.05 : 1e-4;

describe("INNA", () => {
  test.each(all(innaRows))("θ and ψ, %s, %j", (key, row) => {
    expect(worst(innaAt(key, row, "psi"), row.slice(3))).toBeLessThanOrEqual(limit);
    expect(worst(innaAt(key, row, "velocity").slice(0, 2), row.slice(3, 5))).toBeLessThanOrEqual(limit);
  });

  test.each(all(fallingRows))("θ and ψ with falling rates, %s, %j", (_key, row) => {
    expect(worst(innaAt("Qfalling", row, "psi"), row.slice(3))).toBeLessThanOrEqual(limit);
  });
});

test.each(all(dinAdamRows))("DINAdam as published, %s, %j", (key, row) => {
  const [alpha, beta, t, ...expected] = row;
  const options: DinAdamOptions = { rate: 0.01, alpha, beta, weightDecay: 0, form: "published" };
  const visit = runOn(problemOf(key), dinAdam(options), t)[t - 1] as Visit<ChainState>;
  const means = numbersOf((visit.state[0] as MomentsState).means as Tensor).map((m) => (1 - alpha * beta) * m);
  expect(worst([...numbersOf(visit.params), ...means], expected)).toBeLessThanOrEqual(limit);
});
