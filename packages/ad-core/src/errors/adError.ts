/** What kind of mistake an {@link AdError} reports. Tests and programs match on it. */
export type AdErrorCode =
  | "shape"
  | "dtype"
  | "selection"
  | "domain"
  | "guard"
  | "parse"
  | "data"
  | "escaped"
  | "missing"
  | "unsupported"
  | "backend";

/** The parts of an error: data before it is a sentence. */
export interface AdErrorParts {
  readonly code: AdErrorCode;
  /** The function that the caller wrote, such as `"maxPool2d"`. */
  readonly where: string;
  readonly problem: string;
  readonly expected: string;
  readonly got: string;
  readonly remedy: string;
  /** Further facts a program may want. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Every error that the engine throws on purpose: `where: problem: expected this, got that; remedy`.
 *
 * Match `code` and `details`, never the sentence. `details` always holds `expected` and `got`.
 *
 * @example
 * new AdError({ code: "shape", where: "add", problem: "operands differ", expected: "[2]", got: "[3]", remedy: "reshape one" }).message // "add: operands differ: expected [2], got [3]; reshape one"
 */
export class AdError extends Error {
  readonly code: AdErrorCode;
  readonly where: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(parts: AdErrorParts) {
    super(`${parts.where}: ${parts.problem}: expected ${parts.expected}, got ${parts.got}; ${parts.remedy}`);
    this.name = "AdError";
    this.code = parts.code;
    this.where = parts.where;
    this.details = { expected: parts.expected, got: parts.got, ...parts.details };
  }
}

/** A broken invariant of the engine itself: never the caller's fault, so the sentence asks for a report. */
export function internal(statement: string): never {
  throw new Error(`internal: ${statement}; please report this with the program that caused it`);
}
