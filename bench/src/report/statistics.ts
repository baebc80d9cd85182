/** Statistics of reports. */
import { AdError } from "@nonsmooth/ad-core";

/**
 * Wilson's score interval for a share: contains the true share in about 95 % of all cases with z = 1.96.
 *
 * @throws AdError "domain" unless 0 <= successes <= trials and trials > 0
 * @example
 * wilson(5, 10) // [0.2366, 0.7634]
 */
export function wilson(successes: number, trials: number, z = 1.96): [number, number] {
  if (!(successes >= 0 && successes <= trials && trials > 0)) throw badShare(successes, trials);
  const [share, squared] = [successes / trials, (z * z) / trials];
  const middle = (share + squared / 2) / (1 + squared);
  const half = (z * Math.sqrt((share * (1 - share)) / trials + squared / (4 * trials))) / (1 + squared);
  // At the ends the interval ends there exactly, which rounding would miss.
  return [successes === 0 ? 0 : middle - half, successes === trials ? 1 : middle + half];
}

function badShare(successes: number, trials: number): AdError {
  const [problem, expected] = ["no share", "0 <= successes <= trials, and a trial at least"];
  const got = `${successes} of ${trials}`;
  return new AdError({ code: "domain", where: "wilson", problem, expected, got, remedy: "leave the row out" });
}

/** Mean; null of nothing. */
export const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation with n - 1; null of fewer than two. */
export function deviationOf(values: readonly number[]): number | null {
  const mean = meanOf(values);
  if (mean === null || values.length < 2) return null;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Different values in the order of their first coming. */
export const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Rows by a key, in the order of its first coming. */
export function grouped<T, K>(rows: readonly T[], keyOf: (row: T) => K): (readonly [K, readonly T[]])[] {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return [...groups];
}

/** The least and the largest; null of nothing. Any number of values: there are more than a call may have arguments. */
export function extentOf(values: readonly number[]): [least: number, largest: number] | null {
  const [first] = values;
  if (first === undefined) return null;
  return values.reduce<[number, number]>(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [first, first]);
}
