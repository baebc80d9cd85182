/** JSON that is the same text for the same data: sorted names, no spaces, nothing left out in silence. */
import { AdError } from "@nonsmooth/ad-core";

/**
 * The one text of some data.
 *
 * @throws AdError "data" for what JSON would change or leave out: numbers that are not finite, undefined, functions, classes
 * @example
 * canonicalJson({ b: [1, null], a: "x" }) // {"a":"x","b":[1,null]}
 */
export function canonicalJson(value: unknown, at = "the value"): string {
  if (Array.isArray(value)) return `[${value.map((entry, i) => canonicalJson(entry, `${at}[${i}]`)).join(",")}]`;
  if (isPlain(value)) {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name], `${at}.${name}`)}`).join(",")}}`;
  }
  if (value === null || typeof value === "string" || typeof value === "boolean" || isFiniteNumber(value))
    return JSON.stringify(value);
  throw notJson(value, at);
}

const isFiniteNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  return [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

function notJson(value: unknown, at: string): AdError {
  const [problem, expected] = [`${at} is not JSON`, "finite numbers, texts, booleans, null, lists, plain objects"];
  const got = typeof value === "object" ? (value?.constructor?.name ?? "an object") : String(value);
  const remedy = "write it as one of these, such as null for NaN";
  return new AdError({ code: "data", where: "json", problem, expected, got, remedy, details: { at } });
}
