// Open cones: a direction that goes up along all of several rows, or multipliers that show that there is none.
import { domainError } from "@nonsmooth/ad-core/transforms";
import { type Balanced, balanced } from "./balanced.ts";
import { quotientOf } from "./dyadic.ts";
import { nullVector, signOfDot } from "./exact.ts";
import type { LinearSolver } from "./solver.ts";
import { addTo, combination, dot, largestOf, norm, scaledBy, scaleOf, spanOf, timesPower } from "./vectors.ts";
import { nearestToOrigin } from "./wolfe.ts";

/** Settings of {@link openCone}. */
export interface ConeOptions {
  /** The length of a direction where there are no rows; 0 when absent. */
  readonly dimension?: number;
  /** How far multipliers may be from cancelling, beside the sum of the sizes of what they cancel; 1e-9 when absent. */
  readonly tolerance?: number;
}

/** Whether an open cone has a point. */
export type Cone =
  | { readonly kind: "direction"; readonly direction: Float64Array; readonly margin: number }
  | { readonly kind: "refuted"; readonly multipliers: Float64Array; readonly isExact: boolean }
  | { readonly kind: "unclear" };

/** A program that was solved: numbers for a direction, and what the rows' bounds are worth. */
interface Guess {
  readonly direction: Float64Array;
  readonly multipliers: Float64Array;
}

/** The largest `c` up to 1 with `<row, d> >= c |row|` for some `d` in the unit box; the multipliers are its duals. */
function solveCone(solver: LinearSolver, rows: readonly Float64Array[], dimension: number): Guess | null {
  const objective = new Float64Array(dimension + 1);
  objective[dimension] = 1;
  const solution = solver.maximize({
    objective,
    rows: rows.map((row) => Float64Array.from([...row, -norm(row)])),
    lower: new Float64Array(rows.length),
    upper: new Float64Array(rows.length).fill(Infinity),
    columnLower: new Float64Array(dimension + 1).fill(-1).fill(0, dimension),
    columnUpper: new Float64Array(dimension + 1).fill(1),
  });
  if (solution.status !== "optimal") return null;
  return { direction: solution.values.slice(0, dimension), multipliers: solution.duals.map((v) => Math.max(0, -v)) };
}

/** The same in the span of the rows, which has fewer dimensions where the rows are long. */
function solveInSpan(solver: LinearSolver, rows: readonly Float64Array[], dimension: number): Guess | null {
  const { basis, coordinates } = spanOf(rows);
  const guess = solveCone(solver, coordinates, basis.length);
  return guess && { ...guess, direction: combination(basis, guess.direction, dimension) };
}

const isInside = (rows: readonly Float64Array[], direction: Float64Array): boolean =>
  rows.every((row) => signOfDot(row, direction) === 1);

/** Entries with few binary digits beside the largest one. */
function roundTo(direction: Float64Array, digits: number): Float64Array {
  const exponent = digits + scaleOf(largestOf(direction));
  return direction.map((v) => timesPower(Math.round(timesPower(v, exponent)), -exponent));
}

/** A little further along the rows that do not go up yet. */
function repaired(rows: readonly Float64Array[], direction: Float64Array): Float64Array {
  const better = direction.slice();
  for (const row of rows) {
    const [square, along] = [dot(row, row), dot(row, better)];
    const wanted = 2 ** -40 * Math.sqrt(square) * largestOf(direction);
    if (along < wanted) addTo(better, (2 * wanted - along) / square, row);
  }
  return better;
}

/** Directions to try, those with few digits first. */
function* candidates({ rows }: Balanced, guess: Float64Array): Generator<Float64Array> {
  for (const digits of [4, 10, 24]) yield roundTo(guess, digits);
  let current = guess;
  for (let round = 0; round < 4; round++) {
    yield current;
    current = repaired(rows, current);
  }
}

/** How far a direction goes up along the row where it does so least, both of length 1; a double, so it may be 0. */
function marginOf({ rows }: Balanced, direction: Float64Array): number {
  const length = norm(direction);
  return rows.reduce((least, row) => Math.min(least, dot(row, direction) / (norm(row) * length)), Infinity);
}

function directionOf(rows: readonly Float64Array[], scaled: Balanced, guess: Float64Array): Cone | null {
  if (largestOf(guess) === 0) return null;
  for (const candidate of candidates(scaled, guess)) {
    const direction = scaled.unscaled(candidate);
    if (isInside(rows, direction)) return { kind: "direction", direction, margin: marginOf(scaled, candidate) };
  }
  return null;
}

