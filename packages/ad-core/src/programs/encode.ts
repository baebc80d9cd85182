// Settings of operations as JSON, with the numbers that JSON lacks.
import { AdError } from "../errors/adError.ts";

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const special = new Map<string, number>([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

const nameOf = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** What stands for a number that JSON lacks. */
const standsForNumber = (value: object): boolean => {
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === "number" && typeof (value as { number: unknown }).number === "string";
};

/** Settings as JSON: `NaN`, infinities and -0 become `{ "number": name }`. Fields without value are left out. */
export function encode(where: string, value: unknown): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return special.has(nameOf(value)) ? { number: nameOf(value) } : value;
  if (Array.isArray(value)) return value.map((part) => encode(where, part));
  if (typeof value === "object" && !ArrayBuffer.isView(value) && !standsForNumber(value)) {
    const present = Object.entries(value).filter(([, part]) => part !== undefined);
    return Object.fromEntries(present.map(([key, part]) => [key, encode(where, part)]));
  }
  const remedy = "keep settings to numbers, strings, booleans, lists and plain objects";
  const expected = "settings that can be written down";
  throw new AdError({
    code: "unsupported",
    where,
    problem: "a setting cannot be recorded",
    expected,
    got: typeof value,
    remedy,
  });
}

/** Undoes {@link encode}; throws for a number that has no such name. */
export function decode(value: Json): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== "object" || value === null) return value;
  if (standsForNumber(value)) {
    const { number } = value as { readonly number: string };
    if (special.has(number)) return special.get(number);
    throw new Error(`no number is called ${number}`);
  }
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, decode(part as Json)]));
}
