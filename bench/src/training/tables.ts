/** Tables of things by name. */
import { AdError } from "@nonsmooth/ad-core";

/** The entry of a name. */
export function found<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name] as T;
  const expected = Object.keys(table).join(", ");
  const [problem, remedy] = [`no such ${what}`, "check the spelling"];
  throw new AdError({ code: "missing", where: "train", problem, expected, got: name, remedy });
}

/** Refuses settings that would change nothing, in silence. */
export function checkUnused(owner: string, given: readonly string[], known: readonly string[]): void {
  const odd = given.filter((name) => !known.includes(name));
  if (odd.length === 0) return;
  const [problem, expected] = [`${owner} has no ${odd.join(", ")}`, known.join(", ") || "no such setting"];
  throw new AdError({ code: "domain", where: "train", problem, expected, got: odd.join(", "), remedy: "leave it out" });
}