/** Whole multipliers of the rows in the support of others, when they cancel exactly; their sum is 1 up to rounding. */
function exactMultipliers(rows: readonly Float64Array[], near: Float64Array): Float64Array | null {
  if (largestOf(near) === 0) return null;
  for (const threshold of [2 ** -20, 2 ** -40]) {
    const support = rows.flatMap((_, i) => ((near[i] as number) > threshold * largestOf(near) ? [i] : []));
    const whole = nullVector(support.map((i) => rows[i] as Float64Array));
    if (!whole || whole.some((v) => v < 0n)) continue;
    const total = whole.reduce((a, b) => a + b);
    const multipliers = new Float64Array(rows.length);
    support.forEach((i, k) => {
      multipliers[i] = quotientOf(whole[k] as bigint, total);
    });
    return multipliers;
  }
  return null;
}

/** Whether multipliers of the balanced rows cancel up to rounding. */
function isNearlyCancelling({ rows }: Balanced, near: Float64Array, tolerance: number): boolean {
  const size = rows.reduce((sofar, row, i) => sofar + (near[i] as number) * largestOf(row), 0);
  const rest = largestOf(combination(rows, near, rows[0]?.length ?? 0));
  return size > 0 && rest <= tolerance * size;
}

/** What can be shown exactly with a guess. */
function shown(rows: readonly Float64Array[], scaled: Balanced, guess: Guess): Cone | null {
  const direction = directionOf(rows, scaled, guess.direction);
  if (direction) return direction;
  const multipliers = exactMultipliers(rows, guess.multipliers);
  return multipliers && { kind: "refuted", multipliers, isExact: true };
}

/** The nearest point of the hull of the rows is a direction, and right to more digits than the program's in thin cones. */
function nearestGuess({ rows }: Balanced): Guess {
  const { point, weights } = nearestToOrigin(rows);
  const exponent = scaleOf(largestOf(point));
  return { direction: scaledBy(point, exponent), multipliers: weights };
}

const unitVector = (length: number, place: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => (i === place ? 1 : 0));

function checkRows(rows: readonly Float64Array[]): void {
  for (const row of rows)
    for (const v of row)
      if (!Number.isFinite(v))
        throw domainError("openCone", "rows", "finite numbers", v, "leave out what is not finite");
}

/**
 * Whether there is a direction with a positive product with every row.
 *
 * A "direction" has that property exactly: every sign was found without rounding. `margin` says how narrow the cone is
 * there: the least sine of its angles with the rows' borders, rows and columns scaled, up to rounding. Where the rows are
 * results of rounding themselves, one near 1e-16 means nothing.
 *
 * It is "refuted" by multipliers from 0 with sum 1 under which the rows cancel: there are some that cancel exactly, and
 * these are the doubles next to them, when `isExact`; else these cancel up to `tolerance`, after the rows and columns were
 * scaled to have entries near 1. Where neither could be shown it is "unclear". Without rows every direction will do.
 *
 * Cost: one linear program with as many rows, and as many columns as there are rows or dimensions, whichever is fewer; the
 * nearest point of a hull where it does not decide.
 *
 * @throws AdError "domain" for numbers that are not finite
 */
export function openCone(solver: LinearSolver, rows: readonly Float64Array[], options: ConeOptions = {}): Cone {
  const { dimension = 0, tolerance = 1e-9 } = options;
  checkRows(rows);
  if (rows.length === 0) return { kind: "direction", direction: new Float64Array(dimension).fill(1), margin: Infinity };
  const zero = rows.findIndex((row) => largestOf(row) === 0);
  if (zero >= 0) return { kind: "refuted", multipliers: unitVector(rows.length, zero), isExact: true };
  const scaled = balanced(rows);
  const columns = scaled.rows[0]?.length as number;
  const solve = columns > Math.max(rows.length, 64) ? solveInSpan : solveCone;
  const guess = solve(solver, scaled.rows, columns);
  const first = guess && shown(rows, scaled, guess);
  if (first) return first;
  const nearest = nearestGuess(scaled);
  const second = shown(rows, scaled, nearest);
  if (second) return second;
  if (!isNearlyCancelling(scaled, nearest.multipliers, tolerance)) return { kind: "unclear" };
  return { kind: "refuted", multipliers: scaled.multipliers(nearest.multipliers), isExact: false };
}
