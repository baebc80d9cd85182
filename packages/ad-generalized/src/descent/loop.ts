// Gradient sampling on lists of numbers.
import { key, randomUniform, split } from "@nonsmooth/ad-core";
import { addTo, norm } from "../geometry/vectors.ts";
import { nearestToOrigin } from "../geometry/wolfe.ts";
import type { Objective } from "./objective.ts";

/** One step as it was taken. */
export interface Step {
  /** Counted from 1. */
  readonly step: number;
  readonly value: number;
  /** Half the side of the cube that was sampled. */
  readonly radius: number;
  /** The least norm in the convex hull of the sampled gradients. */
  readonly norm: number;
  /** How far the point went, 0 where the radius shrank instead. */
  readonly length: number;
}

/** Why the method stopped. */
export type Reason = "stationary" | "line search" | "steps";

/** Settings, all of them. */
export interface Settings {
  readonly seed: number;
  readonly radius: number;
  readonly samples: number;
  readonly steps: number;
  readonly tolerance: number;
  readonly onStep: (step: Step) => void;
}

/** Where the method stopped, and what it knew there. */
export interface Stop {
  readonly point: Float64Array;
  readonly value: number;
  readonly radius: number;
  readonly norm: number;
  readonly steps: number;
  readonly reason: Reason;
}

/** The first sample lies that much nearer: it stands for the gradient at the point, which may have none. */
const nearest = 2 ** -10;
/** By how much the radius shrinks. */
const shrink = 1 / 4;
/** Of the decrease that the norm promises, the part that a step must bring. */
const promised = 2 ** -10;
const halvings = 40;

function sampled({ gradient }: Objective, point: Float64Array, radius: number, draws: Float64Array): Float64Array[] {
  const n = point.length;
  return Array.from({ length: draws.length / n }, (_, j) => {
    const reach = j === 0 ? radius * nearest : radius;
    return gradient(point.map((v, i) => v + reach * (2 * (draws[j * n + i] as number) - 1)));
  });
}

/** A point further down. */
interface Found {
  readonly point: Float64Array;
  readonly value: number;
  readonly length: number;
}

/** A step along a direction that brings enough, the longest of halved ones. */
function searched(
  { value }: Objective,
  from: Float64Array,
  before: number,
  slope: Float64Array,
  first: number,
): Found | null {
  const size = norm(slope);
  for (let [length, i] = [first, 0]; i < halvings; i++, length /= 2) {
    const point = from.slice();
    addTo(point, -length / size, slope);
    const after = value(point);
    if (after < before - promised * length * size) return { point, value: after, length };
  }
  return null;
}

/** Uniform numbers for one step after another. */
function* drawn(seed: number, count: number): Generator<Float64Array> {
  let [next, word] = split(key(seed));
  for (;;) {
    yield randomUniform(word, [count]).data as Float64Array;
    [next, word] = split(next);
  }
}

/** Failed searches in a row after which the smallest radius is given up. */
const attempts = 10;

/** Goes down until nothing promises more, or for a number of steps. */
export function descend(objective: Objective, settings: Settings): Stop {
  const { samples, steps, tolerance, onStep } = settings;
  let [point, value, radius, reach] = [objective.start, objective.value(objective.start), settings.radius, 1];
  let [least, failures] = [Infinity, 0];
  const draws = drawn(settings.seed, samples * point.length);
  for (let step = 1; step <= steps; step++) {
    const hull = nearestToOrigin(sampled(objective, point, radius, draws.next().value as Float64Array));
    least = hull.norm;
    const isFlat = least <= Math.max(radius, tolerance);
    const found = isFlat ? null : searched(objective, point, value, hull.point, reach);
    onStep({ step, value: found?.value ?? value, radius, norm: least, length: found?.length ?? 0 });
    failures = found || isFlat ? 0 : failures + 1;
    if (found) [point, value, reach] = [found.point, found.value, found.length * 4];
    else if (radius > tolerance) [radius, reach] = [radius * shrink, Math.max(reach, radius)];
    else if (isFlat) return { point, value, radius, norm: least, steps: step, reason: "stationary" };
    else if (failures >= attempts) return { point, value, radius, norm: least, steps: step, reason: "line search" };
  }
  return { point, value, radius, norm: least, steps, reason: "steps" };
}
