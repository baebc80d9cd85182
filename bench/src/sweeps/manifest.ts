/** Manifests: which jobs a sweep has, in which order. */
import { AdError } from "@nonsmooth/ad-core";
import { canonicalJson } from "./canonicalJson.ts";
import { idOf, type Job } from "./job.ts";

/** The first field of every manifest. */
export const manifestSchema = "nonsmooth.sweep/1";

/** A sweep, as plain data. */
export interface Manifest {
  readonly schema: typeof manifestSchema;
  /** The name of a study; a report is chosen by it. */
  readonly study: string;
  readonly jobs: readonly Job[];
  /** What the study was planned with, for its readers; no job sees it. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A manifest of jobs; a job may come once. */
export function manifestOf(study: string, jobs: readonly Job[], settings: Manifest["settings"] = {}): Manifest {
  return checkManifest({ schema: manifestSchema, study, jobs, settings }, "manifest");
}

/** Data from a file as a manifest. */
export function checkManifest(data: unknown, where: string): Manifest {
  const manifest = data as Manifest;
  if (manifest?.schema !== manifestSchema) throw bad(where, "another schema", manifestSchema, text(manifest?.schema));
  const { study, jobs, settings } = manifest;
  if (typeof study !== "string" || study === "") throw bad(where, "no study", "the name of a study", text(study));
  if (!Array.isArray(jobs) || jobs.length === 0) throw bad(where, "no jobs", "a list of jobs", text(jobs));
  for (const job of jobs) checkJob(job, where);
  checkOnce(jobs, where);
  canonicalJson(settings, `${where}: settings`);
  return manifest;
}

function checkJob(job: Job, where: string): void {
  const [expected, got] = ["{ kind, parameters }", text(job)];
  const isNamed = typeof job?.kind === "string" && Object.keys(job).length === 2;
  if (!isNamed || typeof job.parameters !== "object") throw bad(where, "not a job", expected, got);
  const values = Object.values(job.parameters);
  if (values.every((value) => value === null || ["number", "string", "boolean"].includes(typeof value))) return;
  throw bad(where, "parameters are nested", "numbers, texts, booleans and null", got);
}

function checkOnce(jobs: readonly Job[], where: string): void {
  const seen = new Set<string>();
  for (const job of jobs) {
    const id = idOf(job);
    if (seen.has(id)) throw bad(where, "a job comes twice", "each job once", text(job));
    seen.add(id);
  }
}

const text = (value: unknown): string => JSON.stringify(value) ?? "nothing";

function bad(where: string, problem: string, expected: string, got: string): AdError {
  return new AdError({ code: "data", where, problem, expected, got, remedy: "write the manifest again" });
}
