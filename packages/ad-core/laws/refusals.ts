// What tests of wrong input share: provoking an error, and reading it as data.
import { expect, test } from "vitest";
import { AdError } from "../src/errors/adError.ts";

/** A value that the types forbid, as JavaScript callers may pass it. */
export const wrong = (value: unknown): never => value as never;

/** The error that a body throws on purpose; any other error passes, and throwing nothing is one too. */
export function errorOf(body: () => unknown): AdError {
  try {
    body();
  } catch (error) {
    if (error instanceof AdError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** A wrong call: what it says, the function that must refuse it, the call, and facts that the error must hold. */
export type Refusal = readonly [says: string, where: string, body: () => unknown, details?: Record<string, unknown>];

/** One test for each call: the error has this code, this place and these details. */
export function refuses(code: AdError["code"], cases: readonly Refusal[]): void {
  const whole = cases.map(([says, where, body, details = {}]) => [says, where, body, details] as const);
  test.each(whole)("%s", (_says, where, body, details) => {
    const error = errorOf(body);
    expect({ code: error.code, where: error.where }).toEqual({ code, where });
    expect(error.details).toMatchObject(details);
  });
}
