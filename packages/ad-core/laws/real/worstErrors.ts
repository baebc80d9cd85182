/** The greatest error of each real function over stratified samples, measured against the oracle. */
import { cos, erf, exp, expm1, log, log1p, pow, sin, tanh } from "../../src/arithmetic/real/index.ts";
import * as oracle from "./oracle.ts";
import { drawFromSeed, hardestAngles, powStrata, strata } from "./samples.ts";

/** The greatest error found, in units of the last place, and where. */
export interface Worst {
  readonly ulps: number;
  readonly at: readonly number[];
  readonly points: number;
}

const { realFromDouble } = oracle;

/** A function under test and its exact value. */
interface Subject {
  readonly value: (x: number) => number;
  readonly exact: (x: number) => oracle.Real;
}

const subjects: Readonly<Record<string, Subject>> = {
  exp: { value: exp, exact: (x) => oracle.expReal(realFromDouble(x)) },
  expm1: { value: expm1, exact: (x) => oracle.expm1Real(realFromDouble(x)) },
  log: { value: log, exact: (x) => oracle.logReal(x) },
  log1p: { value: log1p, exact: (x) => oracle.log1pReal(realFromDouble(x), Math.log1p(x)) },
  sin: { value: sin, exact: (x) => oracle.sinReal(realFromDouble(x)) },
  cos: { value: cos, exact: (x) => oracle.cosReal(realFromDouble(x)) },
  tanh: { value: tanh, exact: (x) => oracle.tanhReal(realFromDouble(x)) },
  erf: { value: erf, exact: (x) => oracle.erfReal(realFromDouble(x)) },
};

function errorAt(name: string, x: number): number {
  const subject = subjects[name];
  if (subject === undefined) throw new Error(`errorAt: unknown function: got ${name}`);
  return oracle.ulpError(subject.value(x), subject.exact(x));
}

/** Where the value is so far out of range, or so near a constant, that the oracle is not asked. */
function isBeyond(name: string, x: number): boolean {
  if (x === 0 || !Number.isFinite(x)) return true;
  if (name === "exp" || name === "expm1") return x > 720 || x < -760;
  if (name === "tanh") return Math.abs(x) > 60;
  return name === "erf" && Math.abs(x) > 6.5;
}

function worse(worst: Worst, ulps: number, at: readonly number[]): Worst {
  const points = worst.points + 1;
  return ulps > worst.ulps || Number.isNaN(ulps) ? { ulps, at, points } : { ...worst, points };
}

const none: Worst = { ulps: 0, at: [], points: 0 };

/**
 * The greatest error of a function of one argument.
 *
 * @param name - one of the functions
 * @param perStratum - points drawn from each stratum
 * @param seed - of the sample
 * @returns the greatest error and where it was found
 */
export function worstError(name: string, perStratum: number, seed: number): Worst {
  const draw = drawFromSeed(seed);
  let worst = none;
  for (const stratum of strata[name] ?? []) {
    for (let i = 0; i < perStratum; i += 1) {
      const x = stratum(draw);
      if (!isBeyond(name, x)) worst = worse(worst, errorAt(name, x), [x]);
    }
  }
  return worst;
}

/**
 * The greatest error of `sin` or `cos` at the angles nearest to multiples of pi/2.
 *
 * @param name - `sin` or `cos`
 * @param every - take one angle in so many
 * @returns the greatest error and where it was found
 */
export function worstAtHardestAngles(name: "sin" | "cos", every: number): Worst {
  let worst = none;
  hardestAngles().forEach((x, i) => {
    if (i % every === 0) worst = worse(worst, errorAt(name, x), [x]);
  });
  return worst;
}

/**
 * The greatest error of `pow` for positive bases.
 *
 * @param perStratum - points drawn from each stratum
 * @param seed - of the sample
 * @returns the greatest error and where it was found
 */
export function worstPowError(perStratum: number, seed: number): Worst {
  const draw = drawFromSeed(seed);
  let worst = none;
  for (const stratum of powStrata) {
    for (let i = 0; i < perStratum; i += 1) {
      const [x, y] = stratum(draw);
      const logarithm = y * Math.log(x);
      if (!(Math.abs(logarithm) < 760) || x === 0 || y === 0) continue;
      worst = worse(worst, oracle.ulpError(pow(x, y), oracle.powReal(x, y)), [x, y]);
    }
  }
  return worst;
}
