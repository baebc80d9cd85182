/** What a command writes to, and how it says that a check failed. */

/** Where a command writes: results to `write`, everything else to `warn`. */
export interface Output {
  readonly write: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Whether `write` may use colours. */
  readonly colours: boolean;
}

/** A check that a command makes has failed: exit code 1. The results have been written. */
export class CheckFailed extends Error {}

/** Something that is required is not there: exit code 3. The results have been written. */
export class RequirementMissing extends Error {}

/** The user stopped a job that can be gone on with: exit code 130. What was done is kept. */
export class Interrupted extends Error {}
