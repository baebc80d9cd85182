/** What a sweep's folder has, without running anything. */
import type { Failure } from "./execute.ts";
import { idOf } from "./job.ts";
import { type Collected, SweepFolder } from "./sweepFolder.ts";

/** A job that failed when it was last tried. */
export interface FailedJob extends Failure {
  readonly id: string;
  readonly kind: string;
}

/** How far a sweep is. */
export interface SweepStatus {
  readonly study: string;
  readonly jobs: number;
  readonly done: number;
  readonly missing: number;
  /** Of those missing, the ones that failed. */
  readonly failed: readonly FailedJob[];
  /** Of all jobs that are done, one after the other. */
  readonly seconds: number;
}

/** How far the sweep in a folder is. */
export function statusOf(path: string): SweepStatus {
  const folder = new SweepFolder(path);
  const manifest = folder.manifest();
  const jobs = manifest.jobs.map((job) => ({ id: idOf(job), kind: job.kind }));
  const [done, missing] = [true, false].map((is) => jobs.filter(({ id }) => folder.isDone(id) === is)) as [
    typeof jobs,
    typeof jobs,
  ];
  const failed = missing.flatMap((job) => {
    const failure = folder.failure(job.id);
    return failure === null ? [] : [{ ...job, ...failure }];
  });
  const seconds = done.reduce((sum, { id }) => sum + (folder.times(id)?.seconds ?? 0), 0);
  const { study } = manifest;
  return { study, jobs: jobs.length, done: done.length, missing: missing.length, failed, seconds };
}

/** The results that are there, in the manifest's order, as JSON lines `{ id, kind, parameters, result }`. */
export function collectLines(path: string): string[] {
  const folder = new SweepFolder(path);
  return folder.manifest().jobs.flatMap((job) => folder.line(job) ?? []);
}

/** The same as data. */
export const collect = (path: string): Collected[] => collectLines(path).map((line) => JSON.parse(line) as Collected);
