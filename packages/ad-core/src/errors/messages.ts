// Constructors of the errors that several rooms throw, so that one sentence has one home.
import { AdError } from "./adError.ts";

type Sizes = readonly number[];

const brackets = (shapes: readonly Sizes[]): string => shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ");

/** Sizes that do not fit together. */
export function shapeError(
  where: string,
  problem: string,
  expected: string,
  got: readonly Sizes[],
  remedy: string,
): AdError {
  return new AdError({ code: "shape", where, problem, expected, got: brackets(got), remedy, details: { shapes: got } });
}

/** Number formats that do not fit together, or that an operation does not know. */
export function dtypeError(where: string, expected: string, got: readonly string[], remedy: string): AdError {
  const problem = got.length > 1 ? "dtypes differ" : "wrong dtype";
  return new AdError({
    code: "dtype",
    where,
    problem,
    expected,
    got: got.join(" and "),
    remedy,
    details: { dtypes: got },
  });
}

/** A number outside the range where the function means something. */
export function domainError(where: string, name: string, expected: string, got: unknown, remedy: string): AdError {
  const problem = `${name} out of range`;
  return new AdError({
    code: "domain",
    where,
    problem,
    expected,
    got: String(got),
    remedy,
    details: { name, value: got },
  });
}

/** A choice at a kink that is not one. */
export function selectionError(
  where: string,
  problem: string,
  expected: string,
  got: string,
  remedy: string,
  details: Readonly<Record<string, unknown>> = {},
): AdError {
  return new AdError({ code: "selection", where, problem, expected, got, remedy, details });
}

/** Refuses settings that a function does not know: a misspelt one would change nothing, in silence. */
export function checkSettings(where: string, settings: unknown, known: readonly string[]): void {
  const problem = "an unknown setting";
  const remedy = "check the spelling";
  if (typeof settings !== "object" || settings === null) {
    const [expected, got] = ["an object of settings", String(settings)];
    throw new AdError({ code: "domain", where, problem, expected, got, remedy });
  }
  const odd = Object.keys(settings).filter((key) => !known.includes(key));
  if (odd.length === 0) return;
  throw new AdError({ code: "domain", where, problem, expected: known.join(", "), got: odd.join(", "), remedy });
}
