// Running properties: fast-check, and a guard against properties that compare nothing.
import fc from "fast-check";
import { fail } from "./compare.ts";

/** How often a property is tried, and from which seed; fast-check's global settings when absent. */
export interface RunOptions {
  readonly seed?: number;
  readonly runs?: number;
}

/** What is said of a case: whether it could be compared at all. */
export type Verdict = "compared" | "skipped";

const settings = ({ seed, runs }: RunOptions): fc.Parameters<unknown> => ({
  includeErrorInReport: true,
  ...(seed === undefined ? {} : { seed }),
  ...(runs === undefined ? {} : { numRuns: runs }),
});

/**
 * Tries a statement on many cases. A statement that had nothing to compare in most cases has not been tested, which is
 * a failure too.
 */
export function forAll<T>(
  what: string,
  cases: fc.Arbitrary<T>,
  statement: (value: T) => Verdict,
  options: RunOptions = {},
): void {
  const seen = { compared: 0, skipped: 0 };
  fc.assert(
    fc.property(cases, (value) => {
      seen[statement(value)] += 1;
    }),
    settings(options),
  );
  const total = seen.compared + seen.skipped;
  if (total > 3 && seen.compared * 4 < total) {
    fail(`${what}: only ${seen.compared} of ${total} cases could be compared; keep the inputs inside the domain`);
  }
}
