// Settings of optimizers and schedules, checked when they are made.
import { AdError } from "@nonsmooth/ad-core";

/** Refuses what is not an object of settings, and settings that a function does not know. */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  const isObject = typeof options === "object" && options !== null && !Array.isArray(options);
  const odd = isObject ? Object.keys(options).filter((name) => !known.includes(name)) : [];
  if (isObject && odd.length === 0) return;
  throw new AdError({
    code: "domain",
    where,
    problem: "an unknown setting",
    expected: known.length === 0 ? "no setting" : known.join(", "),
    got: isObject ? odd.join(", ") : String(options),
    remedy: "check the spelling",
  });
}

/** Where a number must lie, in words and as a test. */
interface Range {
  readonly text: string;
  has(value: number): boolean;
}

type RangeName = "positive" | "notNegative" | "fraction" | "share" | "finite" | "steps";

const ranges: Readonly<Record<RangeName, Range>> = {
  positive: { text: "a finite number above 0", has: (value) => value > 0 && value < Infinity },
  notNegative: { text: "a finite number of at least 0", has: (value) => value >= 0 && value < Infinity },
  fraction: { text: "a number of at least 0 and below 1", has: (value) => value >= 0 && value < 1 },
  share: { text: "a number from 0 to 1", has: (value) => value >= 0 && value <= 1 },
  finite: { text: "a finite number", has: (value) => Number.isFinite(value) },
  steps: { text: "a whole number of steps, at least 1", has: (value) => Number.isSafeInteger(value) && value >= 1 },
};

/** Checks settings that are numbers: each name with the range that it must lie in. */
export function checkNumbers<Names extends string>(
  where: string,
  options: Readonly<Record<Names, unknown>>,
  expected: Readonly<Record<Names, RangeName>>,
): void {
  for (const name of Object.keys(expected) as Names[]) {
    const range = ranges[expected[name]];
    const value = options[name];
    if (typeof value === "number" && range.has(value)) continue;
    throw rangeError(where, name, range.text, value);
  }
}

/** A number outside the range where the method means something. */
export function rangeError(where: string, name: string, expected: string, value: unknown): AdError {
  return new AdError({
    code: "domain",
    where,
    problem: `${name} out of range`,
    expected,
    got: String(value),
    remedy: "choose another",
    details: { name, value },
  });
}

/** Checks that a state is the record or the list that `init` gave. */
export function checkState(where: string, state: unknown, keys: readonly string[] | number): void {
  const found = typeof state === "object" && state !== null ? state : undefined;
  const isFitting =
    typeof keys === "number"
      ? Array.isArray(found) && found.length === keys
      : found !== undefined && keys.every((key) => Object.hasOwn(found, key));
  if (isFitting) return;
  const problem = "the state is not one of this optimizer";
  const expected = typeof keys === "number" ? `a list of ${keys}` : `{${keys.join(", ")}}`;
  const got = found === undefined ? String(state) : Array.isArray(found) ? `a list of ${found.length}` : keysOf(found);
  throw new AdError({ code: "data", where, problem, expected, got, remedy: "pass what init or the last update gave" });
}

const keysOf = (state: object): string => `{${Object.keys(state).join(", ")}}`;
