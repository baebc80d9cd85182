/** One job run to its end, whatever that is, as plain data that can pass between threads. */
import { performance } from "node:perf_hooks";
import { AdError } from "@nonsmooth/ad-core";
import { canonicalJson } from "./canonicalJson.ts";
import type { Job, JobContext } from "./job.ts";
import type { Kinds } from "./kinds.ts";

/** What a job failed with. */
export interface Failure {
  /** Of an `AdError`; null for any other error, which is a mistake in the job's code. */
  readonly code: string | null;
  readonly message: string;
  /** Of an `AdError`: expected, got and further facts, as text. */
  readonly details: Readonly<Record<string, string>>;
}

/** How a job ended. */
export type Outcome =
  | { readonly status: "done"; readonly result: string; readonly seconds: number }
  | { readonly status: "failed"; readonly failure: Failure }
  | { readonly status: "aborted" };

/** Runs jobs, several at a time if it can. */
export interface Runner {
  readonly run: (job: Job, context: JobContext) => Promise<Outcome>;
  /** Ends the threads. */
  readonly close: () => Promise<void>;
}

/** Runs a job. An error is an outcome; one that comes after the abort is that of the abort. */
export async function execute(job: Job, context: JobContext, kinds: Kinds): Promise<Outcome> {
  const begun = performance.now();
  try {
    const result = canonicalJson(await kinds.of(job.kind).run(job.parameters, context), "the result");
    return { status: "done", result, seconds: (performance.now() - begun) / 1000 };
  } catch (error) {
    return context.signal.aborted ? { status: "aborted" } : { status: "failed", failure: failureOf(error) };
  }
}

/** An error as data. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof AdError)) return { code: null, message: String(error), details: {} };
  const details = Object.entries(error.details).map(([name, value]) => [name, asText(value)]);
  return { code: error.code, message: error.message, details: Object.fromEntries(details) };
}

const asText = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing"));
