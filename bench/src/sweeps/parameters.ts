/** Parameters of jobs, read and checked: nothing missing, nothing more, each in its range. */
import { AdError } from "@nonsmooth/ad-core";
import type { Parameters } from "./job.ts";

/** Reads one parameter; throws when it is not what it should be. */
export type Read<T> = (value: unknown) => { readonly ok: T } | { readonly expected: string };

/** A whole number of at least `least`. */
export const whole =
  (least: number): Read<number> =>
  (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least
      ? { ok: value }
      : { expected: `a whole number of at least ${least}` };

/** Any finite number. */
export const real: Read<number> = (value) =>
  typeof value === "number" && Number.isFinite(value) ? { ok: value } : { expected: "a number" };

/** One of some texts. */
export const oneOf =
  <const T extends string>(names: readonly T[]): Read<T> =>
  (value) => {
    const found = names.find((name) => name === value);
    return found === undefined ? { expected: `one of ${names.join(", ")}` } : { ok: found };
  };

/** Any text, also none. */
export const anyText: Read<string> = (value) => (typeof value === "string" ? { ok: value } : { expected: "a text" });

/** Any text but the empty one. */
export const text: Read<string> = (value) =>
  typeof value === "string" && value !== "" ? { ok: value } : { expected: "a text that is not empty" };

/** True or false. */
export const condition: Read<boolean> = (value) =>
  typeof value === "boolean" ? { ok: value } : { expected: "true or false" };

/** What another reader reads, or null. */
export const orNull =
  <T>(read: Read<T>): Read<T | null> =>
  (value) => {
    if (value === null) return { ok: null };
    const found = read(value);
    return "ok" in found ? found : { expected: `${found.expected}, or null` };
  };

/** What a table of readers gives. */
export type ReadBy<R> = { readonly [K in keyof R]: R[K] extends Read<infer T> ? T : never };

/**
 * All parameters of a kind, by a table that says how each is read.
 *
 * @throws AdError "domain" for a parameter that is missing, out of its range, or not in the table
 * @example
 * readParameters("volume", { seed: 1 }, { seed: whole(0) }) // { seed: 1 }
 */
export function readParameters<R extends Readonly<Record<string, Read<unknown>>>>(
  where: string,
  parameters: Parameters,
  readers: R,
): ReadBy<R> {
  const unknown = Object.keys(parameters).find((name) => !Object.hasOwn(readers, name));
  if (unknown !== undefined) throw bad(where, unknown, `one of ${Object.keys(readers).join(", ")}`, unknown);
  const read = Object.entries(readers).map(([name, reader]) => {
    const found = reader(parameters[name]);
    if ("ok" in found) return [name, found.ok];
    throw bad(where, name, found.expected, JSON.stringify(parameters[name]) ?? "nothing");
  });
  return Object.fromEntries(read) as ReadBy<R>;
}

function bad(where: string, name: string, expected: string, got: string): AdError {
  const problem = `bad parameter ${name}`;
  return new AdError({
    code: "domain",
    where,
    problem,
    expected,
    got,
    remedy: "plan the job again",
    details: { name },
  });
}
