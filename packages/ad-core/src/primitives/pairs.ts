// Settings that are one whole number for both image axes, or one for each.
import { domainError } from "../errors/messages.ts";

/** Rows and columns. */
export type Pair = readonly [number, number];

/** The setting for rows and columns, each at least `least`. */
export function pairOf(where: string, name: string, value: number | Pair, least: number): Pair {
  const pair: Pair = typeof value === "number" ? [value, value] : value;
  if (Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= least))
    return [pair[0], pair[1]];
  const expected = `a whole number from ${least} on, or two of them`;
  throw domainError(where, name, expected, JSON.stringify(value), "pass one number or [rows, columns]");
}
