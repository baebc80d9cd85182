/** Jobs: what a sweep is made of, and the names of their results. */
import { createHash } from "node:crypto";
import { canonicalJson } from "./canonicalJson.ts";

/** The settings of a job: everything that its result depends on, besides its kind. */
export type Parameters = Readonly<Record<string, number | string | boolean | null>>;

/** One unit of work. Jobs that are equal have equal results, to the byte. */
export interface Job {
  /** The name of a {@link JobKind}. */
  readonly kind: string;
  readonly parameters: Parameters;
}

/** What a job may ask of its surroundings, and tell them. */
export interface JobContext {
  /** Aborted when the sweep is being stopped: throw, or return if the end is near. */
  readonly signal: AbortSignal;
  /** Tells how far the job is; costs little. */
  readonly progress: (done: number, total: number, note?: string) => void;
}

/**
 * A sort of job. The result is a plain object with finite numbers, made of the parameters alone: no times, no hosts, no paths.
 * Jobs run beside each other, one for each core, so each should use one thread. A long job should yield now and then, or it
 * is only stopped together with its thread.
 */
export interface JobKind {
  readonly name: string;
  readonly run: (parameters: Parameters, context: JobContext) => Promise<object>;
  /** Whether a job computes on the one device that all jobs would share: none runs beside it unless the user says so. */
  readonly sharesDevice?: (parameters: Parameters) => boolean;
}

/** The name of a job's files: 16 hexadecimal digits of the SHA-256 of what it is. */
export function idOf({ kind, parameters }: Job): string {
  return createHash("sha256").update(canonicalJson({ kind, parameters })).digest("hex").slice(0, 16);
}
