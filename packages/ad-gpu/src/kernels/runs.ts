// Runs of elements that tie in rows, as text.
import type { Body } from "../text/body.ts";

/** The run at one place of a row in ascending order. */
export interface Run {
  /** The place at which it begins. */
  readonly start: string;
  /** How many elements tie. */
  readonly ties: string;
}

/** The run of a value in the row that begins at `row`: how many elements stand before it, and how many tie with it. */
export function runOf(body: Body, a: string, row: string, width: number, value: string): Run {
  const [start, ties] = [body.variable("0"), body.variable("0")];
  body.repeat(width, (i) => {
    const other = body.variable(`${a}[${row} + ${i}]`);
    body.if(
      `isTied(${other}, ${value}) > 0.5`,
      () => body.set(ties, `${ties} + 1`),
      () => body.if(`isBefore(${other}, ${value}) > 0.5`, () => body.set(start, `${start} + 1`)),
    );
  });
  return { start, ties };
}

/** How many elements before number `element` of the row tie with a value. */
export function rankInRun(body: Body, a: string, row: string, width: number, value: string, element: string): string {
  const rank = body.variable("0");
  body.repeat(width, (i) => {
    body.if(`${i} < ${element} && isTied(${a}[${row} + ${i}], ${value}) > 0.5`, () => body.set(rank, `${rank} + 1`));
  });
  return rank;
}

/** `(value - shift)` modulo `ties`, for a shift from 0 to `ties`. */
export function cyclic(body: Body, value: string, shift: string, ties: string): string {
  const result = body.variable(`${value} - ${shift}`);
  body.if(`${result} < 0`, () => body.set(result, `${result} + ${ties}`));
  body.if(`${result} >= ${ties}`, () => body.set(result, `${result} - ${ties}`));
  return result;
}
