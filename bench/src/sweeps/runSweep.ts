/** Runs the jobs of a manifest that are not done yet, several at a time, and keeps each result as it comes. */
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import type { Runner } from "./execute.ts";
import { idOf, type Job } from "./job.ts";
import type { Kinds } from "./kinds.ts";
import type { Manifest } from "./manifest.ts";
import { ProgressCount, type SweepProgress } from "./progress.ts";
import { runnerFor } from "./runner.ts";
import { SweepFolder } from "./sweepFolder.ts";

/** What a run of a sweep needs. */
export interface SweepOptions {
  readonly manifest: Manifest;
  readonly kinds: Kinds;
  readonly folder: string;
  /** Jobs at a time; {@link usualThreads} when absent. With 1 they run in this process. */
  readonly threads?: number;
  readonly onProgress?: (progress: SweepProgress) => void;
  /** Stops the sweep: no job is begun, those that run are aborted, what is done stays. */
  readonly signal?: AbortSignal;
  /** Milliseconds, for the time that is left alone. */
  readonly now?: () => number;
}

/** How a run ended. */
export interface SweepEnd {
  readonly status: "finished" | "stopped";
  readonly jobs: number;
  readonly done: number;
  /** Jobs that failed in this run. */
  readonly failed: number;
}

/** One thread for each core; one thread alone where jobs share a device. */
const usualThreads = (jobs: readonly Job[], kinds: Kinds): number =>
  jobs.some(({ kind, parameters }) => kinds.of(kind).sharesDevice?.(parameters)) ? 1 : availableParallelism();

/** A run that goes on. */
interface Running {
  readonly folder: SweepFolder;
  readonly count: ProgressCount;
  readonly runner: Runner;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly told: () => void;
}

/**
 * Makes what is missing. Result files depend on the manifest alone: not on threads, order, or interruptions.
 *
 * @throws AdError "data" when the folder holds another sweep, "missing" when a kind is unknown
 */
export async function runSweep(options: SweepOptions): Promise<SweepEnd> {
  const { manifest, kinds, signal = new AbortController().signal, now = () => performance.now() } = options;
  for (const { kind } of manifest.jobs) kinds.of(kind);
  const folder = new SweepFolder(options.folder);
  folder.begin(manifest);
  const missing = manifest.jobs.filter((job) => !folder.isDone(idOf(job)));
  const count = new ProgressCount(manifest.jobs.length, manifest.jobs.length - missing.length, now);
  const told = (): void => options.onProgress?.(count.snapshot());
  const threads = Math.min(options.threads ?? usualThreads(missing, kinds), Math.max(1, missing.length));
  const runner = await runnerFor(threads, kinds);
  try {
    await runAll(missing, { folder, count, runner, threads, signal, told });
  } finally {
    await runner.close();
    folder.gather(manifest);
  }
  const { total: jobs, done, failed } = count.snapshot();
  return { status: done + failed < jobs ? "stopped" : "finished", jobs, done, failed };
}

/** As many jobs at a time as there are threads, in the manifest's order. */
async function runAll(jobs: readonly Job[], running: Running): Promise<void> {
  const queue = jobs.values();
  const lane = async (): Promise<void> => {
    for (const job of queue) {
      if (running.signal.aborted) return;
      await runOne(job, running);
    }
  };
  running.told();
  await Promise.all(Array.from({ length: running.threads }, lane));
}

async function runOne(job: Job, { folder, count, runner, threads, signal, told }: Running): Promise<void> {
  count.begin(job);
  told();
  const progress = (done: number, total: number, note?: string): void => {
    count.tell(job, done, total, note);
    told();
  };
  const outcome = await runner.run(job, { signal, progress });
  if (outcome.status === "done") folder.keep(job, outcome.result, { seconds: outcome.seconds, threads });
  if (outcome.status === "failed") folder.fail(job, outcome.failure);
  count.end(job, outcome.status);
  told();
}
