/** Settings of programs, checked: what a program has no use for is refused, and sizes are whole. */
import { AdError } from "@nonsmooth/ad-core";
import type { ProgramOptions } from "./types.ts";

/** The settings that only some programs have. */
type Special = "inputs" | "batch" | "dataFolder";

const special: readonly Special[] = ["inputs", "batch", "dataFolder"];

/** Refuses the settings that would change nothing, in silence. */
export function checkSettings(where: string, options: ProgramOptions, known: readonly Special[]): void {
  for (const name of special) {
    if (options[name] === undefined || known.includes(name)) continue;
    throw new AdError({
      code: "domain",
      where,
      problem: `this program has no ${name}`,
      expected: known.length === 0 ? "no such setting" : known.join(", "),
      got: `${name} = ${options[name]}`,
      remedy: "leave it out, or choose another program",
      details: { name, value: options[name] },
    });
  }
}

/** The size of a program: whole, and at least `least`. */
export function sizeOf(where: string, name: Special, value: number, least = 1): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new AdError({
    code: "domain",
    where,
    problem: `${name} out of range`,
    expected: `a whole number of at least ${least}`,
    got: String(value),
    remedy: "choose another",
    details: { name, value },
  });
}
