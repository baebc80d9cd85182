/** How far a sweep is: jobs that are done, those that run, and the time that is left. */
import { idOf, type Job } from "./job.ts";

/** A job that runs. */
export interface RunningJob {
  readonly id: string;
  readonly kind: string;
  /** What it told last. */
  readonly done: number;
  readonly total: number;
  readonly note: string;
}

/** What a sweep tells while it goes on. */
export interface SweepProgress {
  /** Of all jobs of the manifest, those of earlier runs included. */
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  readonly running: readonly RunningJob[];
  /** From the pace of this run; null before there is one. */
  readonly secondsLeft: number | null;
}

/** Keeps count of a run. */
export class ProgressCount {
  readonly #total: number;
  readonly #before: number;
  readonly #now: () => number;
  readonly #begun: number;
  readonly #running = new Map<string, RunningJob>();
  #done = 0;
  #failed = 0;

  /** `total` jobs of which `before` are done already; `now` counts milliseconds. */
  constructor(total: number, before: number, now: () => number) {
    [this.#total, this.#before, this.#now, this.#begun] = [total, before, now, now()];
  }

  begin(job: Job): void {
    this.#running.set(idOf(job), { id: idOf(job), kind: job.kind, done: 0, total: 1, note: "" });
  }

  tell(job: Job, done: number, total: number, note = ""): void {
    const id = idOf(job);
    if (this.#running.has(id)) this.#running.set(id, { id, kind: job.kind, done, total, note });
  }

  end(job: Job, how: "done" | "failed" | "aborted"): void {
    this.#running.delete(idOf(job));
    if (how === "done") this.#done++;
    if (how === "failed") this.#failed++;
  }

  snapshot(): SweepProgress {
    const [done, failed, running] = [this.#before + this.#done, this.#failed, [...this.#running.values()]];
    return { done, failed, total: this.#total, running, secondsLeft: this.#secondsLeft() };
  }

  /** Parts of jobs count as parts. */
  #secondsLeft(): number | null {
    const parts = [...this.#running.values()].map(({ done, total }) => (total > 0 ? Math.min(1, done / total) : 0));
    const made = parts.reduce((sum, part) => sum + part, this.#done + this.#failed);
    const seconds = (this.#now() - this.#begun) / 1000;
    return made > 0 ? (seconds / made) * (this.#total - this.#before - made) : null;
  }
}
