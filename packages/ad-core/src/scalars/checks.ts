// Lists of numbers that come from outside.
import { AdError } from "../errors/adError.ts";
import { shapeError } from "../errors/messages.ts";

/** Checks a list of numbers of known length. */
export function checkNumbers(where: string, what: string, list: ArrayLike<number>, length: number): void {
  if (typeof list?.length !== "number") throw notNumbers(where, what, "a list of numbers", typeof list);
  if (list.length !== length) {
    throw shapeError(where, `another number of ${what}`, `[${length}]`, [[list.length]], "pass one number for each");
  }
  if (ArrayBuffer.isView(list)) return;
  const at = Array.prototype.findIndex.call(list, (x) => typeof x !== "number");
  if (at >= 0) throw notNumbers(where, what, "numbers", `${typeof list[at]} at position ${at}`);
}

function notNumbers(where: string, what: string, expected: string, got: string): AdError {
  const problem = `${what} that are no numbers`;
  return new AdError({ code: "data", where, problem, expected, got, remedy: "pass a list of numbers" });
}
