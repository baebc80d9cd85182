// INNAprop in its other forms, on plain numbers.
import type { Problem } from "./optimization.ts";

/** Settings of a run; one rate for each step. */
export interface Run {
  readonly alpha: number;
  readonly beta: number;
  readonly sigma: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly rates: readonly number[];
}

/** The scaled gradients of one parameter, step by step. */
function scaledGradients({ sigma, epsilon }: Run): (g: number) => number {
  let [v, power] = [0, 1];
  return (g) => {
    v = sigma * v + (1 - sigma) * g * g;
    power *= sigma;
    return g / (Math.sqrt(v) / Math.sqrt(1 - power) + epsilon);
  };
}

/** Parameters after each step, from the gradients of all steps. */
export type Form = (run: Run, start: number, gradients: readonly number[]) => number[];

/** The step as published, with its division by β - γ. */
export const published: Form = (run, start, gradients) => {
  const { alpha, beta, weightDecay, rates } = run;
  const hat = scaledGradients(run);
  let [theta, psi] = [start, (1 - alpha * beta) * start];
  return gradients.map((g, k) => {
    const rate = rates[k] as number;
    theta *= 1 - rate * weightDecay;
    const scaled = hat(g);
    psi = (1 - rate / beta) * psi + rate * (1 / beta - alpha) * theta;
    const quotient = rate / (beta - rate);
    theta = (1 + quotient * (1 - alpha * beta)) * theta - quotient * psi - rate * beta * scaled;
    return theta;
  });
};

/** The recurrence of second order: constant rate, no decay. */
export const secondOrder: Form = (run, start, gradients) => {
  const { alpha, beta, rates } = run;
  const [hat, rate] = [scaledGradients(run), rates[0] as number];
  let [before, now, last] = [start, start, 0];
  return gradients.map((g, k) => {
    const scaled = hat(g);
    const force = (alpha * (now - before)) / rate + (beta * (scaled - last)) / rate + last;
    const next = k === 0 ? start - rate * beta * scaled : 2 * now - before - rate * rate * force;
    [before, now, last] = [now, next, scaled];
    return now;
  });
};

/** The momentum form, where m is not scaled anew when the rate changes: another method unless the rate is constant and λ is 0. */
function momentumSteps(run: Run, start: number): { step(g: number, k: number): number; m(): number } {
  const { alpha, beta, weightDecay, rates } = run;
  const hat = scaledGradients(run);
  let [theta, m] = [start, 0];
  const step = (g: number, k: number): number => {
    const [rate, scaled] = [rates[k] as number, hat(g)];
    const inner = 1 - alpha * rate;
    m = inner * m + ((rate * rate * (1 - alpha * beta)) / inner) * scaled;
    theta = (1 - rate * weightDecay) * theta - m - ((rate * (beta - rate)) / inner) * scaled;
    return theta;
  };
  return { step, m: () => m };
}

export const withMomentum: Form = (run, start, gradients) => gradients.map(momentumSteps(run, start).step);

/** θ₁, θ₂ and m₁, m₂ of the momentum form at the end of a run on a problem. */
export function momentumForm(run: Run, problem: Problem): number[] {
  const coordinates = problem.start.map((x) => momentumSteps(run, x));
  let theta: readonly number[] = problem.start;
  run.rates.forEach((_, k) => {
    const gradient = problem.gradient(theta[0] as number, theta[1] as number);
    theta = coordinates.map(({ step }, i) => step(gradient[i] as number, k));
  });
  return [...theta, ...coordinates.map(({ m }) => m())];
}

/** Quasi-hyperbolic momentum: constant rate, no decay, α > 0. */
export const quasiHyperbolic: Form = (run, start, gradients) => {
  const { alpha, beta, rates } = run;
  const [hat, rate] = [scaledGradients(run), rates[0] as number];
  const b = 1 - alpha * rate;
  const nu = (1 - alpha * beta) / b;
  let [theta, mean] = [start, 0];
  return gradients.map((g) => {
    const scaled = hat(g);
    mean = b * mean + (1 - b) * scaled;
    theta -= (rate / alpha) * (nu * mean + (1 - nu) * scaled);
    return theta;
  });
};
